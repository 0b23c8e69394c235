import ValenceKernels

extension RecurrentLayer {
  /// Goes through the steps from the last to the first: dL/d(W·x) replaces the gates' activations.
  ///
  /// - Parameter outputGradient: `[rows, D·H]`.
  func backwardSteps(
    _ outputGradient: Floats, orders: [[RecurrentOrder]], workspaces: [RecurrentCells.Workspace],
    pass: Pass
  ) {
    pass.workers.forEach(parts: directions.count) { index in
      let direction = directions[index]
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
    // Each part owns either a strip of the input's gradient, or one of a direction's weights, or one
    // direction's recurrent weights and biases. Every sum over rows is one product.
    let (all, some) = (strips(Self.partCount), strips(Self.partCount / directions.count))
    let ofDirection = some.count + 1
    pass.workers.forEach(parts: all.count + directions.count * ofDirection) { index in
      if index < all.count {
        return fillInputGradient(inputGradient, all[index], rows: rows, pass: pass)
      }
      let direction = directions[(index - all.count) / ofDirection]
      let strip = (index - all.count) % ofDirection
      if strip < some.count {
        fillInputWeights(of: direction, some[strip], input: input, rows: rows, pass: pass)
      } else {
        fillRecurrentWeights(of: direction, rows: rows, pass: pass)
      }
    }
  }

  /// The input's columns in so many strips, or fewer where there are not as many columns.
  private func strips(_ count: Int) -> [Range<Int>] {
    (0..<count).map { Share($0, of: count).of(place.inputWidth) }.filter { !$0.isEmpty }
  }

  /// dx = Σ over directions of dz·W, for some columns of the input.
  ///
  /// By columns, so that each row of W is read by one part: by rows of dx the large network's product ran
  /// at 76 instead of 104 GFLOP/s.
  private func fillInputGradient(
    _ gradient: Floats, _ columns: Range<Int>, rows: Int, pass: Pass
  ) {
    let (width, gates) = (place.inputWidth, place.gates)
    for (index, direction) in directions.enumerated() {
      let weight = pass.parameters[direction.inputWeight]
      GEMM.multiply(
        direction.cells.gates, transposed: false,
        weight[columns.lowerBound * gates..<columns.upperBound * gates], transposed: true,
        into: gradient[columns.lowerBound..<rows * width], m: rows, n: columns.count, k: gates,
        ldc: width, accumulate: index > 0)
    }
  }

  /// dWᵀ = xᵀ·dz for some columns of the input.
  private func fillInputWeights(
    of direction: Direction, _ columns: Range<Int>, input: Floats, rows: Int, pass: Pass
  ) {
    let (width, gates) = (place.inputWidth, place.gates)
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
