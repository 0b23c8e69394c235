import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Training that starts from a trained network's body")
struct StartTests {
  /// A network of two branches for so many classes; of `late` with a last layer for each branch.
  private static func network(
    _ classes: Int, seed: UInt64, join: NetworkInput.Join = .sideBySide, threads: Int = 2,
    _ change: (inout ModelOptions) -> Void = { _ in }
  ) throws -> Network {
    var model = ModelOptions()
    (model.cnn.channels, model.cnn.pool) = ([4, 6], [2, 2])
    model.rnn?.hidden = 5
    model.head.hidden = [7]
    change(&model)
    let input = NetworkInput(
      branches: [
        .init(name: "mel", channels: 1, bins: 12), .init(name: "mfcc", channels: 1, bins: 8),
      ], frames: 20, join: join)
    return Network(
      try NetworkShape(model: model, input: input, classes: classes), maxClips: 3, seed: seed,
      workers: Workers(threads: threads))
  }

  private static let batch = BatchShape(frames: [20, 9, 16])

  private static func inputs() -> [Floats] {
    [("mel", 12), ("mfcc", 8)].map { name, bins in
      let input = Floats(hashed(name, 3 * 20 * bins, scale: 1.5))
      for (clip, length) in batch.frames.enumerated() {
        input[(clip * 20 + length) * bins..<(clip + 1) * 20 * bins].fill(0)
      }
      return input
    }
  }

  private static func loss(_ classes: Int) -> CrossEntropy {
    CrossEntropy(weights: [Double](repeating: 1, count: classes), labelSmoothing: 0.1)
  }

  private static func step(_ network: Network, seed: UInt64 = 3) -> Double {
    let classes = network.shape.classes
    return network.forwardBackward(
      inputs: inputs(), batch: batch, targets: BatchTargets([0, classes - 1, 1]),
      loss: loss(classes), step: seed)
  }

  private static func isLast(_ name: String) -> Bool {
    name.hasPrefix("out.") || name.contains(".out.")
  }

  @Test(
    "all but the last layer is the body's; of the last one, the rows of classes that both have",
    arguments: [NetworkInput.Join.sideBySide, .gated, .late])
  func takesOver(join: NetworkInput.Join) throws {
    let body = try Self.network(3, seed: 1, join: join)
    _ = Self.step(body)  // moves the running statistics
    let fresh = try Self.network(5, seed: 2, join: join)
    let network = try Self.network(5, seed: 2, join: join)
    // Its classes 1 and 4 are the body's 2 and 0.
    network.start(from: body, classes: [nil, 2, nil, nil, 0])
    let (old, new, drawn) = (
      body.checkpoint().arrays, network.checkpoint().arrays, fresh.checkpoint().arrays
    )
    #expect(new.map(\.key) == old.map(\.key))
    var last = 0
    for (name, array) in new {
      let theirs = try #require(old[name])
      guard Self.isLast(name) else {
        #expect(array == theirs, "\(name)")
        continue
      }
      last += 1
      let width = array.values.count / 5
      func row(_ array: Safetensors.Array, _ index: Int) -> [Float] {
        Array(array.values[index * width..<(index + 1) * width])
      }
      #expect(row(array, 1) == row(theirs, 2), "\(name)")
      #expect(row(array, 4) == row(theirs, 0), "\(name)")
      for index in [0, 2, 3] {
        #expect(row(array, index) == row(try #require(drawn[name]), index), "\(name)")
      }
    }
    #expect(last == (join == .late ? 4 : 2))
  }

