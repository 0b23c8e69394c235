import CKernels

/// Layer normalization of rows (Ba et al., 2016), each by its own mean and variance:
/// (x − mean) / √(variance + epsilon) · scale + shift.
package struct RowNorm: Sendable {
  private let affine: (scale: Floats, shift: Floats)?
  private let epsilon: Float

  /// - Parameter affine: scale and shift of each column; nil leaves them out.
  package init(_ affine: (scale: Floats, shift: Floats)?, epsilon: Float) {
    if let affine {
      precondition(affine.scale.count == affine.shift.count, "a scale for each shift")
    }
    (self.affine, self.epsilon) = (affine, epsilon)
  }

  /// Writes the normalized rows, with `gelu` their exact GELU; `out` may be the rows themselves.
  package func apply(_ x: Rows, gelu: Bool = false, into out: Rows) {
    precondition(
      x.count == out.count && x.width == out.width && x.width > 0
        && (affine?.scale.count ?? x.width) == x.width,
      "[\(x.count), \(x.width)] normalized into [\(out.count), \(out.width)]")
    var norm = valence_row_norm(
      rows: x.count, width: x.width, x_stride: x.stride, y_stride: out.stride, epsilon: epsilon,
      gelu: gelu)
    let (scale, shift) = unsafe (affine?.scale.pointer, affine?.shift.pointer)
    if KernelSetup.isPlainHere {
      unsafe valence_normalize_rows_plain(&norm, x.pointer, scale, shift, out.pointer)
    } else {
      unsafe valence_normalize_rows(&norm, x.pointer, scale, shift, out.pointer)
    }
  }
}

extension Rows {
  /// Adds another view of as many rows and columns.
  package func add(_ other: Rows) {
    precondition(
      count == other.count && width == other.width,
      "[\(other.count), \(other.width)] to [\(count), \(width)]")
    for index in 0..<count { row(index).setSum(row(index), other.row(index)) }
  }
}
