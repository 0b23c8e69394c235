import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

extension HashedBlock {
  /// Weights as `make_transformer.py` has them: twice what the fan-in asks for; norms near 1.
  static func transformer(_ state: StateLayout) -> HashedBlock {
    let block = HashedBlock(state) { entry in
      entry.shape.count > 1 ? 2 / Float(entry.shape[1]).squareRoot() : 0.2
    }
    for entry in block.layout.entries
    where entry.name.contains("norm") && entry.name.hasSuffix("weight") {
      for index in entry.range { block.parameters[index] += 1 }
    }
    return block
  }
}

/// A transformer with hashed weights and memory for one batch.
private struct Rig {
  static let lengths = [9, 70, 1, 130, 64]
  static let width = 7

  let stack: TransformerStack
  let block: HashedBlock
  let packing: PackedRows

  static func options(
    _ positions: TransformerOptions.Positions, dropout: Double = 0
  ) -> TransformerOptions {
    var options = TransformerOptions()
    (options.width, options.heads, options.feedForward) = (12, 3, 20)
    (options.positions, options.dropout) = (positions, dropout)
    return options
  }

  init(_ options: TransformerOptions, steps: [Int] = lengths) {
    var state = StateLayout()
    packing = PackedRows(steps: steps)
    stack = TransformerStack(
      options, inputWidth: Self.width, steps: steps.max() ?? 1, clips: steps.count,
      state: &state)
    block = HashedBlock.transformer(state)
  }

  var input: [Float] { hashed("input", packing.rows * Self.width, scale: 1.7) }
  var gradient: [Float] { hashed("gradient", packing.rows * 12) }

  func forward(_ input: [Float], _ pass: Pass) -> [Float] {
    stack.forward(Rows(Floats(input), width: Self.width), packing: packing, pass: pass)
    return stack.output(rows: packing.rows).floats.array
  }

  /// Output and dL/dinput for the given input and dL/doutput.
  func run(
    _ input: [Float], gradient: [Float], threads: Int = 1, seed: UInt64 = 5
  ) -> (output: [Float], inputGradient: [Float]) {
    let pass = block.pass(threads: threads, seed: seed)
    let output = forward(input, pass)
    let inputGradient = Rows(zeros: packing.rows, width: Self.width)
    stack.backward(
      Rows(Floats(gradient), width: 12), input: Rows(Floats(input), width: Self.width),
      inputGradient: inputGradient, packing: packing, pass: pass)
    return (output, inputGradient.floats.array)
  }
}

@Suite("Transformer")
struct TransformerTests {
  typealias Positions = TransformerOptions.Positions

  @Test(
    "outputs and all gradients equal PyTorch's on ragged clips, also by the plain twins",
    arguments: Positions.allCases, [false, true])
  func equalsPyTorch(positions: Positions, isPlain: Bool) throws {
    let arrays = try Fixture(.module).arrays("sequence/transformer_\(positions).safetensors")
    func ours() -> [String: [Float]] {
      let rig = Rig(Rig.options(positions))
      let (output, inputGradient) = rig.run(rig.input, gradient: rig.gradient)
      var ours = rig.block.gradientArrays.mapKeys { "gradient.\($0)" }
      (ours["output"], ours["gradient.input"]) = (output, inputGradient)
      return ours
    }
    let found = isPlain ? KernelSetup.plainly(ours) : ours()
    #expect(Set(found.keys) == Set(arrays.keys))
    for (key, array) in arrays {
      // The gradient of the keys' biases is zero but for rounding: softmax does not see them.
      let far = Deviation(found[key] ?? [], from: array.values, tolerance: 2e-5)
      #expect(far.isWithin, "\(positions) \(key): \(far)")
    }
  }

