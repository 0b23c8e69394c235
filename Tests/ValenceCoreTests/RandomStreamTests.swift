import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@Suite("Random streams")
struct RandomStreamTests {
  private struct Reference: Decodable {
    var seed: String
    var names: [String]
    var bits: [String]
    var uniform: [Double]
    var normal: [Double]
    var below: [Int]
    var shuffled: [Int]
  }

  private func stream(_ reference: Reference) throws -> RandomStream {
    let seed = try #require(UInt64(reference.seed))
    return switch reference.names.count {
    case 0: RandomStream(seed: seed)
    case 1: RandomStream(seed: seed, reference.names[0])
    default: RandomStream(seed: seed, reference.names[0], reference.names[1])
    }
  }

  @Test("a stream is xoshiro256** from the digest of seed and names, bit by bit")
  func parity() throws {
    let url = Fixture(.module).folder.appending(path: "random/streams.json")
    let references = try JSONDecoder().decode([Reference].self, from: Data(contentsOf: url))
    #expect(references.count == 4)
    for reference in references {
      var bits = try stream(reference)
      #expect((0..<8).map { _ in "\(bits.next())" } == reference.bits)
      var uniform = try stream(reference)
      #expect((0..<8).map { _ in uniform.uniform() } == reference.uniform)
      // The logarithm and the cosine are the C library's, which may differ in the last bits.
      var normal = try stream(reference)
      for expected in reference.normal { #expect(abs(normal.normal() - expected) < 1e-14) }
      #expect(reference.normal.count == 8 && reference.below.count == 8)
      var below = try stream(reference)
      #expect((1...8).map { below.below($0 * $0 * $0) } == reference.below)
      var shuffled = try stream(reference)
      #expect(shuffled.shuffled(Array(0..<20)) == reference.shuffled)
    }
  }

  @Test("streams of other seeds, names or orders of names differ")
  func independence() {
    var streams = [
      RandomStream(seed: 1, "a"), RandomStream(seed: 2, "a"), RandomStream(seed: 1, "b"),
      RandomStream(seed: 1, "a", "b"), RandomStream(seed: 1, "b", "a"), RandomStream(seed: 1),
      RandomStream(seed: 1, "ab"),
    ]
    let first = streams.indices.map { streams[$0].next() }
    #expect(Set(first).count == streams.count)
  }

  @Test("uniform and normal numbers have the moments of their distributions")
  func moments() {
    var random = RandomStream(seed: 5, "moments")
    let n = 40_000
    let uniform = (0..<n).map { _ in random.uniform() }
    let normal = (0..<n).map { _ in random.normal() }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(n) }
    // Five standard errors of each moment.
    #expect(abs(mean(uniform) - 0.5) < 5 * (1.0 / 12 / Double(n)).squareRoot())
    #expect(abs(mean(normal)) < 5 / Double(n).squareRoot())
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 5 * (2 / Double(n)).squareRoot())
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    #expect(normal.allSatisfy { $0.isFinite })
  }

  @Test("below(n) stays below n and reaches every number about equally often")
  func below() {
    var random = RandomStream(seed: 6, "below")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[random.below(7)] += 1 }
    // Five standard deviations of a binomial count.
    #expect(counts.allSatisfy { abs($0 - 1000) < 147 })
    #expect((0..<100).allSatisfy { _ in random.below(1) == 0 })
  }

  @Test("shuffling keeps every element")
  func shuffling() {
    var random = RandomStream(seed: 7, "shuffle")
    for count in [0, 1, 2, 33] {
      let all = Array(0..<count)
      #expect(random.shuffled(all).sorted() == all)
    }
  }
}
