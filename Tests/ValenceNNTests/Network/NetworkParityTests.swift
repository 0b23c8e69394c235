import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// A network of the fixtures: hashed weights and inputs, no dropout, ragged clips.
struct ReferenceNetwork {
  let network: Network
  let input: Floats
  let batch: BatchShape
  let targets: [Int]
  let loss: CrossEntropy

  /// - Parameter change: what a narrow network has else; nil for the fixtures' plain networks.
  init(
    _ name: String, threads: Int = 2, change: ((inout ModelOptions) -> Void)? = nil
  ) throws {
    var model = ModelOptions()
    var (bins, classes, inputs) = (104, 8, "input 53")
    var lengths = [100, 48]
    model.cnn.dropout = 0
    model.head.dropout = 0
    if name == "narrow" || change != nil {
      model.cnn.channels = [8, 16, 16]
      model.rnn?.hidden = 16
      model.head.hidden = [16]
      (bins, classes, inputs) = (24, 4, "input")
      lengths = [45, 8, 31, 44, 17]
    }
    change?(&model)
    let frames = lengths[0]
    let shape = try NetworkShape(
      model: model,
      input: NetworkInput(
        branches: [.init(name: "concat", channels: 1, bins: bins)], frames: frames),
      classes: classes)
    network = Network(
      shape, maxClips: lengths.count, seed: 1, workers: Workers(threads: threads))
    batch = BatchShape(frames: lengths)
    targets = lengths.indices.map { $0 * 3 % classes }
    loss = CrossEntropy(weights: [Double](repeating: 1, count: classes), labelSmoothing: 0.1)
    input = Floats(hashed(inputs, lengths.count * frames * bins, scale: 1.7))
    for (clip, length) in lengths.enumerated() {
      input[(clip * frames + length) * bins..<(clip + 1) * frames * bins].fill(0)
    }
    network.fillHashed()
  }

  func step(_ seed: UInt64 = 0) -> Double {
    network.forwardBackward(
      inputs: [input], batch: batch, targets: BatchTargets(targets), loss: loss, step: seed)
  }
}

@Suite("Network against PyTorch")
struct NetworkParityTests {
  @Test(
    "logits, gradients, ten losses and the logits after training equal PyTorch's",
    arguments: ["narrow", "reference"])
  func trainsAsPyTorch(name: String) throws {
    let arrays = try Fixture(.module).arrays("network/\(name).safetensors")
    let reference = try ReferenceNetwork(name)
    let network = reference.network
    let optimizer = Optimizer(OptimizerOptions(), count: network.layout.count)
    var losses: [Float] = []
    var norms: [Float] = []
    for step in 0..<10 {
      losses.append(Float(reference.step()))
      if step == 0 {
        try expect(
          network.lastLogits(clips: reference.batch.clips), equal: arrays["first_logits"],
          "first logits", 5e-5)
        try expectGradients(of: network, equal: arrays, samples: name == "narrow" ? nil : 32)
      }
      norms.append(
        Float(
          optimizer.step(
            network.parameters, gradients: network.gradients, rate: name == "narrow" ? 1e-3 : 1e-4,
            clipNorm: 5,
            workers: Workers(threads: 2))))
    }
    try expect(losses, equal: arrays["losses"], "losses", 5e-5)
    try expect(norms, equal: arrays["norms"], "norms", 5e-4)
    for (key, array) in network.statisticsLayout.arrays(of: network.statistics) {
      try expect(array.values, equal: arrays["statistics.\(key)"], key, 5e-4)
    }
    let logits = network.logits(inputs: [reference.input], batch: reference.batch)
    try expect(logits, equal: arrays["last_logits"], "last logits", 5e-4)
  }

  private static let choices: [(String, @Sendable (inout ModelOptions) -> Void)] = [
    (
      "gru",
      { model in
        model.rnn?.cell = .gru
        model.rnn?.layers = 2
      }
    ),
    ("no_rnn", { $0.rnn = nil }),
    (
      "no_rnn_last",
      { model in
        model.rnn = nil
        model.pooling = .last
      }
    ),
    ("layer_gelu", { ($0.cnn.norm, $0.cnn.activation) = (.layer, .gelu) }),
    (
      "batch_gelu_apart",
      { model in
        model.cnn.activation = .gelu
        model.cnn.pool = PoolOptions(time: [1, 2, 4], frequency: [2, 3, 2])
      }
    ),
    (
      "no_norm_apart",
      { model in
        model.cnn.norm = .none
        model.cnn.pool = PoolOptions(time: [2, 1, 3], frequency: [1, 4, 2])
      }
    ),
    (
      "layer_one",
      { model in
        model.cnn.norm = .layer
        model.rnn?.cell = .gru
        model.cnn.pool = [1, 2, 2]
      }
    ),
    (
      "transformer",
      { model in
        model.rnn = nil
        model.transformer = transformer(.rotary)
      }
    ),
    (
      "transformer_gru_last",
      { model in
        model.rnn?.cell = .gru
        model.pooling = .last
        model.transformer = transformer(.sinusoidal)
      }
    ),
  ]

