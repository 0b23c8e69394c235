import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// A hashed batch of ragged clips of an encoder's frames, alone or beside images.
struct FramesNetwork {
  /// What a fixture of `make_frames.py` is made of.
  struct Recipe: Sendable, CustomTestStringConvertible {
    let name: String
    var states = 3
    var activation: ProjectionOptions.Activation? = .relu
    var isDeep = true
    var join: NetworkInput.Join?
    var averaging = 1
    var transformer: TransformerOptions?
    var testDescription: String { name }

    private static let oneLayer: TransformerOptions = {
      var options = TransformerOptions()
      (options.layers, options.width, options.heads, options.feedForward) = (1, 10, 5, 9)
      return options
    }()

    static let all = [
      Recipe(name: "emobox", states: 1, isDeep: false),
      Recipe(name: "superb", activation: ProjectionOptions.Activation.none, isDeep: false),
      Recipe(name: "bare", activation: nil, isDeep: false),
      Recipe(name: "gelu", states: 2, activation: .gelu),
      Recipe(name: "beside", join: .sideBySide, averaging: 4),
      Recipe(name: "gated", join: .gated, averaging: 4),
      Recipe(name: "late", join: .late),
      Recipe(name: "late_transformers", join: .late, transformer: oneLayer),
    ]
  }

  let network: Network
  let inputs: [Floats]
  let lengths: [Int]
  var batch: BatchShape { BatchShape(frames: lengths) }
  let loss = CrossEntropy(weights: [1, 1, 1], labelSmoothing: 0.1)

  init(
    _ recipe: Recipe, dropout: Double = 0, threads: Int = 1, only: Int? = nil
  ) throws {
    var model = ModelOptions()
    (model.cnn.channels, model.cnn.pool, model.cnn.dropout) = ([4, 6], [2, 2], dropout)
    model.rnn?.hidden = 5
    (model.head.hidden, model.head.dropout) = ([7], dropout)
    if !recipe.isDeep { (model.rnn, model.pooling, model.head.hidden) = (nil, .mean, []) }
    model.projection = recipe.activation.map { activation in
      var projection = ProjectionOptions()
      (projection.width, projection.activation) = (6, activation)
      (projection.dropout, projection.inputDropout) = (dropout, dropout)
      return projection
    }
    model.transformer = recipe.transformer
    model.transformer?.dropout = dropout
    var branches = [
      NetworkInput.Branch(
        name: "encoder", channels: recipe.states, bins: 10,
        form: .frames(averaging: recipe.averaging))
    ]
    if recipe.join != nil { branches.insert(.init(name: "mel", channels: 1, bins: 12), at: 0) }
    let all = recipe.join == nil ? [29, 1, 17, 24] : [29, 8, 17, 24]
    let frames = all[0]
    let input = NetworkInput(
      branches: branches, frames: frames, join: recipe.join ?? .sideBySide)
    network = Network(
      try NetworkShape(model: model, input: input, classes: 3), maxClips: 4, seed: 5,
      workers: Workers(threads: threads))
    lengths = only.map { [all[$0]] } ?? all
    inputs = branches.map { branch in
      let width = branch.bins * branch.channels
      let input = Floats(hashed("input \(branch.name)", all.count * frames * width, scale: 1.7))
      for (clip, length) in all.enumerated() {
        input[(clip * frames + length) * width..<(clip + 1) * frames * width].fill(0)
      }
      return only.map { input[$0 * frames * width..<($0 + 1) * frames * width] } ?? input
    }
    network.fillHashed()
  }

  func step(_ seed: UInt64 = 0) -> Double {
    network.forwardBackward(
      inputs: inputs, batch: batch, targets: BatchTargets(lengths.indices.map { $0 * 2 % 3 }),
      loss: loss, step: seed)
  }
}

@Suite("Branches of an encoder's frames")
struct FramesTests {
  typealias Recipe = FramesNetwork.Recipe

