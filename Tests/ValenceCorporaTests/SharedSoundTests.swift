import Testing
import ValenceCore

@testable import ValenceCorpora

@Suite("The same sound in several utterances")
struct SharedSoundTests {
  private func sound(
    _ file: String, _ span: ClosedRange<Double>? = nil, samples: String? = nil
  ) -> SharedSound.Sound {
    .init(file: Digest(of: file), span: span, samples: samples.map { Digest(of: $0) })
  }

  @Test("nothing is shared by files of different content, nor by spans that follow one another")
  func nothing() {
    let shared = SharedSound([
      sound("a", samples: "x"), sound("b", samples: "y"), sound("b2"), sound("c", 0...1),
      sound("c", 1...2), sound("c", 3...4), .init(file: nil), .init(file: nil),
      .init(file: nil, samples: Digest(of: "x")),
    ])
    #expect(shared.isEmpty)
    #expect(shared.crossing([0, 1, 2, 3], [4, 5, 6, 7, 8]) == .init())
    #expect(shared.repeated(in: 0..<9).isEmpty)
    #expect(shared.overlapping(in: 0..<9).isEmpty)
  }

  @Test(
    "equal bytes, equal samples, and a span of the whole are shared; what is one copy's is all copies'"
  )
  func equals() {
    let shared = SharedSound([
      sound("a", samples: "x"), sound("packed", samples: "x"), sound("a"), sound("a", 2...3),
      sound("other", samples: "z"), sound("packed", 5...6),
    ])
    #expect(shared.crossing([0], [1, 2, 3, 4, 5]).second == [1, 2, 3, 5])
    #expect(shared.crossing([3], [0, 1, 2, 4, 5]).second == [0, 1, 2])
    #expect(shared.crossing([1], [3, 4]) == .init(first: [1], second: [3], partners: [1]))
    #expect(shared.repeated(in: 0..<6) == [[0, 1, 2]])
    #expect(shared.overlapping(in: 0..<6) == [0, 1, 2, 3, 5])
    #expect(shared.areEqual(0, 2) && !shared.areEqual(0, 3) && !shared.areEqual(4, 4))
  }

  @Test("an utterance that is on both sides shares itself, though nothing else is like it")
  func itself() {
    let shared = SharedSound([sound("a"), sound("a"), sound("b")])
    #expect(shared.crossing([0], [0]).second == [0])
  }

  @Test("overlaps are found among all spans as comparing each with each finds them")
  func property() {
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomStream(seed: seed, "spans")
      func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
      let sounds = (0..<(1 + number(14))).map { index -> SharedSound.Sound in
        let start = Double(number(12))
        let span = number(6) == 0 ? nil : start...(start + Double(1 + number(4)))
        return sound("\(number(3))", span, samples: number(4) == 0 ? "s\(number(3))" : nil)
      }
      let shared = SharedSound(sounds)
      // The definition: equal files and spans or equal samples, and whatever follows from these.
      var groups = Array(sounds.indices)
      func same(_ a: Int, _ b: Int) -> Bool {
        (sounds[a].file == sounds[b].file && sounds[a].span == sounds[b].span)
          || (sounds[a].samples != nil && sounds[a].samples == sounds[b].samples)
      }
      for _ in sounds {
        for a in sounds.indices {
          for b in sounds.indices where same(a, b) {
            groups[a] = min(groups[a], groups[b])
            groups[b] = groups[a]
          }
        }
      }
      func meets(_ a: Int, _ b: Int) -> Bool {
        let (one, other) = (sounds[a].span ?? 0...(.infinity), sounds[b].span ?? 0...(.infinity))
        return sounds[a].file == sounds[b].file && one.lowerBound < other.upperBound
          && other.lowerBound < one.upperBound
      }
      func shares(_ a: Int, _ b: Int) -> Bool {
        groups[a] == groups[b]
          || sounds.indices.contains { c in
            groups[c] == groups[a]
              && sounds.indices.contains { groups[$0] == groups[b] && meets(c, $0) }
          }
      }
      let first = sounds.indices.filter { _ in number(2) == 0 }
      let second = sounds.indices.filter { !first.contains($0) }
      let crossing = shared.crossing(first, second)
      #expect(crossing.second == second.filter { b in first.contains { shares($0, b) } })
      #expect(crossing.first == first.filter { a in second.contains { shares(a, $0) } })
      for (b, a) in zip(crossing.second, crossing.partners) {
        #expect(first.contains(a) && shares(a, b), "seed \(seed)")
      }
      let overlapping = first.filter { a in
        first.contains { shares(a, $0) && groups[a] != groups[$0] }
      }
      #expect(shared.overlapping(in: first) == overlapping, "seed \(seed)")
    }
  }

  @Test("a hundred thousand different files and a million spans are compared in little time")
  func many() {
    let clock = ContinuousClock()
    let files = (0..<100_000).map { sound("\($0)", samples: "samples \($0)") }
    let spans = (0..<2000).flatMap { file in
      let digest = Digest(of: "long \(file)")
      return (0..<50).map { SharedSound.Sound(file: digest, span: Double($0)...Double($0 + 1)) }
    }
    let began = clock.now
    let shared = SharedSound(files + spans)
    #expect(shared.isEmpty)
    // Far more than it takes, which is what a comparison of each with each would need a thousand times.
    #expect(clock.now - began < .seconds(60))
  }
}
