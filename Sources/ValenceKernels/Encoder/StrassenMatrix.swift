import CKernels

/// The weights of a dense layer for products by halves: seven products of half the rows, depth and columns where eight
/// would be needed (Strassen, 1969).
///
/// Takes seven floats where `PackedMatrix` takes four, and an eighth off the multiplications. `Engine.md` has what that
/// does to speed and errors.
package struct StrassenMatrix: Sendable {
  package let depth: Int
  package let columns: Int
  private let packed: Floats

  /// Whether a matrix can be halved: both halves of its depth and columns are whole panels.
  package static func fits(depth: Int, columns: Int) -> Bool {
    depth.isMultiple(of: 2 * PackedMatrix.panel) && columns.isMultiple(of: 2 * PackedMatrix.panel)
  }

  /// Packs weights as PyTorch keeps them, `[columns, depth]`, of sizes that fit.
  package init(_ weights: Floats, depth: Int, columns: Int) {
    precondition(
      Self.fits(depth: depth, columns: columns) && weights.count == depth * columns,
      "\(weights.count) weights for [\(columns), \(depth)]")
    (self.depth, self.columns) = (depth, columns)
    packed = Floats(zeros: depth * columns / 4 * 7)
    unsafe valence_strassen_pack(depth, columns, weights.pointer, packed.pointer)
  }

  /// out = finish(rows · matrix + bias), on the calling thread.
  ///
  /// Rows 2 i and 2 i + 1 are worked out together, and their numbers do not depend on any others. So work may be cut
  /// behind an even number of rows.
  package func multiply(
    _ a: Rows, bias: Floats? = nil, finish: PackedMatrix.Finish = [], into out: Rows,
    pool: FloatPool
  ) {
    precondition(
      a.width == depth && out.count == a.count && out.width == columns
        && (bias?.count ?? columns) == columns,
      "[\(a.count), \(a.width)] into [\(out.count), \(out.width)], \(bias?.count ?? 0) biases")
    if a.count == 0 { return }
    var product = valence_packed_product(
      rows: a.count, columns: columns, taps: 1, depth: depth, a_stride: a.stride, tap_stride: 0,
      c_stride: out.stride, c_panel: PackedMatrix.panel, gelu: finish.contains(.gelu),
      add: finish.contains(.add))
    let bias = unsafe bias?.pointer
    if KernelSetup.isPlainHere {
      unsafe valence_strassen_multiply_plain(
        &product, a.pointer, packed.pointer, bias, out.pointer)
      return
    }
    pool.lend(valence_strassen_scratch(a.count, depth)) { scratch in
      unsafe valence_strassen_multiply(
        &product, a.pointer, packed.pointer, bias, scratch.pointer, out.pointer)
    }
  }
}
