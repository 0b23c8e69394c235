import ValenceKernels

/// Layer normalization of each time step, with a learned scale and shift (Ba et al., 2016); W values a step.
struct LayerNorm {
  private let scale: Range<Int>
  private let shift: Range<Int>
  private let width: Int
  /// `[rows, 2]`.
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
    LayerNormKernel(x[rows], moments: moments[rows]).forward(
      scale: pass.parameters[scale], shift: pass.parameters[shift], into: y[rows])
  }

  /// Adds dL/dx to the given rows of `dx`, after a `forward` of the same rows.
  func backward(_ dy: Rows, x: Rows, addingTo dx: Rows, rows: Range<Int>, pass: Pass) {
    LayerNormKernel(x[rows], moments: moments[rows]).backward(
      dy[rows], scale: pass.parameters[scale], addingTo: dx[rows])
  }

  /// Overwrites the gradients of the parameters, given x and dL/dy of all clips.
  func fillParameterGradients(_ x: Rows, _ dy: Rows, pass: Pass) {
    let kernel = LayerNormKernel(x, moments: moments.prefix(x.count))
    let parts = BatchShape.shardCount
    pass.workers.forEach(parts: parts) { index in
      let columns = Part(index, of: parts).range(of: width)
      if columns.isEmpty { return }
      kernel.fillSums(
        dy, columns: columns, scale: pass.gradients[scale], shift: pass.gradients[shift])
    }
  }
}