  @Test("a clip alone has the bits that it has in a batch", arguments: Positions.allCases)
  func single(positions: Positions) {
    let batch = Rig(Rig.options(positions))
    let together = batch.run(batch.input, gradient: batch.gradient)
    for (clip, steps) in Rig.lengths.enumerated() {
      let rows = batch.packing.rows(of: clip)
      func part(_ values: [Float], _ width: Int) -> [Float] {
        Array(values[rows.lowerBound * width..<rows.upperBound * width])
      }
      let alone = Rig(Rig.options(positions), steps: [steps]).run(
        part(batch.input, Rig.width), gradient: part(batch.gradient, 12))
      #expect(alone.output == part(together.output, 12), "clip \(clip)")
      #expect(alone.inputGradient == part(together.inputGradient, Rig.width), "clip \(clip)")
    }
  }

  @Test(
    "trains to the same bits on 1, 2 and 4 threads, with dropout", arguments: Positions.allCases)
  func threads(positions: Positions) {
    let results = [1, 2, 4].map { threads -> [Float] in
      let rig = Rig(Rig.options(positions, dropout: 0.3))
      let (output, gradient) = rig.run(rig.input, gradient: rig.gradient, threads: threads)
      return output + gradient + rig.block.gradients.array
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("without positions, other orders of the steps are the same in another order")
  func permutes() {
    var random = RandomStream(seed: 3, "order")
    for positions in Positions.allCases {
      let rig = Rig(Rig.options(positions), steps: [70])
      let order = random.shuffled(Array(0..<70))
      func reordered(_ values: [Float], _ width: Int) -> [Float] {
        order.flatMap { values[$0 * width..<($0 + 1) * width] }
      }
      let plain = rig.run(rig.input, gradient: rig.gradient)
      let other = rig.run(
        reordered(rig.input, Rig.width), gradient: reordered(rig.gradient, 12))
      let far = Deviation(other.output, from: reordered(plain.output, 12), tolerance: 1e-5)
      let farBack = Deviation(
        other.inputGradient, from: reordered(plain.inputGradient, Rig.width), tolerance: 1e-5)
      #expect(far.isWithin == (positions == .none), "\(positions): \(far)")
      #expect(farBack.isWithin == (positions == .none), "\(positions): \(farBack)")
    }
  }

  @Test("a single step has nothing to attend to but itself, so that rotary positions are nothing")
  func oneStep() {
    let results = [Positions.rotary, .none].map { positions in
      let rig = Rig(Rig.options(positions), steps: [1, 1])
      return rig.run(rig.input, gradient: rig.gradient)
    }
    #expect(results[0].output == results[1].output)
    #expect(results[0].inputGradient == results[1].inputGradient)
    #expect(results[0].output.allSatisfy { $0.isFinite })
  }

  @Test("the gradient is the slope of the loss, also through all that dropout drops")
  func slopes() {
    let rig = Rig(Rig.options(.rotary, dropout: 0.3), steps: [5, 66])
    let (input, gradient) = (rig.input, rig.gradient)
    func loss() -> Double {
      zip(rig.forward(input, rig.block.pass(seed: 9)), gradient).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    _ = rig.run(input, gradient: gradient, seed: 9)
    let found = rig.block.gradients.array
    for entry in rig.block.layout.entries {
      // Along the gradient itself, so that the slope is its length.
      let norm = rig.block.gradients[entry.range].array.reduce(0) { $0 + Double($1) * Double($1) }
        .squareRoot()
      let start = rig.block.parameters[entry.range].array
      let sides = [0.002, -0.002].map { step -> Double in
        for (offset, index) in entry.range.enumerated() {
          rig.block.parameters[index] = start[offset] + Float(step * Double(found[index]) / norm)
        }
        return loss()
      }
      rig.block.parameters[entry.range].copy(start)
      let slope = (sides[0] - sides[1]) / 0.004
      #expect(abs(slope - norm) <= 0.01 * norm, "\(entry.name): \(slope) for \(norm)")
    }
  }

  @Test("dropout acts in training alone, and a seed repeats it")
  func dropout() {
    let plain = Rig(Rig.options(.rotary))
    let rig = Rig(Rig.options(.rotary, dropout: 0.4))
    let expected = plain.forward(plain.input, plain.block.pass(.inference))
    #expect(rig.forward(rig.input, rig.block.pass(.inference)) == expected)
    #expect(rig.forward(rig.input, rig.block.pass(seed: 1)) != expected)
    let first = rig.run(rig.input, gradient: rig.gradient, seed: 1)
    let other = rig.run(rig.input, gradient: rig.gradient, seed: 2)
    let again = rig.run(rig.input, gradient: rig.gradient, seed: 1)
    #expect(first.output != other.output && first.output == again.output)
    #expect(first.inputGradient == again.inputGradient)
  }

  @Test("layers are spelled out and cost what they hold")
  func shapes() throws {
    var model = ModelOptions()
    (model.rnn, model.transformer) = (nil, TransformerOptions())
    let shape = try NetworkShape(model: model, input: NetworkShapeTests.input, classes: 8)
    #expect(
      shape.layers.suffix(9).map { "\($0.name): \($0.output), \($0.parameters)" } == [
        "transformer input: 37 × 192, 319680", "transformer 1 attention: 37 × 192, 148608",
        "transformer 1 feed-forward: 37 × 192, 296256",
        "transformer 2 attention: 37 × 192, 148608",
        "transformer 2 feed-forward: 37 × 192, 296256", "transformer norm: 37 × 192, 384",
        "attention: 192, 24832", "dense 1: 128, 24704", "classes: 8, 1032",
      ])
    let network = Network(shape, maxClips: 1, seed: 1, workers: .single)
    #expect(network.layout.parameterCount == shape.cost.parameters)
    #expect(shape.pooledWidth == 192)
    let first = try #require(shape.layers.first { $0.name == "transformer 1 attention" })
    #expect(first.multiplyAdds == 37 * 192 * 192 * 4 + 2 * 37 * 37 * 192)
  }

  @Test("start as PyTorch's do")
  func initial() throws {
    var model = ModelOptions()
    model.transformer = TransformerOptions()
    let shape = try NetworkShape(model: model, input: NetworkShapeTests.input, classes: 8)
    let network = Network(shape, maxClips: 1, seed: 1, workers: .single)
    func span(_ name: String) throws -> (Float, Float) {
      let entry = try #require(network.layout.entries.first { $0.name == "transformer." + name })
      let values = entry.values(in: network.parameters)
      return (values.min() ?? .nan, values.max() ?? .nan)
    }
    let linear = 1 / Float(192).squareRoot()
    for (name, bound) in [
      ("layers.1.self_attn.in_proj_weight", (6 / Float(4 * 192)).squareRoot()),
      ("layers.0.self_attn.out_proj.weight", linear), ("layers.0.linear1.weight", linear),
      ("layers.0.linear2.weight", 1 / Float(768).squareRoot()),
    ] {
      let (low, high) = try span(name)
      #expect(-bound...bound ~= low && -bound...bound ~= high, "\(name)")
      #expect(high > 0.99 * bound && low < -0.99 * bound, "\(name): \(low)…\(high)")
    }
    for name in ["layers.0.self_attn.in_proj_bias", "layers.0.self_attn.out_proj.bias"] {
      #expect(try span(name) == (0, 0))
    }
    #expect(try span("norm.weight") == (1, 1))
  }

  @Test("heads that do not fit the width are refused by name")
  func misfits() {
    func message(_ change: (inout TransformerOptions) -> Void) -> String? {
      var model = ModelOptions()
      var options = TransformerOptions()
      change(&options)
      model.transformer = options
      do {
        _ = try NetworkShape(model: model, input: NetworkShapeTests.input, classes: 8)
        return nil
      } catch { return error.description }
    }
    #expect(
      message { $0.width = 190 }
        == "width: 190 is no multiple of heads, which is 4; use for example 192.")
    #expect(
      message { $0.width = 12 }
        == "positions: rotary turns pairs of values, but width 12 and heads 4 leave 3 to a head, an odd "
        + "number; use a width of 16 or other positions.")
    #expect(message { ($0.width, $0.positions) = (12, .sinusoidal) } == nil)
    #expect(message { ($0.width, $0.heads, $0.positions) = (1, 1, .none) } == nil)
  }
}

