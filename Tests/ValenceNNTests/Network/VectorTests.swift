import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// A hashed batch of ragged clips, each with a vector of its own beside its frames.
private struct VectorNetwork {
  /// What a fixture of `make_vectors.py` is made of.
  struct Recipe: Sendable, CustomTestStringConvertible {
    let name: String
    var branches = ["mel"]
    var activation: ProjectionOptions.Activation? = .relu
    var join = NetworkInput.Join.sideBySide
    var testDescription: String { name }

    static let all = [
      Recipe(name: "one"), Recipe(name: "bare", activation: nil),
      Recipe(name: "branches", branches: ["mel", "mfcc"], activation: .gelu),
      Recipe(name: "gated", branches: ["mel", "mfcc"], join: .gated),
      Recipe(name: "late", branches: ["mel", "mfcc"], join: .late),
      Recipe(
        name: "frames", branches: ["encoder"], activation: ProjectionOptions.Activation.none),
    ]

    var inputs: [NetworkInput.Branch] {
      let bins = ["mel": 12, "mfcc": 9, "encoder": 10]
      return branches.map {
        NetworkInput.Branch(
          name: $0, channels: 1, bins: bins[$0] ?? 0,
          form: $0 == "encoder" ? .frames(averaging: 1) : .image)
      } + [NetworkInput.Branch(name: "functionals", channels: 1, bins: 20, form: .vector)]
    }
  }

  static let lengths = [29, 8, 17, 24]

  let network: Network
  let inputs: [Floats]
  let batch = BatchShape(frames: lengths)

  init(
    _ recipe: Recipe, dropout: Double = 0, modalityDropout: Double = 0, threads: Int = 1
  ) throws {
    var model = ModelOptions()
    (model.cnn.channels, model.cnn.pool, model.cnn.dropout) = ([4, 6], [2, 2], dropout)
    model.rnn?.hidden = 5
    (model.head.hidden, model.head.dropout) = ([7], dropout)
    model.modalityDropout = modalityDropout
    model.projection = recipe.activation.map { activation in
      var projection = ProjectionOptions()
      (projection.width, projection.activation, projection.dropout) = (6, activation, dropout)
      projection.inputDropout = dropout
      return projection
    }
    let frames = Self.lengths[0]
    let input = NetworkInput(branches: recipe.inputs, frames: frames, join: recipe.join)
    network = Network(
      try NetworkShape(model: model, input: input, classes: 3), maxClips: 4, seed: 5,
      workers: Workers(threads: threads))
    inputs = recipe.inputs.map { branch in
      let row = branch.frames(of: frames) * branch.width
      let input = Floats(hashed("input \(branch.name)", Self.lengths.count * row, scale: 1.7))
      for (clip, length) in Self.lengths.enumerated() {
        input[clip * row + branch.frames(of: length) * branch.width..<(clip + 1) * row].fill(0)
      }
      return input
    }
    network.fillHashed()
  }

  func step(_ seed: UInt64 = 0) -> Double {
    network.forwardBackward(
      inputs: inputs, batch: batch, targets: BatchTargets([0, 2, 1, 0]),
      loss: CrossEntropy(weights: [1, 1, 1], labelSmoothing: 0.1), step: seed)
  }
}

@Suite("A vector of a clip beside its frames")
struct VectorTests {
  private typealias Recipe = VectorNetwork.Recipe