  @Test(
    "have PyTorch's loss, logits and every gradient, over clips of any length",
    arguments: Recipe.all)
  func equalsPyTorch(recipe: Recipe) throws {
    let arrays = try Fixture(.module).arrays("network/frames_\(recipe.name).safetensors")
    func expect(_ ours: [Float], equal key: String, _ tolerance: Double) throws {
      let far = Deviation(ours, from: try #require(arrays[key]).values, tolerance: tolerance)
      #expect(far.isWithin, "\(key): \(far)")
    }
    let frames = try FramesNetwork(recipe, threads: 2)
    let network = frames.network
    try expect([Float(frames.step())], equal: "loss", 1e-5)
    try expect(network.lastLogits(clips: 4), equal: "logits", 5e-5)
    for (key, array) in network.layout.arrays(of: network.gradients) {
      try expect(array.values, equal: "gradient.\(key)", 1e-4)
    }
    let gradients = arrays.keys.filter { $0.hasPrefix("gradient.") }
    #expect(gradients.count == network.layout.entries.count)
    if recipe.join == nil {
      // Behind images the means and variances of batch normalization are only begun.
      try expect(
        network.logits(inputs: frames.inputs, batch: frames.batch), equal: "inferred", 5e-5)
    }
  }

  @Test("train to the same bits on 1, 2 and 4 threads", arguments: Recipe.all)
  func threads(recipe: Recipe) throws {
    let results = try [1, 2, 4].map { threads -> [Float] in
      let frames = try FramesNetwork(recipe, dropout: 0.2, threads: threads)
      return [Float(frames.step(7))] + frames.network.gradients.array
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("cost what their shapes say, and need as many frames as make a step", arguments: Recipe.all)
  func cost(recipe: Recipe) throws {
    let network = try FramesNetwork(recipe).network
    #expect(network.shape.cost.parameters == network.layout.parameterCount)
    #expect(network.shape.minimumFrames == (recipe.join == nil ? 1 : 4))
    let copy = try FramesNetwork(recipe).network
    copy.parameters.fill(0)
    try copy.load(network.checkpoint(), name: "model.safetensors")
    #expect(copy.parameters.array == network.parameters.array)
  }

  @Test("a clip alone has the bits that it has in a batch", arguments: Recipe.all)
  func single(recipe: Recipe) throws {
    if recipe.join != nil { return }
    let batch = try FramesNetwork(recipe)
    let logits = batch.network.logits(inputs: batch.inputs, batch: batch.batch)
    for clip in 0..<4 {
      let alone = try FramesNetwork(recipe, only: clip)
      #expect(
        alone.network.logits(inputs: alone.inputs, batch: alone.batch)
          == Array(logits[clip * 3..<clip * 3 + 3]), "clip \(clip)")
    }
  }

  @Test("have their layers spelled out")
  func rows() throws {
    func rows(_ name: String, _ count: Int) throws -> [String] {
      let recipe = try #require(Recipe.all.first { $0.name == name })
      return try FramesNetwork(recipe).network.shape.layers.suffix(count).map {
        "\($0.name): \($0.output), \($0.parameters)"
      }
    }
    #expect(
      try rows("emobox", 4) == [
        "input: 29 × 10, 0", "projection: 29 × 6, 66", "mean over time: 6, 0", "classes: 3, 21",
      ])
    #expect(
      try rows("bare", 4) == [
        "input: 3 × 29 × 10, 0", "mix of states: 29 × 10, 3", "mean over time: 10, 0",
        "classes: 3, 33",
      ])
    #expect(
      try rows("gated", 8).prefix(4) == [
        "encoder input: 3 × 29 × 10, 0", "encoder mix of states: 7 × 10, 3",
        "encoder projection: 7 × 6, 66", "gates: 7 × 6, 456",
      ])
    let single = NetworkInput.Branch(
      name: "encoder", channels: 1, bins: 10, form: .frames(averaging: 4))
    let shape = try NetworkShape(
      model: ModelOptions(), input: NetworkInput(branches: [single], frames: 30), classes: 3)
    #expect(shape.layers[1].name == "mean of frames" && shape.layers[1].output == "7 × 10")
    #expect(shape.minimumFrames == 4)
  }

  @Test("of one state have no weights to mix it with, and train without them")
  func averages() throws {
    let frames = try FramesNetwork(Recipe(name: "one", states: 1, averaging: 4), only: 0)
    #expect(
      frames.network.layout.entries.map(\.name).prefix(2) == [
        "projection.weight", "projection.bias",
      ])
    // The last of 29 frames fills no step of four.
    let logits = frames.network.logits(inputs: frames.inputs, batch: frames.batch)
    frames.inputs[0][280..<290].fill(9)
    #expect(frames.network.logits(inputs: frames.inputs, batch: frames.batch) == logits)
    frames.inputs[0][279..<280].fill(9)
    #expect(frames.network.logits(inputs: frames.inputs, batch: frames.batch) != logits)
  }

  @Test("start as the mean of all states")
  func startsEqual() throws {
    let network = try FramesNetwork(Recipe.all[1]).network
    let fresh = Network(network.shape, maxClips: 1, seed: 1, workers: .single)
    let entry = try #require(fresh.layout.entries.first { $0.name == "mix.weight" })
    #expect(entry.shape == [3] && entry.values(in: fresh.parameters) == [0, 0, 0])
  }

  @Test("dropout keeps the mean, and only training has it")
  func dropout() throws {
    let plain = try FramesNetwork(Recipe.all[1], only: 0)
    let dropped = try FramesNetwork(Recipe.all[1], dropout: 0.4, only: 0)
    let expected = plain.network.logits(inputs: plain.inputs, batch: plain.batch)
    #expect(dropped.network.logits(inputs: dropped.inputs, batch: dropped.batch) == expected)
    var mean = [0.0, 0, 0]
    for seed in 0..<2000 {
      _ = dropped.step(UInt64(seed))
      for (index, logit) in dropped.network.lastLogits(clips: 1).enumerated() {
        mean[index] += Double(logit) / 2000
      }
    }
    let far = Deviation(mean.map { Float($0) }, from: expected, absolute: 0.01, relative: 0)
    #expect(far.isWithin, "\(far)")
    _ = dropped.step(1)
    let first = dropped.network.gradients.array
    _ = dropped.step(2)
    #expect(dropped.network.gradients.array != first)
    _ = dropped.step(1)
    #expect(dropped.network.gradients.array == first)
  }

  @Test("gradients behind dropout are those of the values that were kept")
  func droppedGradients() throws {
    let frames = try FramesNetwork(Recipe.all[1], dropout: 0.3)
    let network = frames.network
    _ = frames.step(3)
    let gradients = network.gradients.array
    for name in ["mix.weight", "projection.weight"] {
      let entry = try #require(network.layout.entries.first { $0.name == name })
      for index in entry.range.prefix(12) {
        let slope = network.slope(at: index, width: 0.01) { frames.step(3) }
        #expect(abs(slope - Double(gradients[index])) < 2e-4, "\(name) \(index): \(slope)")
      }
    }
  }
}
