import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Classifiers of corpora whose gradient is turned round")
struct ReversalTests {
  private static let corpora = [0, 1, 1, 0]

  private func reversed(
    _ join: NetworkInput.Join, weight: Double, threads: Int = 2
  ) throws -> (network: Network, reversal: GradientReversal, loss: Double) {
    let joined = try JoinedNetwork(join, threads: threads)
    joined.network.fillHashed()
    let reversal = GradientReversal(on: joined.network, counts: [10, 30], maxClips: 4, seed: 1)
    for entry in reversal.layout.entries {
      let fanIn = Float(entry.shape.dropFirst().reduce(1, *))
      let scale = entry.shape.count > 1 ? 1 / fanIn.squareRoot() : 0.1
      entry.store(hashed(entry.name, entry.range.count, scale: scale), in: reversal.parameters)
    }
    reversal.weight = weight
    joined.network.reversal = reversal
    var targets = BatchTargets(joined.targets)
    targets.corpora = Self.corpora
    let loss = joined.network.forwardBackward(
      inputs: joined.inputs, batch: joined.batch, targets: targets, loss: joined.loss, step: 0)
    return (joined.network, reversal, loss)
  }

  @Test(
    "have PyTorch's loss and gradients, and so has the network below",
    arguments: [(NetworkInput.Join.gated, "gated"), (.late, "late")])
  func equalsPyTorch(join: NetworkInput.Join, name: String) throws {
    let arrays = try Fixture(.module).arrays("network/reversal_\(name).safetensors")
    func expect(_ ours: [Float], equal key: String, _ tolerance: Double) throws {
      let far = Deviation(ours, from: try #require(arrays[key]).values, tolerance: tolerance)
      #expect(far.isWithin, "\(key): \(far)")
    }
    let (network, reversal, loss) = try reversed(join, weight: 0.6)
    try expect([Float(loss)], equal: "loss", 1e-5)
    try expect([Float(reversal.lastLoss)], equal: "corpora", 1e-5)
    let own = network.layout.arrays(of: network.gradients)
    let added = reversal.layout.arrays(of: reversal.gradients)
    for (key, array) in own.merging(added, uniquingKeysWith: { first, _ in first }) {
      try expect(array.values, equal: "gradient.\(key)", 1e-4)
    }
    #expect(arrays.keys.count { $0.hasPrefix("gradient.") } == own.count + added.count)
  }

  @Test(
    "leave the network as it is where nothing is turned round",
    arguments: NetworkInput.Join.allCases)
  func nothing(join: NetworkInput.Join) throws {
    let joined = try JoinedNetwork(join, threads: 1)
    joined.network.fillHashed()
    let loss = joined.step()
    let without = joined.network.gradients.array
    let (network, _, same) = try reversed(join, weight: 0, threads: 1)
    #expect(loss == same)
    #expect(network.gradients.array == without)
  }

  @Test("train to the same bits on 1, 2 and 4 threads")
  func threads() throws {
    let results = try [1, 2, 4].map { threads in
      let (network, reversal, _) = try reversed(.late, weight: 1, threads: threads)
      return network.gradients.array + reversal.gradients.array
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test("count from nothing to all, along the authors' sigmoid")
  func schedule() {
    #expect(GradientReversal.weight(0.5, after: 0) == 0)
    #expect(abs(GradientReversal.weight(1, after: 0.5) - 0.9866142981514305) < 1e-12)
    #expect(GradientReversal.weight(2, after: 1) > 1.999)
  }
}