@Suite("The four places of dropout in a layer of the transformer")
struct TransformerDropoutTests {
  private static let steps = 400
  private static let width = 12

  /// What a layer adds to zeros, with the given parameters and all others 0, dropping a quarter.
  private func added(_ values: [String: Float]) throws -> [Float] {
    var options = TransformerOptions()
    (options.width, options.heads, options.feedForward) = (Self.width, 3, Self.width)
    options.dropout = 0.25
    var state = StateLayout()
    let layer = TransformerLayer(
      0, SelfAttention.Shared(options: options, rows: Self.steps, rotary: nil), state: &state)
    let block = HashedBlock(state) { _ in 0 }
    for (name, value) in values {
      let entry = try #require(block.layout.entries.first { $0.name == "layers.0.\(name)" })
      // A matrix is the identity times the value.
      let square = entry.shape.count == 2
      for index in 0..<entry.range.count where !square || index % (Self.width + 1) == 0 {
        block.parameters[entry.range.lowerBound + index] = value
      }
    }
    layer.forward(
      Rows(zeros: Self.steps, width: Self.width), clip: 0, rows: 0..<Self.steps,
      pass: block.pass(seed: 3))
    return layer.output.floats.array
  }

  /// The share of zeros, the mean, and the distinct values that are no zeros.
  private func summary(_ values: [Float]) -> (zeros: Double, mean: Double, kept: Set<Float>) {
    let count = Double(values.count)
    return (
      Double(values.filter { $0 == 0 }.count) / count,
      values.reduce(0) { $0 + Double($1) } / count, Set(values.filter { $0 != 0 })
    )
  }

