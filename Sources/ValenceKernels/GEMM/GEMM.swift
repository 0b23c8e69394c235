import CKernels
import COneDNN
import COpenBLAS

/// Products of row-major matrices in single precision, on the calling thread.
package enum GEMM {
  /// Factors of a product.
  package struct Factors: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let left = Factors(rawValue: 1)
    package static let right = Factors(rawValue: 2)
  }

  /// c = (accumulate ? c : 0) + op(a)·op(b), where op transposes or does nothing.
  ///
  /// op(a) is `[m, k]`, op(b) is `[k, n]` and c is `[m, n]`.
  /// Where b is untransposed and not thin, oneDNN is 4–35 % faster; OpenBLAS does the others.
  ///
  /// - Parameters:
  ///   - transposing: the factors that op transposes.
  ///   - accumulate: whether to add to `c` instead of overwriting it.
  package static func multiply(
    _ a: Rows, _ b: Rows, transposing: Factors = [], into c: Rows, accumulate: Bool = false
  ) {
    let (turnsA, turnsB) = (transposing.contains(.left), transposing.contains(.right))
    let k = turnsA ? a.count : a.width
    precondition(
      (turnsA ? a.width : a.count) == c.count && (turnsB ? b.width : b.count) == k
        && (turnsB ? b.count : b.width) == c.width,
      "[\(a.count), \(a.width)] · [\(b.count), \(b.width)] is not [\(c.count), \(c.width)], "
        + "transposing \(turnsA ? "a" : "")\(turnsB ? "b" : "")")
    if c.count == 0 || c.width == 0 { return }
    var product = valence_product(
      m: c.count, n: c.width, k: k, lda: a.stride, ldb: b.stride, ldc: c.stride,
      transpose_a: turnsA, transpose_b: turnsB, accumulate: accumulate)
    if KernelSetup.isPlainHere {
      unsafe valence_gemm_plain(&product, a.pointer, b.pointer, c.pointer)
    } else if turnsB || c.width < 16 || !multiplyByOneDNN(product, a, b, into: c) {
      multiplyByOpenBLAS(product, a, b, into: c)
    }
  }

  private static func multiplyByOneDNN(
    _ p: valence_product, _ a: Rows, _ b: Rows, into c: Rows
  ) -> Bool {
    unsafe valence_dnn_sgemm(
      p.transpose_a, p.m, p.n, p.k, a.pointer, max(p.lda, 1), b.pointer, max(p.ldb, 1),
      p.accumulate, c.pointer, p.ldc)
  }

  private static func multiplyByOpenBLAS(
    _ p: valence_product, _ a: Rows, _ b: Rows, into c: Rows
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor, p.transpose_a ? CblasTrans : CblasNoTrans,
      p.transpose_b ? CblasTrans : CblasNoTrans, blasint(p.m), blasint(p.n), blasint(p.k), 1,
      a.pointer, blasint(max(p.lda, 1)), b.pointer, blasint(max(p.ldb, 1)), p.accumulate ? 1 : 0,
      c.pointer, blasint(p.ldc))
  }
}