  @Test("with the same classes in the same order it is the very network")
  func same() throws {
    let body = try Self.network(3, seed: 1)
    let network = try Self.network(3, seed: 9)
    network.start(from: body, classes: [0, 1, 2])
    #expect(network.checkpoint() == body.checkpoint())
    #expect(
      network.logits(inputs: Self.inputs(), batch: Self.batch)
        == body.logits(inputs: Self.inputs(), batch: Self.batch))
  }

  @Test(
    "a frozen body leaves the last layer the gradient that it has without freezing",
    arguments: [NetworkInput.Join.sideBySide, .late], [[], [7]])
  func headGradient(join: NetworkInput.Join, hidden: [Int]) throws {
    // Without batch statistics and dropout, training and inference compute the same.
    let change = { (model: inout ModelOptions) in
      (model.cnn.norm, model.cnn.dropout) = (.layer, 0)
      (model.head.dropout, model.head.hidden) = (0, hidden)
    }
    let whole = try Self.network(4, seed: 1, join: join, change)
    let frozen = try Self.network(4, seed: 1, join: join, change)
    frozen.isBodyFrozen = true
    let (value, other) = (Self.step(whole), Self.step(frozen))
    #expect(abs(value - other) <= 1e-6 * abs(value))
    for entry in frozen.layout.entries {
      let (expected, found) = (
        whole.gradients[entry.range].array, frozen.gradients[entry.range].array
      )
      if Self.isLast(entry.name) {
        // The kernels of inference add in another order.
        for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 2e-6 + 1e-4 * abs(b)) }
        #expect(found.contains { $0 != 0 })
      } else {
        #expect(found.allSatisfy { $0 == 0 }, "\(entry.name)")
      }
    }
  }

  @Test("the gradient of the last layer over a frozen body is that of the loss in inference")
  func differences() throws {
    // With batch statistics and dropout, which must have no part in it.
    let network = try Self.network(4, seed: 1)
    _ = Self.step(network)
    network.isBodyFrozen = true
    let value = Self.step(network)
    func inference() -> Double {
      let logits = network.logits(inputs: Self.inputs(), batch: Self.batch)
      return Self.loss(4).mean(logits: logits, targets: [0, 3, 1])
    }
    #expect(abs(value - inference()) < 1e-6)
    let range = try #require(network.trainable.first)
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 3) {
      let (kept, gradient) = (network.parameters[index], Double(network.gradients[index]))
      network.parameters[index] = kept + 0.05
      let above = inference()
      network.parameters[index] = kept - 0.05
      let below = inference()
      network.parameters[index] = kept
      #expect(abs((above - below) / 0.1 - gradient) < 2e-3, "\(index)")
    }
  }

  @Test(
    "no step touches a frozen body, whatever the optimizer and its weight decay",
    arguments: OptimizerOptions.Name.allCases, [NetworkInput.Join.sideBySide, .late])
  func frozen(name: OptimizerOptions.Name, join: NetworkInput.Join) throws {
    let network = try Self.network(4, seed: 1, join: join)
    _ = Self.step(network)
    network.isBodyFrozen = true
    let before = network.checkpoint().arrays
    var options = OptimizerOptions()
    (options.name, options.weightDecay, options.learningRate) = (name, 0.5, 0.05)
    let optimizer = Optimizer(
      options, count: network.parameters.count, ranges: network.trainable)
    var losses: [Double] = []
    for step in 0..<20 {
      losses.append(Self.step(network, seed: UInt64(step)))
      _ = optimizer.step(
        network.parameters, gradients: network.gradients, rate: 0.05, clipNorm: 5,
        workers: network.workers)
    }
    for (entry, array) in network.checkpoint().arrays {
      let isSame = array.values.map(\.bitPattern) == before[entry]?.values.map(\.bitPattern)
      #expect(isSame == !Self.isLast(entry), "\(entry)")
    }
    #expect(losses[19] < losses[0])
    let last = network.layout.entries.filter { Self.isLast($0.name) }
    #expect(network.trainedCount == last.reduce(0) { $0 + $1.range.count })
  }

  @Test("an optimizer of all ranges moves as one of the whole")
  func ranges() {
    var options = OptimizerOptions()
    options.weightDecay = 0.1
    let (a, b) = (Floats(hashed("a", 64)), Floats(hashed("a", 64)))
    let gradients = Floats(hashed("g", 64))
    let whole = Optimizer(options, count: 64)
    let parts = Optimizer(options, count: 64, ranges: [0..<20, 20..<64])
    for _ in 0..<5 {
      _ = whole.step(a, gradients: gradients, rate: 0.1, clipNorm: 1e6, workers: .single)
      _ = parts.step(b, gradients: gradients, rate: 0.1, clipNorm: 1e6, workers: .single)
    }
    for (x, y) in zip(a.array, b.array) { #expect(abs(x - y) <= 1e-6) }
  }

  @Test("the number of threads changes no bit of what a frozen body gives")
  func threads() throws {
    let networks = try [1, 2, 3].map { try Self.network(4, seed: 1, threads: $0) }
    let all = networks.map { network in
      network.isBodyFrozen = true
      _ = Self.step(network)
      return network.gradients.array
    }
    #expect(all[0] == all[1] && all[0] == all[2])
  }
}