  @Test("behind attention and behind the feed-forward sublayer")
  func sublayers() throws {
    for name in ["self_attn.out_proj.bias", "linear2.bias"] {
      let (zeros, mean, kept) = summary(try added([name: 3]))
      #expect(abs(zeros - 0.25) < 0.025 && abs(mean - 3) < 0.1, "\(name): \(zeros), \(mean)")
      #expect(kept == [4])
    }
  }

  @Test("within the feed-forward sublayer")
  func inside() throws {
    let (zeros, mean, kept) = summary(try added(["linear1.bias": 8, "linear2.weight": 1]))
    // One of the two drops it.
    #expect(abs(zeros - (1 - 0.75 * 0.75)) < 0.03 && abs(mean - 8) < 0.4, "\(zeros), \(mean)")
    #expect(kept.count == 1 && abs((kept.first ?? 0) - 8 / 0.5625) < 1e-4)
  }

  @Test("on the weights of attention, by a draw of its own for each head")
  func weights() throws {
    // Queries and keys are 0, so that each of 400 weights is 1/400 or nothing; values are 1.
    let values = try added(["self_attn.in_proj_bias": 1, "self_attn.out_proj.weight": 1])
    let heads = (0..<3).map { head in
      (0..<Self.steps).compactMap { step in
        (0..<4).map { values[step * Self.width + head * 4 + $0] * 0.75 }.first { $0 != 0 }
      }
    }
    for head in heads {
      let mean = head.reduce(0.0) { $0 + Double($1) } / Double(head.count)
      // A sum of 400 draws has a deviation of √(.25 / .75 / 400), so that its mean is close to 1.
      #expect(head.count > 390 && abs(mean - 1) < 0.006, "\(head.count), \(mean)")
      #expect(Set(head).count > 30)
      let deviation = head.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      #expect(abs((deviation / Double(head.count)).squareRoot() - 0.0289) < 0.005)
    }
    #expect(heads[0] != heads[1] && heads[1] != heads[2])
  }
}
