import ValenceKernels

extension RecurrentLayer {
  /// Goes through the steps from the last to the first: dL/d(W·x) replaces the gates' activations.
  ///
  /// - Parameter outputGradient: `[rows, D·H]`.
  func backwardSteps(
    _ outputGradient: Floats, orders: [[RecurrentOrder]], workspaces: [RecurrentCells.Workspace],
    pass: Pass
  ) {
    for direction in directions {
      Rows.transpose(
        pass.parameters[direction.recurrentWeight], rows: place.hidden, columns: place.gates,
        into: direction.turnedWeight)
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
          GEMM.multiply(
            workspace.z, direction.turnedWeight, into: workspace.stateGradient,
            m: order.running[step + 1], n: place.hidden, k: place.gates)
        }
        direction.cells.backward(order, step: step, gradient: gradient, workspace: workspace)
      }
    }
  }

  /// Fills dL/dinput and the gradients of all parameters from dL/dz of all rows.
  func backwardProducts(_ input: Floats, inputGradient: Floats, rows: Int, pass: Pass) {
    // Each part owns either some rows of the input's gradient, or a strip of one direction's
    // weights, or one direction's recurrent weights and biases. Every sum over rows is one product.
    let parts = Self.parts(rows: rows, atMost: Self.partCount)
    let strips = Self.partCount / directions.count
    let ofDirection = strips + 1
    pass.workers.forEach(parts: parts.count + directions.count * ofDirection) { index in
      if index < parts.count {
        return fillInputGradient(inputGradient, parts[index], pass: pass)
      }
      let direction = directions[(index - parts.count) / ofDirection]
      let strip = (index - parts.count) % ofDirection
      if strip < strips {
        let width = place.inputWidth
        let columns = strip * width / strips..<(strip + 1) * width / strips
        fillInputWeights(of: direction, columns, input: input, rows: rows, pass: pass)
      } else {
        fillRecurrentWeights(of: direction, rows: rows, pass: pass)
      }
    }
  }

  /// dx = Σ over directions of dz·W.
  private func fillInputGradient(_ gradient: Floats, _ rows: Range<Int>, pass: Pass) {
    let (width, gates) = (place.inputWidth, place.gates)
    for (index, direction) in directions.enumerated() {
      GEMM.multiply(
        direction.cells.gates[rows.lowerBound * gates..<rows.upperBound * gates],
        transposed: false, pass.parameters[direction.inputWeight], transposed: true,
        into: gradient[rows.lowerBound * width..<rows.upperBound * width], m: rows.count, n: width,
        k: gates, accumulate: index > 0)
    }
  }

  /// dWᵀ = xᵀ·dz for some columns of the input.
  private func fillInputWeights(
    of direction: Direction, _ columns: Range<Int>, input: Floats, rows: Int, pass: Pass
  ) {
    let (width, gates) = (place.inputWidth, place.gates)
    if columns.isEmpty { return }
    let target = pass.gradients[direction.inputWeight]
    GEMM.multiply(
      input[columns.lowerBound..<rows * width], transposed: true, direction.cells.gates,
      into: target[columns.lowerBound * gates..<columns.upperBound * gates], m: columns.count,
      n: gates, k: rows, lda: width)
  }

  /// dUᵀ = h′ᵀ·dL/d(h′·U), with h′ the states that the steps started from, and both biases' gradients.
  private func fillRecurrentWeights(of direction: Direction, rows: Int, pass: Pass) {
    let (hidden, gates, cells) = (place.hidden, place.gates, direction.cells)
    let weight = pass.gradients[direction.recurrentWeight]
    let (inputBias, stateBias) = (
      pass.gradients[direction.inputBias], pass.gradients[direction.recurrentBias]
    )
    Rows.sums(cells.gates[0..<rows * gates], rows: rows, into: inputBias)
    stateBias.copy(inputBias)
    switch place.cell {
    case .lstm:
      GEMM.multiply(
        cells.previous, transposed: true, cells.gates, into: weight, m: hidden, n: gates, k: rows)
    case .gru:
      // Of the candidate the state moves q alone, whose gradient lies apart from the gates'.
      let candidate = 2 * hidden
      GEMM.multiply(
        cells.previous, transposed: true, cells.gates, into: weight, m: hidden, n: candidate,
        k: rows, ldb: gates, ldc: gates)
      GEMM.multiply(
        cells.previous, transposed: true, cells.kept, into: weight[candidate..<weight.count],
        m: hidden, n: hidden, k: rows, ldc: gates)
      Rows.sums(
        cells.kept[0..<rows * hidden], rows: rows, into: stateBias[candidate..<gates])
    }
  }
}
