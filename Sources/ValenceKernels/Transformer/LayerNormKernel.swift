import CKernels

/// Layer normalization of rows for training, each by its own mean and variance (Ba et al., 2016).
///
/// y = (x − mean) / √(variance + ε) · scale + shift, with ε 1e-5 as torch.nn.LayerNorm.
package struct LayerNormKernel: Sendable {
  private static let epsilon: Float = 1e-5

  /// `[rows, W]`: x.
  private let x: Rows
  /// `[rows, 2]`: the mean of each row and the factor by which it is scaled; filled by `forward`.
  private let moments: Rows

  /// Describes some rows.
  package init(_ x: Rows, moments: Rows) {
    precondition(
      moments.count == x.count && moments.width == 2 && moments.isContiguous && x.isContiguous,
      "\(moments.count) moments of \(x.count) rows")
    (self.x, self.moments) = (x, moments)
  }

  /// Fills the moments and `y`.
  package func forward(scale: Floats, shift: Floats, into y: Rows) {
    check(y, scale, shift)
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_layer_norm_forward_plain : unsafe valence_layer_norm_forward
    unsafe kernel(
      x.count, x.width, Self.epsilon, x.pointer, scale.pointer, shift.pointer, moments.pointer,
      y.pointer)
  }

  /// Adds dL/dx to `dx`, given dL/dy.
  package func backward(_ dy: Rows, scale: Floats, addingTo dx: Rows) {
    check(dy, scale, scale)
    check(dx, scale, scale)
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_layer_norm_backward_plain : unsafe valence_layer_norm_backward
    unsafe kernel(
      x.count, x.width, x.pointer, moments.pointer, scale.pointer, dy.pointer, dx.pointer)
  }

  /// Overwrites the gradients of scale and shift, given dL/dy, for some columns.
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
