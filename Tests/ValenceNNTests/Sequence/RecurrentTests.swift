import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// Recurrent layers with hashed weights and memory for one batch.
private struct Rig {
  let stack: RecurrentStack
  let block: HashedBlock
  let rows: PackedRows
  let width: Int

  init(_ options: RNNOptions, width: Int, steps: [Int], room: Int = 0) {
    var state = StateLayout()
    rows = PackedRows(steps: steps)
    self.width = width
    stack = RecurrentStack(
      options, inputWidth: width, rows: rows.rows + room, clips: steps.count + room,
      state: &state)
    block = HashedBlock(state) { _ in 0.6 }
  }

  /// Output and dL/dinput for the given input and dL/doutput.
  func run(_ input: [Float], gradient: [Float], threads: Int = 1) -> (Floats, Floats) {
    let (pass, input) = (block.pass(threads: threads, seed: 5), Rows(Floats(input), width: width))
    stack.forward(input, packing: rows, pass: pass)
    let output = Floats(stack.output(rows: rows.rows).floats.array)
    let inputGradient = Rows(zeros: input.count, width: width)
    stack.backward(
      Rows(Floats(gradient), width: stack.outputWidth), input: input, inputGradient: inputGradient,
      packing: rows, pass: pass)
    return (output, inputGradient.floats)
  }
}

@Suite("Recurrent layers")
struct RecurrentTests {
  static let lengths = [4, 1, 9, 6, 9]

  static func options(
    _ cell: RNNOptions.Cell = .lstm, hidden: Int, layers: Int, bidirectional: Bool,
    dropout: Double = 0
  ) -> RNNOptions {
    var options = RNNOptions()
    options.cell = cell
    (options.hidden, options.layers) = (hidden, layers)
    (options.bidirectional, options.dropout) = (bidirectional, dropout)
    return options
  }

  @Test(
    "outputs and all gradients equal PyTorch's on ragged clips",
    arguments: [
      ("bidirectional", 7, options(hidden: 5, layers: 1, bidirectional: true)),
      ("stacked", 7, options(hidden: 5, layers: 2, bidirectional: true)),
      ("forward", 3, options(hidden: 17, layers: 3, bidirectional: false)),
    ])
  func equalsPyTorch(name: String, width: Int, options: RNNOptions) throws {
    for cell in RNNOptions.Cell.allCases {
      var options = options
      options.cell = cell
      try expectPyTorch("\(cell.rawValue)_\(name)", width: width, options: options)
    }
  }

  private func expectPyTorch(_ name: String, width: Int, options: RNNOptions) throws {
    let arrays = try Fixture(.module).arrays("sequence/\(name).safetensors")
    let rig = Rig(options, width: width, steps: Self.lengths)
    let (output, inputGradient) = rig.run(
      hashed("input", rig.rows.rows * width),
      gradient: hashed("gradient", rig.rows.rows * rig.stack.outputWidth))
    var ours = rig.block.gradientArrays.mapKeys { "gradient.\($0)" }
    ours["output"] = output.array
    ours["gradient.input"] = inputGradient.array
    #expect(Set(ours.keys) == Set(arrays.keys))
    for (key, array) in arrays {
      let far = Deviation(ours[key] ?? [], from: array.values, absolute: 1e-6, relative: 1e-4)
      #expect(far.isWithin, "\(name) \(key): \(far)")
    }
  }

  @Test(
    "a clip comes out the same alone, in company, and whatever the order of the clips",
    arguments: RNNOptions.Cell.allCases)
  func clipsAreIndependent(cell: RNNOptions.Cell) {
    let options = Self.options(cell, hidden: 6, layers: 2, bidirectional: true)
    let (width, out) = (5, 12)
    var random = RandomStream(seed: 1, "lstm")
    for trial in 0..<30 {
      let steps = (0..<1 + random.below(7)).map { _ in 1 + random.below(12) }
      let rig = Rig(options, width: width, steps: steps, room: random.below(3))
      let inputs = steps.indices.map { hashed("\(trial) clip \($0)", steps[$0] * width) }
      let gradients = steps.indices.map { hashed("\(trial) gradient \($0)", steps[$0] * out) }
      let (together, _) = rig.run(
        inputs.flatMap { $0 }, gradient: gradients.flatMap { $0 })
      let order = random.shuffled(Array(steps.indices))
      let shuffled = Rig(options, width: width, steps: order.map { steps[$0] })
      let (inOrder, _) = shuffled.run(
        order.flatMap { inputs[$0] }, gradient: order.flatMap { gradients[$0] })
      for (place, clip) in order.enumerated() {
        let expected = together[rig.slice(of: clip, width: out)].array
        let there = inOrder[shuffled.slice(of: place, width: out)].array
        let alone = Rig(options, width: width, steps: [steps[clip]])
          .run(inputs[clip], gradient: gradients[clip]).0.array
        // Products of fewer rows may add in another order.
        let far = Deviation(there, from: expected, absolute: 1e-6, relative: 1e-5)
        #expect(far.isWithin, "seed 1, trial \(trial), order \(order): \(far)")
        let farAlone = Deviation(alone, from: expected, absolute: 1e-6, relative: 1e-5)
        #expect(farAlone.isWithin, "seed 1, trial \(trial), clip \(clip): \(farAlone)")
      }
      for (key, values) in rig.block.gradientArrays {
        let far = Deviation(
          shuffled.block.gradientArrays[key] ?? [], from: values, absolute: 1e-5, relative: 1e-4)
        #expect(far.isWithin, "seed 1, trial \(trial), \(key): \(far)")
      }
    }
  }

