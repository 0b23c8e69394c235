import ValenceKernels

/// One LSTM or GRU layer in one or both directions; D directions, H hidden units, G gates, I input
/// values.
///
/// The input's product with W is taken for all rows at once, the hidden state's with U step by step.
/// The block keeps both matrices transposed, `[I, G·H]` and `[H, G·H]`, so that both products
/// are those of untransposed matrices, which run fastest.
final class RecurrentLayer {
  /// The number of parts that work is cut into if there is enough of it, for any number of threads.
  static let partCount = BatchShape.shardCount

  /// The parts that rows are cut into; fewer than 64 would read the weights more than use them.
  static func parts(rows: Int, atMost limit: Int) -> [Range<Int>] {
    let count = max(1, min(limit, rows / 64))
    return (0..<count).map { Part($0, of: count).range(of: rows) }
  }

  /// The options and sizes of a layer.
  struct Sizes {
    let cell: RNNOptions.Cell
    /// Its number in the stack from 0, which is in the names of its parameters.
    let index: Int
    /// I.
    let inputWidth: Int
    /// H.
    let hidden: Int
    /// D.
    let directions: Int
    /// G·H.
    var gates: Int { cell.kind.gates * hidden }
  }

  /// The parameters of one direction, and what it remembers.
  struct DirectionWeights {
    let inputWeight: Range<Int>
    let recurrentWeight: Range<Int>
    let inputBias: Range<Int>
    let recurrentBias: Range<Int>
    let cells: RecurrentCells
    /// `[4H]`: both biases, joined.
    let bias: Floats
    /// `[G·H, H]`: U as PyTorch has it, for the backward pass.
    let turnedWeight: Rows
  }

  let sizes: Sizes
  let directions: [DirectionWeights]
  /// `[rows, D·H]`: the hidden states.
  let output: Rows

  /// For each direction G·H (I + H) weights and two biases of G·H, as PyTorch has them.
  static func shape(_ sizes: Sizes, steps: Int) -> LayerShape {
    let weights = sizes.directions * sizes.gates * (sizes.inputWidth + sizes.hidden)
    let width = sizes.directions * sizes.hidden
    var shape = LayerShape("rnn \(sizes.index + 1)", .sequence(steps: steps, width: width))
    shape.parameters = weights + sizes.directions * 2 * sizes.gates
    shape.multiplyAdds = weights * steps
    // The gates, what a cell keeps beside them, and the output.
    shape.keptFloats = steps * sizes.directions * (sizes.gates + 2 * sizes.hidden)
    return shape
  }

  init(_ sizes: Sizes, rows: Int, state: inout StateLayout) {
    self.sizes = sizes
    let (hidden, gates) = (sizes.hidden, sizes.gates)
    output = Rows(zeros: rows, width: sizes.directions * hidden)
    let initializer = Initializer.uniform(bound: 1 / Float(hidden).squareRoot())
    var directions: [DirectionWeights] = []
    for index in 0..<sizes.directions {
      func add(_ name: String, _ shape: [Int], axes: [Int]? = nil) -> Range<Int> {
        let suffix = "l\(sizes.index)" + (index == 0 ? "" : "_reverse")
        return state.addParameter(
          "\(sizes.cell.rawValue).\(name)_\(suffix)", shape: shape, initializer: initializer,
          axes: axes)
      }
      directions.append(
        DirectionWeights(
          inputWeight: add("weight_ih", [gates, sizes.inputWidth], axes: [1, 0]),
          recurrentWeight: add("weight_hh", [gates, hidden], axes: [1, 0]),
          inputBias: add("bias_ih", [gates]), recurrentBias: add("bias_hh", [gates]),
          cells: RecurrentCells(sizes.cell.kind, rows: rows, hidden: hidden),
          bias: Floats(zeros: RecurrentCells.biasCount(hidden: hidden)),
          turnedWeight: Rows(zeros: gates, width: hidden)))
    }
    self.directions = directions
  }

  /// Fills `output` from `input`, `[rows, I]`.
  ///
  /// - Parameter orders: for each direction, those of its groups of clips.
  func forward(
    _ input: Rows, orders: [[RecurrentOrder]], workspaces: [RecurrentCells.Workspace], pass: Pass
  ) {
    let parts = Self.parts(rows: input.count, atMost: Self.partCount / directions.count)
    let groups = orders[0].count
    // If a direction is a single part, its thread continues without waiting for the other direction.
    let isWhole = parts.count == 1 && groups == 1
    pass.workers.forEach(parts: directions.count * parts.count) { index in
      let direction = directions[index / parts.count]
      let rows = parts[index % parts.count]
      GEMM.multiply(
        input[rows], weight(direction.inputWeight, pass.parameters),
        into: direction.cells.gates[rows])
      if index % parts.count == 0 {
        direction.cells.join(
          pass.parameters[direction.inputBias], pass.parameters[direction.recurrentBias],
          into: direction.bias)
      }
      if isWhole { runSteps(of: index, orders[index][0], workspaces[index], pass: pass) }
    }
    if isWhole { return }
    pass.workers.forEach(parts: directions.count * groups) { index in
      runSteps(
        of: index / groups, orders[index / groups][index % groups], workspaces[index], pass: pass)
    }
  }

  private func runSteps(
    of index: Int, _ order: RecurrentOrder, _ workspace: RecurrentCells.Workspace, pass: Pass
  ) {
    let direction = directions[index]
    let weight = weight(direction.recurrentWeight, pass.parameters)
    let output = columns(of: output, direction: index)
    workspace.state.fill(0)
    workspace.z.fill(0)
    for (step, running) in order.running.enumerated() {
      if step > 0 {
        GEMM.multiply(workspace.state.prefix(running), weight, into: workspace.z.prefix(running))
      }
      direction.cells.forward(
        order, step: step, bias: direction.bias, output: output, workspace: workspace)
    }
  }

  /// A weight, `[I, G·H]` or `[H, G·H]`, of the parameters or of their gradients.
  func weight(_ range: Range<Int>, _ block: Floats) -> Rows {
    Rows(block[range], width: sizes.gates)
  }

  /// The columns of one direction in the rows of both.
  func columns(of values: Rows, direction: Int) -> Rows {
    values.columns(direction * sizes.hidden..<(direction + 1) * sizes.hidden)
  }
}
