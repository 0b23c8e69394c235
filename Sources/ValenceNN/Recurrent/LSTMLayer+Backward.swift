import ValenceKernels

extension LSTMLayer {
  /// Goes through the steps from the last to the first: dL/dz replaces the gates' activations.
  ///
  /// - Parameter outputGradient: `[rows, D·H]`.
  func backwardSteps(
    _ outputGradient: Floats, orders: [[RecurrentOrder]], workspaces: [LSTMCells.Workspace],
    pass: Pass
  ) {
    for direction in directions {
      Rows.transpose(
        pass.parameters[direction.recurrentWeight], rows: place.hidden, columns: 4 * place.hidden,
        into: direction.turnedWeight)
    }
    let groups = orders[0].count
    pass.workers.forEach(parts: directions.count * groups) { index in
      let direction = directions[index / groups]
      let order = orders[index / groups][index % groups]
      let gradient = columns(of: outputGradient, direction: index / groups)
      let workspace = workspaces[index]
      workspace.cellGradient.fill(0)
      workspace.stateGradient.fill(0)
      for step in order.running.indices.reversed() {
        if step + 1 < order.steps {
          GEMM.multiply(
            workspace.z, direction.turnedWeight, into: workspace.stateGradient,
            m: order.running[step + 1], n: place.hidden, k: 4 * place.hidden)
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
    let (width, gates) = (place.inputWidth, 4 * place.hidden)
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
    let (width, gates) = (place.inputWidth, 4 * place.hidden)
    if columns.isEmpty { return }
    let target = pass.gradients[direction.inputWeight]
    GEMM.multiply(
      input[columns.lowerBound..<rows * width], transposed: true, direction.cells.gates,
      into: target[columns.lowerBound * gates..<columns.upperBound * gates], m: columns.count,
      n: gates, k: rows, lda: width)
  }

  /// dUᵀ = h′ᵀ·dz, with h′ the states that the steps started from, and both biases' gradients.
  private func fillRecurrentWeights(of direction: Direction, rows: Int, pass: Pass) {
    let gates = 4 * place.hidden
    GEMM.multiply(
      direction.cells.previous, transposed: true, direction.cells.gates,
      into: pass.gradients[direction.recurrentWeight], m: place.hidden, n: gates, k: rows)
    Rows.sums(
      direction.cells.gates[0..<rows * gates], rows: rows,
      into: pass.gradients[direction.inputBias])
    pass.gradients[direction.recurrentBias].copy(pass.gradients[direction.inputBias])
  }
}
