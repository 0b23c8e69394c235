import ValenceKernels

/// One LSTM layer in one or both directions; D directions, H hidden units, I input values.
///
/// The input's product with W is taken for all rows at once, the hidden state's with U step by step.
/// Both matrices lie transposed in the block, `[I, 4H]` and `[H, 4H]`, so that both products are
/// those of untransposed matrices, which run fastest.
final class LSTMLayer {
  /// Into how many parts work is cut if there is enough of it, whatever the number of threads.
  static let partCount = BatchShape.shardCount

  /// The parts that rows are cut into; fewer than 64 would read the weights more than use them.
  static func parts(rows: Int, atMost limit: Int) -> [Range<Int>] {
    let count = max(1, min(limit, rows / 64))
    return (0..<count).map { $0 * rows / count..<($0 + 1) * rows / count }
  }

  /// Where a layer stands in its stack.
  struct Place {
    /// Its number from 0, as its parameters' names carry it.
    let index: Int
    /// I.
    let inputWidth: Int
    /// H.
    let hidden: Int
    /// D.
    let directions: Int
  }

  /// The parameters of one direction, and what it remembers.
  struct Direction {
    let inputWeight: Range<Int>
    let recurrentWeight: Range<Int>
    let inputBias: Range<Int>
    let recurrentBias: Range<Int>
    let cells: LSTMCells
    /// `[4H]`: the sum of both biases.
    let bias: Floats
    /// `[4H, H]`: U as PyTorch has it, for the backward pass.
    let turnedWeight: Floats
  }

  let place: Place
  let directions: [Direction]
  /// `[rows, D·H]`: the hidden states.
  let output: Floats

  init(_ place: Place, rows: Int, parameters: inout ParameterLayout) {
    self.place = place
    let hidden = place.hidden
    output = Floats(zeros: rows * place.directions * hidden)
    let initializer = Initializer.uniform(bound: 1 / Float(hidden).squareRoot())
    var directions: [Direction] = []
    for index in 0..<place.directions {
      func add(_ name: String, _ shape: [Int], axes: [Int]? = nil) -> Range<Int> {
        let suffix = "l\(place.index)" + (index == 0 ? "" : "_reverse")
        return parameters.add(
          "lstm.\(name)_\(suffix)", shape: shape, initializer: initializer, axes: axes)
      }
      directions.append(
        Direction(
          inputWeight: add("weight_ih", [4 * hidden, place.inputWidth], axes: [1, 0]),
          recurrentWeight: add("weight_hh", [4 * hidden, hidden], axes: [1, 0]),
          inputBias: add("bias_ih", [4 * hidden]), recurrentBias: add("bias_hh", [4 * hidden]),
          cells: LSTMCells(rows: rows, hidden: hidden), bias: Floats(zeros: 4 * hidden),
          turnedWeight: Floats(zeros: 4 * hidden * hidden)))
    }
    self.directions = directions
  }

  /// Fills `output` from `input`, `[rows, I]`.
  ///
  /// - Parameter orders: for each direction, those of its groups of clips.
  func forward(
    _ input: Floats, orders: [[RecurrentOrder]], rows: Int, workspaces: [LSTMCells.Workspace],
    pass: Pass
  ) {
    let parts = Self.parts(rows: rows, atMost: Self.partCount / directions.count)
    pass.workers.forEach(parts: directions.count * parts.count) { index in
      let direction = directions[index / parts.count]
      multiply(input, parts[index % parts.count], by: direction, pass: pass)
      if index % parts.count == 0 {
        Rows.add(
          pass.parameters[direction.inputBias], pass.parameters[direction.recurrentBias],
          into: direction.bias)
      }
    }
    let groups = orders[0].count
    pass.workers.forEach(parts: directions.count * groups) { index in
      runSteps(
        of: index / groups, orders[index / groups][index % groups], workspaces[index], pass: pass)
    }
  }

  /// gates = x·Wᵀ for some rows.
  private func multiply(_ input: Floats, _ rows: Range<Int>, by direction: Direction, pass: Pass) {
    let (width, gates) = (place.inputWidth, 4 * place.hidden)
    GEMM.multiply(
      input[rows.lowerBound * width..<rows.upperBound * width],
      pass.parameters[direction.inputWeight],
      into: direction.cells.gates[rows.lowerBound * gates..<rows.upperBound * gates],
      m: rows.count, n: gates, k: width)
  }

  private func runSteps(
    of index: Int, _ order: RecurrentOrder, _ workspace: LSTMCells.Workspace, pass: Pass
  ) {
    let direction = directions[index]
    let weight = pass.parameters[direction.recurrentWeight]
    let output = columns(of: output, direction: index)
    workspace.state.fill(0)
    workspace.z.fill(0)
    for (step, running) in order.running.enumerated() {
      if step > 0 {
        GEMM.multiply(
          workspace.state, weight, into: workspace.z, m: running, n: 4 * place.hidden,
          k: place.hidden)
      }
      direction.cells.forward(
        order, step: step, bias: direction.bias, output: output, workspace: workspace)
    }
  }

  /// What a direction has of rows that it shares with the other.
  func columns(of values: Floats, direction: Int) -> LSTMCells.Columns {
    LSTMCells.Columns(
      values[direction * place.hidden..<values.count], stride: directions.count * place.hidden)
  }
}