  private static func transformer(
    _ positions: TransformerOptions.Positions
  ) -> TransformerOptions {
    var options = TransformerOptions()
    (options.width, options.heads, options.feedForward) = (12, 3, 20)
    (options.positions, options.dropout) = (positions, 0)
    return options
  }

  @Test(
    "ten steps of AdamW with a transformer have PyTorch's losses",
    arguments: choices.filter { $0.0.hasPrefix("transformer") })
  func trainsTransformer(
    name: String, change: @escaping @Sendable (inout ModelOptions) -> Void
  ) throws {
    let arrays = try Fixture(.module).arrays("network/choice_\(name).safetensors")
    let reference = try ReferenceNetwork(name, change: change)
    let network = reference.network
    let optimizer = Optimizer(OptimizerOptions(), count: network.layout.count)
    let losses = (0..<10).map { _ in
      let loss = reference.step()
      _ = optimizer.step(
        network.parameters, gradients: network.gradients, rate: 1e-4, clipNorm: 5,
        workers: Workers(threads: 2))
      return Float(loss)
    }
    try expect(losses, equal: arrays["losses"], "losses", 1e-5)
    #expect(losses[9] < losses[0] - 0.01)
  }

  @Test("networks of other layers have PyTorch's loss, gradients and logits", arguments: choices)
  func equalsPyTorch(
    name: String, change: @escaping @Sendable (inout ModelOptions) -> Void
  ) throws {
    let arrays = try Fixture(.module).arrays("network/choice_\(name).safetensors")
    let reference = try ReferenceNetwork(name, change: change)
    let network = reference.network
    try expect([Float(reference.step())], equal: arrays["loss"], "loss", 1e-5)
    let logits = network.lastLogits(clips: reference.batch.clips)
    try expect(logits, equal: arrays["logits"], "logits", 5e-5)
    // Without normalization the gradient of score.bias, whose terms cancel, is of some 1e-7: there plain C
    // is off by 1.2e-4 of the greatest, and Winograd's algorithm by 1.3e-4. All others are within 1e-5.
    try expectGradients(of: network, equal: arrays, samples: nil, tolerance: 2e-4)
    #expect(
      arrays.keys.filter { $0.hasPrefix("gradient") }.count == network.layout.entries.count)
    for (key, array) in network.statisticsLayout.arrays(of: network.statistics) {
      try expect(array.values, equal: arrays["statistics.\(key)"], key, 5e-5)
    }
    let inferred = network.logits(inputs: [reference.input], batch: reference.batch)
    try expect(inferred, equal: arrays["inferred"], "inferred logits", 5e-5)
  }

  @Test("statistics that are made anew are those of PyTorch's update_bn", arguments: [1, 2])
  func averagesStatistics(threads: Int) throws {
    let arrays = try Fixture(.module).arrays("network/update_bn.safetensors")
    let reference = try ReferenceNetwork("default", threads: threads) { _ in }
    let network = reference.network
    _ = reference.step()
    let weights = network.parameters.array
    let size = reference.input.count / reference.batch.clips
    for (number, clips) in [0..<2, 2..<4, 4..<5].enumerated() {
      network.averageStatistics(
        inputs: [reference.input[clips.lowerBound * size..<clips.upperBound * size]],
        batch: BatchShape(frames: Array(reference.batch.frames[clips])), earlier: number, step: 0)
    }
    let statistics = network.statisticsLayout.arrays(of: network.statistics)
    #expect(statistics.count == arrays.count && arrays.count == 6)
    for (key, array) in statistics { try expect(array.values, equal: arrays[key], key, 5e-5) }
    #expect(network.parameters.array == weights)
  }

  /// Compares whole gradients, or as many samples of each as make_network.py takes.
  private func expectGradients(
    of network: Network, equal arrays: [String: Safetensors.Array], samples: Int?,
    tolerance: Double = 5e-5
  ) throws {
    for (key, array) in network.layout.arrays(of: network.gradients) {
      let count = array.values.count
      let ours =
        samples.map { (0..<$0).map { array.values[$0 * 7919 % count] } } ?? array.values
      try expect(ours, equal: arrays["gradient.\(key)"], key, tolerance)
    }
  }

  private func expect(
    _ ours: [Float], equal theirs: Safetensors.Array?, _ name: String, _ tolerance: Double
  ) throws {
    let far = Deviation(ours, from: try #require(theirs).values, tolerance: tolerance)
    #expect(far.isWithin, "\(name): \(far)")
  }
}
