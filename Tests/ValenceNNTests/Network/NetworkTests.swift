import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// A small network with a hashed batch of ragged clips.
struct SmallNetwork {
  static let frames = 30
  let network: Network
  let inputs: [Floats]
  let batch: BatchShape
  let targets: [Int]
  var loss = CrossEntropy(weights: [1, 2, 0.5], labelSmoothing: 0.1)

  /// - Parameter clips: which of the hashed clips, in which order.
  init(
    clips: [Int] = Array(0..<11), branches: Int = 1, dropout: Double = 0, threads: Int = 1,
    frames: Int = SmallNetwork.frames, change: (inout ModelOptions) -> Void = { _ in }
  ) throws {
    var model = ModelOptions()
    (model.cnn.channels, model.cnn.pool, model.cnn.dropout) = ([4, 6], [2, 2], dropout)
    var rnn = RNNOptions()
    (rnn.hidden, rnn.layers, rnn.dropout) = (5, 2, dropout)
    model.rnn = rnn
    (model.head.hidden, model.head.dropout) = ([7], dropout)
    change(&model)
    let all = [
      NetworkInput.Branch(name: "mel", channels: 2, bins: 9),
      NetworkInput.Branch(name: "mfcc", channels: 1, bins: 6),
    ]
    let input = NetworkInput(branches: Array(all.prefix(branches)), frames: frames)
    network = Network(
      try NetworkShape(model: model, input: input, classes: 3), maxClips: 11, seed: 3,
      workers: Workers(threads: threads))
    let lengths = clips.map { 4 + $0 * 7 % 27 }
    batch = BatchShape(frames: lengths)
    targets = clips.map { $0 % 3 }
    inputs = input.branches.map { branch in
      let row = branch.bins * branch.channels
      let values = Floats(zeros: clips.count * frames * row)
      for (place, clip) in clips.enumerated() {
        values[place * frames * row..<values.count].copy(
          hashed("\(branch.name) \(clip)", lengths[place] * row))
      }
      return values
    }
  }

  @discardableResult
  func step(_ seed: UInt64 = 1) -> Double {
    network.forwardBackward(
      inputs: inputs, batch: batch, targets: BatchTargets(targets), loss: loss, step: seed)
  }

  /// The bits after two steps of training.
  func trained() -> [[Float]] {
    let optimizer = Optimizer(OptimizerOptions(), count: network.parameters.count)
    var results: [[Float]] = []
    for seed in 0..<2 {
      let value = step(UInt64(seed))
      let norm = optimizer.step(
        network.parameters, gradients: network.gradients, rate: 1e-2, clipNorm: 1,
        workers: network.workers)
      results.append([Float(value), Float(norm)])
    }
    let logits = network.logits(inputs: inputs, batch: batch)
    return results + [network.parameters.array, network.statistics.array, logits]
  }
}

extension ModelOptions {
  /// Runs another cell in the recurrent layers, or has none.
  mutating func take(_ cell: RNNOptions.Cell?) {
    if let cell { rnn?.cell = cell } else { rnn = nil }
  }
}

@Suite("Network")
struct NetworkTests {
  /// Recurrent layers other than the default's, with a way of pooling.
  static let cells: [(ModelOptions.Pooling, RNNOptions.Cell?)] = [(.attention, .gru), (.last, nil)]

