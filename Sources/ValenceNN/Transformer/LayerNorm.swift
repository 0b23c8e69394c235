import ValenceKernels

/// Layer normalization of each time step, with a learned scale and shift (Ba et al., 2016); W values a step.
struct LayerNorm {
  private let scale: Range<Int>
  private let shift: Range<Int>
  private let width: Int
  /// `[rows, 2]`: what `backward` leaves for the sums over rows.
  private let moments: Rows

  /// Adds `<name>weight` and `<name>bias`, `[W]`.
  init(_ name: String, width: Int, rows: Int, state: inout StateLayout) {
    self.width = width
    scale = state.addParameter(name + "weight", shape: [width], initializer: .constant(1))
    shift = state.addParameter(name + "bias", shape: [width], initializer: .constant(0))
    moments = Rows(zeros: rows, width: 2)
  }

  /// Fills the given rows of `y` from those of `x`, `[rows, W]`.
  func forward(_ x: Rows, into y: Rows, rows: Range<Int>, pass: Pass) {
    RowNorm(
      (pass.parameters[scale], pass.parameters[shift]), epsilon: LayerNormGradient.epsilon
    ).apply(x[rows], into: y[rows])
  }

  /// Adds dL/dx to the given rows of `dx`.
  func backward(_ dy: Rows, x: Rows, addingTo dx: Rows, rows: Range<Int>, pass: Pass) {
    LayerNormGradient(x[rows], moments: moments[rows])
      .add(dy[rows], scale: pass.parameters[scale], to: dx[rows])
  }

  /// Overwrites the gradients of the parameters, given x and dL/dy of all clips, after their `backward`.
  func fillParameterGradients(_ x: Rows, _ dy: Rows, pass: Pass) {
    let kernel = LayerNormGradient(x, moments: moments.prefix(x.count))
    let parts = BatchShape.shardCount
    pass.workers.forEach(parts: parts) { index in
      let columns = Part(index, of: parts).range(of: width)
      if columns.isEmpty { return }
      kernel.fillSums(
        dy, columns: columns, scale: pass.gradients[scale], shift: pass.gradients[shift])
    }
  }
}
