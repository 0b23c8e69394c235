import CKernels

/// The gradients of layer normalization of rows, which `RowNorm` computes.
package struct LayerNormGradient: Sendable {
  /// ε of torch.nn.LayerNorm.
  package static let epsilon: Float = 1e-5

  /// `[rows, W]`: what was normalized.
  private let x: Rows
  /// `[rows, 2]`: the mean of each row and the factor by which it is scaled; filled by `add`.
  private let moments: Rows

  /// Describes some rows.
  package init(_ x: Rows, moments: Rows) {
    precondition(
      moments.count == x.count && moments.width == 2 && moments.isContiguous && x.isContiguous,
      "\(moments.count) moments of \(x.count) rows")
    (self.x, self.moments) = (x, moments)
  }

  /// Adds dL/dx to `dx`, given dL/dy, and fills the moments.
  package func add(_ dy: Rows, scale: Floats, to dx: Rows) {
    check(dy, scale, scale)
    check(dx, scale, scale)
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_layer_norm_backward_plain : unsafe valence_layer_norm_backward
    unsafe kernel(
      x.count, x.width, Self.epsilon, x.pointer, scale.pointer, dy.pointer, moments.pointer,
      dx.pointer)
  }

  /// Overwrites the gradients of scale and shift, given dL/dy, for some columns, after `add`.
  package func fillSums(_ dy: Rows, columns: Range<Int>, scale: Floats, shift: Floats) {
    check(dy, scale, shift)
    let (x, dy) = (x.columns(columns), dy.columns(columns))
    let (scale, shift) = (scale[columns], shift[columns])
    unsafe valence_layer_norm_sums(
      x.count, columns.count, x.stride, x.pointer, moments.pointer, dy.pointer, scale.pointer,
      shift.pointer)
  }

  private func check(_ rows: Rows, _ scale: Floats, _ shift: Floats) {
    precondition(
      rows.hasShape(of: x) && scale.count == x.width && shift.count == x.width,
      "[\(rows.count), \(rows.width)] for [\(x.count), \(x.width)]")
  }
}