  @Test(
    "1, 2 and 4 threads train to the same bits",
    arguments: ModelOptions.Pooling.allCases.map { ($0, .lstm) } + cells)
  func threadsChangeNothing(pooling: ModelOptions.Pooling, cell: RNNOptions.Cell?) throws {
    let results = try [1, 2, 4].map { threads in
      try SmallNetwork(branches: 2, dropout: 0.2, threads: threads) {
        $0.pooling = pooling
        $0.take(cell)
      }.trained()
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
    #expect(results[0][0][0].isFinite)
  }

  /// Convolution blocks other than the default's.
  static let blocks = CNNOptions.Norm.allCases.flatMap { norm in
    CNNOptions.Activation.allCases.map { activation -> CNNOptions in
      var cnn = CNNOptions()
      (cnn.channels, cnn.norm, cnn.activation) = ([4, 6], norm, activation)
      cnn.pool = PoolOptions(time: [1, 3], frequency: [2, 1])
      return cnn
    }
  }

  @Test("1, 2 and 4 threads train other blocks to the same bits", arguments: blocks)
  func threadsChangeNoBlock(cnn: CNNOptions) throws {
    var cnn = cnn
    cnn.dropout = 0.2
    let results = try [1, 2, 4].map { threads in
      try SmallNetwork(branches: 2, threads: threads) { $0.cnn = cnn }.trained()
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
    #expect(results[0][0][0].isFinite)
  }

  @Test("room for longer clips changes no other blocks either, and checkpoints bring them back")
  func otherBlocks() throws {
    for var cnn in Self.blocks {
      cnn.dropout = 0
      let tight = try SmallNetwork { $0.cnn = cnn }
      let roomy = try SmallNetwork(frames: 55) { $0.cnn = cnn }
      #expect(abs(tight.step() - roomy.step()) < 1e-6)
      let gradients = Deviation(
        roomy.network.gradients.array, from: tight.network.gradients.array, tolerance: 1e-5)
      #expect(gradients.isWithin, "\(cnn.norm) \(cnn.activation): \(gradients)")
      #expect(tight.network.layout.parameterCount == tight.network.shape.cost.parameters)
      _ = tight.trained()
      try roomy.network.load(tight.network.checkpoint(), name: "model.safetensors")
      let logits = Deviation(
        roomy.network.logits(inputs: roomy.inputs, batch: roomy.batch),
        from: tight.network.logits(inputs: tight.inputs, batch: tight.batch), tolerance: 1e-5)
      #expect(logits.isWithin, "\(cnn.norm) \(cnn.activation): \(logits)")
    }
  }

  @Test("without batch statistics a clip's logits in training are those that it has alone")
  func clipsDoNotMeet() throws {
    for cnn in Self.blocks where cnn.norm != .batch {
      let change: (inout ModelOptions) -> Void = { model in
        model.cnn = cnn
        model.cnn.dropout = 0
      }
      let together = try SmallNetwork(change: change)
      together.step()
      let logits = together.network.lastLogits(clips: 11)
      for clip in [0, 4, 10] {
        let alone = try SmallNetwork(clips: [clip], change: change)
        alone.step()
        let far = Deviation(
          alone.network.lastLogits(clips: 1), from: Array(logits[clip * 3..<clip * 3 + 3]),
          tolerance: 1e-5)
        #expect(far.isWithin, "\(cnn.norm), clip \(clip): \(far)")
      }
    }
  }

  @Test("a clip's answer alone is the one that it has beside others", arguments: [1, 2, 4])
  func clipAlone(threads: Int) throws {
    for cnn in Self.blocks {
      let together = try SmallNetwork(threads: threads) { $0.cnn = cnn }
      let logits = together.network.logits(inputs: together.inputs, batch: together.batch)
      for clip in [0, 4, 10] {
        let alone = try SmallNetwork(clips: [clip], threads: threads) { $0.cnn = cnn }
        let far = Deviation(
          alone.network.logits(inputs: alone.inputs, batch: alone.batch),
          from: Array(logits[clip * 3..<clip * 3 + 3]), tolerance: 1e-5)
        #expect(far.isWithin, "\(cnn.norm) \(cnn.activation), clip \(clip): \(far)")
      }
    }
  }

  @Test("networks on several threads at a time train as each would alone")
  func networksShareNothing() async throws {
    let alone = try SmallNetwork(dropout: 0.2).trained()
    let results = try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 {
        group.addTask { try SmallNetwork(dropout: 0.2, threads: 2).trained() }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4)
    for result in results { #expect(result == alone) }
  }

  @Test("the order of the clips changes neither loss, gradients nor anybody's logits")
  func orderDoesNotMatter() throws {
    var random = RandomStream(seed: 2, "network")
    let inOrder = try SmallNetwork()
    let loss = inOrder.step()
    let logits = inOrder.network.lastLogits(clips: 11)
    for _ in 0..<5 {
      let order = random.shuffled(Array(0..<11))
      let shuffled = try SmallNetwork(clips: order)
      #expect(abs(shuffled.step() - loss) < 1e-6)
      let expected = order.flatMap { logits[$0 * 3..<$0 * 3 + 3] }
      let far = Deviation(
        shuffled.network.lastLogits(clips: 11), from: expected, tolerance: 1e-5)
      #expect(far.isWithin, "\(order): \(far)")
      let gradients = Deviation(
        shuffled.network.gradients.array, from: inOrder.network.gradients.array, tolerance: 1e-5)
      #expect(gradients.isWithin, "\(order): \(gradients)")
    }
  }

  @Test("room for longer clips changes nothing", arguments: [RNNOptions.Cell.lstm, .gru, nil])
  func paddingDoesNotMatter(cell: RNNOptions.Cell?) throws {
    let tight = try SmallNetwork(branches: 2) { $0.take(cell) }
    let roomy = try SmallNetwork(branches: 2, frames: 55) { $0.take(cell) }
    #expect(abs(tight.step() - roomy.step()) < 1e-6)
    let gradients = Deviation(
      roomy.network.gradients.array, from: tight.network.gradients.array, tolerance: 1e-5)
    #expect(gradients.isWithin, "\(gradients)")
    let logits = Deviation(
      roomy.network.logits(inputs: roomy.inputs, batch: roomy.batch),
      from: tight.network.logits(inputs: tight.inputs, batch: tight.batch), tolerance: 1e-5)
    #expect(logits.isWithin, "\(logits)")
  }

  @Test(
    "the gradient predicts how the loss changes in any direction, through dropout and branches",
    arguments: ModelOptions.Pooling.allCases.map { ($0, .lstm) } + [cells[0]])
  func gradientEqualsDifferences(pooling: ModelOptions.Pooling, cell: RNNOptions.Cell?) throws {
    let small = try SmallNetwork(branches: 2, dropout: 0.3) {
      $0.pooling = pooling
      $0.take(cell)
      $0.head.hidden = [7, 6]
    }
    let network = small.network
    small.step(9)
    let gradient = network.gradients.array
    let start = network.parameters.array
    for entry in network.layout.entries {
      // Each parameter by itself, along its own gradient, where the change is greatest.
      let norm = gradient[entry.range].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      if norm < 1e-4 { continue }
      let size = 2e-3
      func loss(_ sign: Double) -> Double {
        network.parameters.copy(start)
        for index in entry.range {
          network.parameters[index] += Float(sign * size / norm * Double(gradient[index]))
        }
        return small.step(9)
      }
      let slope = (loss(1) - loss(-1)) / (2 * size)
      // Kinks of ReLU and maxima lie within the step, and the loss has the rounding of floats.
      #expect(abs(slope - norm) <= 0.02 * norm + 2e-4, "\(entry.name): \(slope), not \(norm)")
    }
    network.parameters.copy(start)
  }

  @Test("dropout follows the step's seed; inference has none and moves no statistics")
  func inferenceIsStill() throws {
    let small = try SmallNetwork(dropout: 0.3)
    let before = small.network.statistics.array
    let logits = small.network.logits(inputs: small.inputs, batch: small.batch)
    #expect(small.network.logits(inputs: small.inputs, batch: small.batch) == logits)
    #expect(small.network.statistics.array == before)
    #expect(small.step(1) == small.step(1))
    #expect(small.step(1) != small.step(2))
    #expect(small.network.statistics.array != before)
  }

  @Test("the seed fixes the weights, which lie within the bounds of PyTorch's initialization")
  func initializes() throws {
    let input = NetworkInput(branches: [.init(name: "mel", channels: 1, bins: 16)], frames: 20)
    func network(_ seed: UInt64) throws -> Network {
      Network(
        try NetworkShape(model: ModelOptions(), input: input, classes: 5), maxClips: 1, seed: seed,
        workers: .single)
    }
    let parameters = try network(7).parameters.array
    #expect(try network(7).parameters.array == parameters)
    #expect(try network(8).parameters.array != parameters)
    let arrays = try network(7).checkpoint().arrays
    for (name, fanIn) in [
      ("lstm.weight_ih_l0", 128), ("score.weight", 256), ("query.weight", 128), ("out.bias", 128),
    ] {
      let values = try #require(arrays[name]).values
      let bound = 1 / Float(fanIn).squareRoot()
      #expect(values.allSatisfy { abs($0) <= bound })
      #expect(values.contains { abs($0) > bound / 2 })
    }
  }

  @Test("the parameters are as many as the shape says")
  func countsParameters() throws {
    for cell in [RNNOptions.Cell.lstm, .gru, nil] {
      for (branches, pooling) in [(1, ModelOptions.Pooling.attention), (2, .mean)] {
        let network = try SmallNetwork(branches: branches) {
          $0.pooling = pooling
          $0.take(cell)
        }.network
        #expect(network.layout.parameterCount == network.shape.cost.parameters)
      }
    }
  }

  @Test("a network that cannot fit its input is refused by its option")
  func refusesShapes() {
    let error = #expect(throws: ShapeError.self) {
      _ = try SmallNetwork { $0.cnn.pool = [2, 8] }
    }
    #expect(error?.field == .pool)
  }
}
