import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// Three branches of a hashed batch of ragged clips, which meet in one way or another.
struct JoinedNetwork {
  static let lengths = [29, 8, 17, 24]
  static let branches = [("mel", 12), ("mfcc", 9), ("prosody", 4)].map {
    NetworkInput.Branch(name: $0.0, channels: 1, bins: $0.1)
  }
  static func model(dropout: Double = 0) -> ModelOptions {
    var model = ModelOptions()
    (model.cnn.channels, model.cnn.pool, model.cnn.dropout) = ([4, 6], [2, 2], dropout)
    var rnn = RNNOptions()
    rnn.hidden = 5
    model.rnn = rnn
    (model.head.hidden, model.head.dropout) = ([7], dropout)
    return model
  }

  let network: Network
  let inputs: [Floats]
  let batch = BatchShape(frames: lengths)
  let targets = [0, 2, 1, 0]
  let loss = CrossEntropy(weights: [1, 1, 1], labelSmoothing: 0.1)

  init(_ join: NetworkInput.Join, dropout: Double = 0, threads: Int = 1) throws {
    let frames = Self.lengths[0]
    let shape = try NetworkShape(
      model: Self.model(dropout: dropout),
      input: NetworkInput(branches: Self.branches, frames: frames, join: join), classes: 3)
    network = Network(shape, maxClips: 4, seed: 5, workers: Workers(threads: threads))
    inputs = Self.branches.map { branch in
      let input = Floats(
        hashed("input \(branch.name)", Self.lengths.count * frames * branch.bins, scale: 1.7))
      for (clip, length) in Self.lengths.enumerated() {
        input[(clip * frames + length) * branch.bins..<(clip + 1) * frames * branch.bins].fill(0)
      }
      return input
    }
  }

  func step(_ seed: UInt64 = 0) -> Double {
    network.forwardBackward(
      inputs: inputs, batch: batch, targets: BatchTargets(targets), loss: loss, step: seed)
  }
}

@Suite("Branches that meet by gates or at the end")
struct JoinTests {
  @Test(
    "have PyTorch's loss, logits and every gradient, over clips of any length",
    arguments: [(NetworkInput.Join.gated, "gated"), (.late, "late")])
  func equalsPyTorch(join: NetworkInput.Join, name: String) throws {
    let arrays = try Fixture(.module).arrays("network/join_\(name).safetensors")
    func expect(_ ours: [Float], equal key: String, _ tolerance: Double) throws {
      let far = Deviation(ours, from: try #require(arrays[key]).values, tolerance: tolerance)
      #expect(far.isWithin, "\(key): \(far)")
    }
    let joined = try JoinedNetwork(join, threads: 2)
    joined.network.fillHashed()
    let network = joined.network
    try expect([Float(joined.step())], equal: "loss", 1e-5)
    try expect(network.lastLogits(clips: 4), equal: "logits", 5e-5)
    for (key, array) in network.layout.arrays(of: network.gradients) {
      // Of `score.bias`, 1e-6 in size, PyTorch's own single precision is off by up to 9e-5.
      try expect(array.values, equal: "gradient.\(key)", 1e-4)
    }
    let gradients = arrays.keys.filter { $0.hasPrefix("gradient.") }
    #expect(gradients.count == network.layout.entries.count)
    for (key, array) in network.statisticsLayout.arrays(of: network.statistics) {
      try expect(array.values, equal: "statistics.\(key)", 5e-5)
    }
    try expect(
      network.logits(inputs: joined.inputs, batch: joined.batch), equal: "inferred", 5e-5)
  }

  @Test("train to the same bits on 1, 2 and 4 threads", arguments: NetworkInput.Join.allCases)
  func threads(join: NetworkInput.Join) throws {
    let results = try [1, 2, 4].map { threads -> [Float] in
      let joined = try JoinedNetwork(join, dropout: 0.2, threads: threads)
      let loss = Float(joined.step(7))
      return [loss] + joined.network.gradients.array + joined.network.statistics.array
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("cost what their shapes say", arguments: NetworkInput.Join.allCases)
  func cost(join: NetworkInput.Join) throws {
    let network = try JoinedNetwork(join).network
    #expect(network.shape.cost.parameters == network.layout.parameterCount)
    #expect(network.shape.steps == 7 && network.shape.minimumFrames == 4)
  }

  @Test("have their layers spelled out")
  func rows() throws {
    func names(_ join: NetworkInput.Join, _ from: Int) throws -> [String] {
      try JoinedNetwork(join).network.shape.layers.dropFirst(from).map {
        "\($0.name): \($0.output)"
      }
    }
    let (gated, late) = (try names(.gated, 21), try names(.late, 22))
    #expect(
      gated == [
        "gates: 7 × 6", "rnn 1: 7 × 10", "attention: 10", "dense 1: 7", "classes: 3",
      ])
    #expect(
      late == [
        "prosody input: 1 × 29 × 4", "prosody convolution 1: 4 × 29 × 4",
        "prosody batch norm 1: 4 × 29 × 4", "prosody pool 1: 4 × 14 × 2",
        "prosody convolution 2: 6 × 14 × 2", "prosody batch norm 2: 6 × 14 × 2",
        "prosody pool 2: 6 × 7 × 1", "prosody rnn 1: 7 × 10", "prosody attention: 10",
        "prosody dense 1: 7", "prosody classes: 3", "mean of logits: 3",
      ])
  }

  @Test("that do not fit are refused by name", arguments: NetworkInput.Join.allCases)
  func misfit(join: NetworkInput.Join) {
    var model = JoinedNetwork.model()
    (model.cnn.channels, model.cnn.pool) = ([4, 6, 6], [2, 2, 2])
    let error = #expect(throws: ShapeError.self) {
      _ = try NetworkShape(
        model: model,
        input: NetworkInput(branches: JoinedNetwork.branches, frames: 29, join: join), classes: 3)
    }
    #expect(
      error?.description == "pool: prosody block 3 pools 2 × 2 but its input has only "
        + "1 bin; use a smaller pool or fewer blocks.")
  }

  @Test("give the same logits from their checkpoint, and refuse another's")
  func checkpoint() throws {
    let (gated, late) = (try JoinedNetwork(.gated), try JoinedNetwork(.late))
    for joined in [gated, late] {
      _ = joined.step()
      let again = try JoinedNetwork(joined.network.input.join)
      again.network.fillHashed()
      try again.network.load(joined.network.checkpoint(), name: "model.safetensors")
      #expect(
        again.network.logits(inputs: joined.inputs, batch: joined.batch)
          == joined.network.logits(inputs: joined.inputs, batch: joined.batch))
    }
    #expect(throws: CheckpointError.self) {
      try late.network.load(gated.network.checkpoint(), name: "model.safetensors")
    }
  }

  @Test("late fusion of one branch is the branch alone")
  func single() throws {
    let results = try NetworkInput.Join.allCases.map { join -> [Float] in
      let input = NetworkInput(
        branches: [JoinedNetwork.branches[0]], frames: 29, join: join)
      let shape = try NetworkShape(model: JoinedNetwork.model(), input: input, classes: 3)
      let network = Network(shape, maxClips: 4, seed: 5, workers: .single)
      let image = try JoinedNetwork(join).inputs[0]
      return network.logits(inputs: [image], batch: BatchShape(frames: JoinedNetwork.lengths))
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }
}
