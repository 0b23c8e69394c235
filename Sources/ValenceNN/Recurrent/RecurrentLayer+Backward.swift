import ValenceKernels

extension RecurrentLayer {
  /// Goes through the steps from the last to the first: dL/d(W·x) replaces the gates' activations.
  ///
  /// - Parameter outputGradient: `[rows, D·H]`.
  func backwardSteps(
    _ outputGradient: Rows, orders: [[RecurrentOrder]], workspaces: [RecurrentCells.Workspace],
    pass: Pass
  ) {
    pass.workers.forEach(parts: directions.count) { index in
      let direction = directions[index]
      weight(direction.recurrentWeight, pass.parameters).transpose(into: direction.turnedWeight)
    }
    let groups = orders[0].count
    pass.workers.forEach(parts: directions.count * groups) { index in
      let direction = directions[index / groups]
      let order = orders[index / groups][index % groups]
      let gradient = columns(of: outputGradient, direction: index / groups)
      let workspace = workspaces[index]
      workspace.carry.fill(0)
      workspace.stateGradient.fill(0)
      for step in order.running.indices.reversed() {
        if step + 1 < order.steps {
          let running = order.running[step + 1]
          GEMM.multiply(
            workspace.z.prefix(running), direction.turnedWeight,
            into: workspace.stateGradient.prefix(running))
        }
        direction.cells.backward(order, step: step, gradient: gradient, workspace: workspace)
      }
    }
  }

  /// Fills dL/dinput and the gradients of all parameters from dL/dz of all rows.
  func backwardProducts(_ input: Rows, inputGradient: Rows, pass: Pass) {
    // Each part owns either a strip of the input's gradient, or one of a direction's weights, or one
    // direction's recurrent weights and biases. Every sum over rows is one product.
    let (all, some) = (strips(Self.partCount), strips(Self.partCount / directions.count))
    let ofDirection = some.count + 1
    pass.workers.forEach(parts: all.count + directions.count * ofDirection) { index in
      if index < all.count {
        return fillInputGradient(inputGradient, all[index], pass: pass)
      }
      let direction = directions[(index - all.count) / ofDirection]
      let strip = (index - all.count) % ofDirection
      if strip < some.count {
        fillInputWeights(of: direction, some[strip], input: input, pass: pass)
      } else {
        fillRecurrentWeights(of: direction, rows: input.count, pass: pass)
      }
    }
  }

  /// The columns of the input in `count` strips, or fewer if there are fewer columns.
  private func strips(_ count: Int) -> [Range<Int>] {
    (0..<count).map { Part($0, of: count).range(of: sizes.inputWidth) }.filter { !$0.isEmpty }
  }

  /// dx = Σ over directions of dz·W, for some columns of the input.
  ///
  /// By columns, so that each row of W is read by one part: by rows of dx the large network's product ran
  /// at 76 instead of 104 GFLOP/s.
  private func fillInputGradient(_ gradient: Rows, _ columns: Range<Int>, pass: Pass) {
    for (index, direction) in directions.enumerated() {
      GEMM.multiply(
        direction.cells.gates.prefix(gradient.count),
        weight(direction.inputWeight, pass.parameters)[columns], transposing: .right,
        into: gradient.columns(columns), accumulate: index > 0)
    }
  }

  /// dWᵀ = xᵀ·dz for some columns of the input.
  private func fillInputWeights(
    of direction: DirectionWeights, _ columns: Range<Int>, input: Rows, pass: Pass
  ) {
    GEMM.multiply(
      input.columns(columns), direction.cells.gates.prefix(input.count), transposing: .left,
      into: weight(direction.inputWeight, pass.gradients)[columns])
  }

  /// dUᵀ = h′ᵀ·dL/d(h′·U), with h′ the states that the steps started from, and both biases' gradients.
  private func fillRecurrentWeights(of direction: DirectionWeights, rows: Int, pass: Pass) {
    let cells = direction.cells
    let (gates, kept, previous) = (
      cells.gates.prefix(rows), cells.kept.prefix(rows), cells.previous.prefix(rows)
    )
    let weight = weight(direction.recurrentWeight, pass.gradients)
    let (inputBias, stateBias) = (
      pass.gradients[direction.inputBias], pass.gradients[direction.recurrentBias]
    )
    gates.columnSums(into: inputBias)
    stateBias.copy(inputBias)
    switch sizes.cell {
    case .lstm: GEMM.multiply(previous, gates, transposing: .left, into: weight)
    case .gru:
      // The state reaches the candidate through q alone, whose gradient is in `kept`, not among the gates'.
      let (resetAndUpdate, candidate) = (0..<2 * sizes.hidden, 2 * sizes.hidden..<sizes.gates)
      GEMM.multiply(
        previous, gates.columns(resetAndUpdate), transposing: .left,
        into: weight.columns(resetAndUpdate))
      GEMM.multiply(previous, kept, transposing: .left, into: weight.columns(candidate))
      kept.columnSums(into: stateBias[candidate])
    }
  }
}