  @Test(
    "1, 2 and 4 threads give the same bits", arguments: RNNOptions.Cell.allCases, [true, false])
  func threadsChangeNothing(cell: RNNOptions.Cell, bidirectional: Bool) {
    let options = Self.options(
      cell, hidden: 9, layers: 2, bidirectional: bidirectional, dropout: 0.3)
    let steps = [3, 8, 8, 1, 5, 13, 2, 7, 7]
    let results = [1, 2, 4].map { threads in
      let rig = Rig(options, width: 10, steps: steps)
      let (output, input) = rig.run(
        hashed("input", rig.rows.rows * 10),
        gradient: hashed("gradient", rig.rows.rows * rig.stack.outputWidth), threads: threads)
      return [output.array, input.array, rig.block.gradients.array]
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }

  @Test(
    "dropout between layers drops its share in training and nothing in inference",
    arguments: RNNOptions.Cell.allCases)
  func dropsBetweenLayers(cell: RNNOptions.Cell) {
    let steps = [40, 25]
    let with = Rig(
      Self.options(cell, hidden: 16, layers: 2, bidirectional: true, dropout: 0.5), width: 4,
      steps: steps)
    let without = Rig(
      Self.options(cell, hidden: 16, layers: 2, bidirectional: true), width: 4, steps: steps)
    let input = Rows(Floats(hashed("input", 65 * 4)), width: 4)
    func output(_ rig: Rig, _ mode: Mode, seed: UInt64 = 3) -> [Float] {
      rig.stack.forward(input, packing: rig.rows, pass: rig.block.pass(mode, seed: seed))
      return rig.stack.output(rows: 65).floats.array
    }
    #expect(output(with, .inference) == output(without, .inference))
    #expect(output(with, .training) != output(without, .training))
    #expect(output(with, .training) == output(with, .training))
    #expect(output(with, .training) != output(with, .training, seed: 4))
  }

  @Test(
    "gradients through dropout equal central differences", arguments: RNNOptions.Cell.allCases)
  func gradientsEqualDifferences(cell: RNNOptions.Cell) {
    let options = Self.options(cell, hidden: 3, layers: 2, bidirectional: true, dropout: 0.4)
    let rig = Rig(options, width: 4, steps: [3, 5])
    let gradient = hashed("gradient", 8 * 6)
    let input = hashed("input", 8 * 4)
    _ = rig.run(input, gradient: gradient)
    let analytic = rig.block.gradients.array
    func loss() -> Double {
      rig.stack.forward(
        Rows(Floats(input), width: 4), packing: rig.rows, pass: rig.block.pass(seed: 5))
      let output = rig.stack.output(rows: 8).floats.array
      return zip(output, gradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for entry in rig.block.layout.entries {
      for index in stride(from: entry.range.lowerBound, to: entry.range.upperBound, by: 5) {
        let value = rig.block.parameters[index]
        rig.block.parameters[index] = value + 0x1p-7
        let above = loss()
        rig.block.parameters[index] = value - 0x1p-7
        let below = loss()
        rig.block.parameters[index] = value
        // Rounding of the loss 1e-6 over a step of 2^-6, and the third derivative.
        let far = Deviation(
          [analytic[index]], from: [Float((above - below) * 64)], absolute: 3e-4, relative: 1e-3)
        #expect(far.isWithin, "\(entry.name) \(index - entry.range.lowerBound): \(far)")
      }
    }
  }

  @Test("a stack of one direction says so in its parameters' names and shapes")
  func namesParameters() {
    var state = StateLayout()
    _ = RecurrentStack(
      Self.options(hidden: 2, layers: 2, bidirectional: true), inputWidth: 3, rows: 4, clips: 1,
      state: &state)
    let shapes = state.parameters.entries.map { "\($0.name) \($0.shape)" }
    #expect(
      shapes == [
        "lstm.weight_ih_l0 [8, 3]", "lstm.weight_hh_l0 [8, 2]", "lstm.bias_ih_l0 [8]",
        "lstm.bias_hh_l0 [8]", "lstm.weight_ih_l0_reverse [8, 3]",
        "lstm.weight_hh_l0_reverse [8, 2]", "lstm.bias_ih_l0_reverse [8]",
        "lstm.bias_hh_l0_reverse [8]", "lstm.weight_ih_l1 [8, 4]", "lstm.weight_hh_l1 [8, 2]",
        "lstm.bias_ih_l1 [8]", "lstm.bias_hh_l1 [8]", "lstm.weight_ih_l1_reverse [8, 4]",
        "lstm.weight_hh_l1_reverse [8, 2]", "lstm.bias_ih_l1_reverse [8]",
        "lstm.bias_hh_l1_reverse [8]",
      ])
    state = StateLayout()
    _ = RecurrentStack(
      Self.options(.gru, hidden: 2, layers: 1, bidirectional: false), inputWidth: 3, rows: 4,
      clips: 1, state: &state)
    #expect(
      state.parameters.entries.map { "\($0.name) \($0.shape)" } == [
        "gru.weight_ih_l0 [6, 3]", "gru.weight_hh_l0 [6, 2]", "gru.bias_ih_l0 [6]",
        "gru.bias_hh_l0 [6]",
      ])
  }
}

extension Rig {
  fileprivate func slice(of clip: Int, width: Int) -> Range<Int> {
    rows.offsets[clip] * width..<rows.offsets[clip + 1] * width
  }
}

extension Dictionary where Key == String {
  /// The same values under other keys.
  func mapKeys(_ rename: (String) -> String) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: map { (rename($0.key), $0.value) })
  }
}