  @Test(
    "has PyTorch's loss, logits and every gradient, over clips of any length",
    arguments: VectorNetwork.Recipe.all)
  fileprivate func equalsPyTorch(recipe: VectorNetwork.Recipe) throws {
    let arrays = try Fixture(.module).arrays("network/vectors_\(recipe.name).safetensors")
    func expect(_ ours: [Float], equal key: String, _ tolerance: Double) throws {
      let far = Deviation(ours, from: try #require(arrays[key]).values, tolerance: tolerance)
      #expect(far.isWithin, "\(key): \(far)")
    }
    let vectors = try VectorNetwork(recipe, threads: 2)
    let network = vectors.network
    try expect([Float(vectors.step())], equal: "loss", 1e-5)
    try expect(network.lastLogits(clips: 4), equal: "logits", 5e-5)
    for (key, array) in network.layout.arrays(of: network.gradients) {
      try expect(array.values, equal: "gradient.\(key)", 1e-4)
    }
    let gradients = arrays.keys.filter { $0.hasPrefix("gradient.") }
    #expect(gradients.count == network.layout.entries.count)
    for (key, array) in network.statisticsLayout.arrays(of: network.statistics) {
      try expect(array.values, equal: "statistics.\(key)", 5e-5)
    }
    try expect(
      network.logits(inputs: vectors.inputs, batch: vectors.batch), equal: "inferred", 5e-5)
  }

  @Test("trains to the same bits on 1, 2 and 4 threads", arguments: VectorNetwork.Recipe.all)
  fileprivate func threads(recipe: VectorNetwork.Recipe) throws {
    let results = try [1, 2, 4].map { threads -> [Float] in
      let vectors = try VectorNetwork(
        recipe, dropout: 0.2, modalityDropout: 0.5, threads: threads)
      return [Float(vectors.step(7))] + vectors.network.gradients.array
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("costs what its shapes say, and is stored", arguments: VectorNetwork.Recipe.all)
  fileprivate func cost(recipe: VectorNetwork.Recipe) throws {
    let vectors = try VectorNetwork(recipe)
    let network = vectors.network
    #expect(network.shape.cost.parameters == network.layout.parameterCount)
    #expect(network.shape.minimumFrames == (recipe.name == "frames" ? 1 : 4))
    _ = vectors.step()
    let copy = try VectorNetwork(recipe).network
    copy.parameters.fill(0)
    try copy.load(network.checkpoint(), name: "model.safetensors")
    #expect(copy.parameters.array == network.parameters.array)
    #expect(
      copy.logits(inputs: vectors.inputs, batch: vectors.batch)
        == network.logits(inputs: vectors.inputs, batch: vectors.batch))
  }

  @Test("takes either the vector or the frames from a clip, and no gradient flows to what is taken")
  fileprivate func modalityDropout() throws {
    let recipe = try #require(Recipe.all.first { $0.join != .late })
    let vectors = try VectorNetwork(recipe, modalityDropout: 0.95)
    let network = vectors.network
    let plain = try VectorNetwork(recipe).network
    #expect(
      network.logits(inputs: vectors.inputs, batch: vectors.batch)
        == plain.logits(inputs: vectors.inputs, batch: vectors.batch))
    var counts = [false: [0, 0], true: [0, 0]]
    for seed in 0..<200 {
      _ = vectors.step(UInt64(seed))
      let silent = ["functionals.", "mel."].map { prefix in
        network.layout.entries.filter { $0.name.hasPrefix(prefix) }
          .allSatisfy { entry in entry.range.allSatisfy { network.gradients[$0] == 0 } }
      }
      #expect(!(silent[0] && silent[1]))
      for index in 0..<2 { counts[silent[index], default: [0, 0]][index] += 1 }
    }
    // All four clips lose the same with a probability of .475⁴ = .05.
    #expect(counts[true]?.allSatisfy { (2...30).contains($0) } == true, "\(counts)")
    let entry = try #require(
      network.layout.entries.first { $0.name == "functionals.projection.bias" })
    _ = vectors.step(1)
    let gradients = network.gradients.array
    for index in entry.range {
      let slope = network.slope(at: index, width: 0.002) { vectors.step(1) }
      #expect(abs(slope - Double(gradients[index])) < 2e-3, "\(slope), \(gradients[index])")
    }
  }

  @Test("moves the logits of its own clip alone", arguments: VectorNetwork.Recipe.all)
  fileprivate func ofItsClip(recipe: VectorNetwork.Recipe) throws {
    let vectors = try VectorNetwork(recipe)
    let before = vectors.network.logits(inputs: vectors.inputs, batch: vectors.batch)
    vectors.inputs[vectors.inputs.count - 1][20..<40].fill(1)
    let after = vectors.network.logits(inputs: vectors.inputs, batch: vectors.batch)
    let moved = (0..<12).filter { before[$0] != after[$0] }
    #expect(moved == [3, 4, 5])
  }

  @Test("has its layers spelled out")
  func rows() throws {
    func rows(_ name: String, _ count: Int) throws -> [String] {
      let recipe = try #require(Recipe.all.first { $0.name == name })
      return try VectorNetwork(recipe).network.shape.layers.suffix(count).map {
        "\($0.name): \($0.output), \($0.parameters)"
      }
    }
    #expect(
      try rows("gated", 8) == [
        "gates: 7 × 6, 564", "rnn 1: 7 × 10, 520", "attention: 10, 60",
        "functionals input: 1 × 20, 0", "functionals projection: 1 × 6, 126",
        "side by side: 16, 0", "dense 1: 7, 119", "classes: 3, 24",
      ])
    #expect(
      try rows("late", 6) == [
        "functionals input: 1 × 20, 0", "functionals projection: 1 × 6, 126",
        "functionals mean over time: 6, 0", "functionals dense 1: 7, 49",
        "functionals classes: 3, 24", "mean of logits: 3, 0",
      ])
  }
}
