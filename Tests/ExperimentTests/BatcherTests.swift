import Synchronization
import Testing
import ValenceCore

@testable import ValenceData
@testable import ValenceTraining

@Suite("Batches and the pool of trials")
struct BatcherTests {
  @Test("an epoch has each clip exactly once, in as many batches as promised")
  func eachOnce() {
    var random = RandomStream(seed: 1, "sizes")
    for turn in 0..<200 {
      let count = 1 + random.below(300)
      let batch = 1 + random.below(40)
      let batcher = Batcher(frames: (0..<count).map { _ in 1 + random.below(9) }, batch: batch)
      var order = RandomStream(seed: UInt64(turn), "order")
      let batches = batcher.epoch(&order)
      #expect(batches.count == batcher.batches, "\(count) clips, batch \(batch)")
      #expect(
        batches.flatMap(\.self).sorted() == Array(0..<count), "\(count) clips, batch \(batch)")
      #expect(batches.allSatisfy { (1...batch).contains($0.count) })
      #expect(batches.count { $0.count < batch } <= 1)
    }
  }

  @Test("the same seed gives the same epochs, another seed others; no two epochs are alike")
  func seeded() {
    let batcher = Batcher(frames: (0..<100).map { $0 % 13 }, batch: 8)
    func epochs(_ seed: UInt64) -> [[[Int]]] {
      var random = RandomStream(seed: seed, "order")
      return (0..<3).map { _ in batcher.epoch(&random) }
    }
    #expect(epochs(1) == epochs(1))
    #expect(epochs(1) != epochs(2))
    #expect(Set(epochs(1)).count == 3)
  }

  @Test("batches of clips of like length waste less padding than batches in any order")
  func padding() {
    var random = RandomStream(seed: 4, "lengths")
    let frames = (0..<512).map { _ in 20 + random.below(280) }
    func padded(_ batches: [[Int]]) -> Int {
      batches.reduce(0) { $0 + $1.count * ($1.map { frames[$0] }.max() ?? 0) }
    }
    let batcher = Batcher(frames: frames, batch: 16)
    let shuffled = random.shuffled(Array(frames.indices))
    let plain = stride(from: 0, to: 512, by: 16).map { Array(shuffled[$0..<$0 + 16]) }
    #expect(padded(batcher.epoch(&random)) < padded(plain) * 85 / 100)
  }

  @Test("results stand in the order of the items, whoever finished first; nil is a result")
  func poolOrder() {
    for jobs in [1, 2, 4, 9] {
      let running = Mutex((now: 0, most: 0))
      let results = OrderedPool(jobs: jobs).map(Array(0..<50)) { item -> Int? in
        running.withLock { state in
          state.now += 1
          state.most = max(state.most, state.now)
        }
        // Early items take longer, so that they finish late.
        let work = (0..<(50 - item) * 200).reduce(0) { $0 &+ $1 }
        running.withLock { $0.now -= 1 }
        return item.isMultiple(of: 3) ? nil : item + (work &- work)
      }
      #expect(results == (0..<50).map { $0.isMultiple(of: 3) ? nil : $0 })
      #expect(running.withLock(\.most) <= jobs)
    }
    #expect(OrderedPool(jobs: 3).map([Int]()) { $0 } == [])
  }
}
