import CKernels
import COneDNN
import COpenBLAS

/// Products of row-major matrices in single precision, on the calling thread.
package enum GEMM {
  /// c[m, n] = (accumulate ? c : 0) + op(a)·op(b).
  ///
  /// op(a) is `[m, k]` and op(b) is `[k, n]`; a transposed matrix is stored as `[k, m]` or `[n, k]`.
  /// Where b is untransposed and not thin, oneDNN is 4–35 % faster; OpenBLAS does the others.
  ///
  /// - Parameters:
  ///   - lda: the distance between rows of `a` as it is stored; nil means that they adjoin. So for
  ///     `ldb` and `ldc`.
  ///   - accumulate: whether to add to `c` instead of overwriting it.
  package static func multiply(
    _ a: Floats, transposed transposeA: Bool = false, _ b: Floats,
    transposed transposeB: Bool = false, into c: Floats, m: Int, n: Int, k: Int, lda: Int? = nil,
    ldb: Int? = nil, ldc: Int? = nil, accumulate: Bool = false
  ) {
    multiply(
      plainly: KernelSetup.isPlainHere, a, transposed: transposeA, b, transposed: transposeB,
      into: c, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc, accumulate: accumulate)
  }

  /// The same product; plainly is without any library, by its definition.
  static func multiply(
    plainly: Bool, _ a: Floats, transposed transposeA: Bool, _ b: Floats,
    transposed transposeB: Bool, into c: Floats, m: Int, n: Int, k: Int, lda: Int?, ldb: Int?,
    ldc: Int?, accumulate: Bool
  ) {
    var product = valence_product(
      m: m, n: n, k: k, lda: lda ?? (transposeA ? m : k), ldb: ldb ?? (transposeB ? k : n),
      ldc: ldc ?? n, transpose_a: transposeA, transpose_b: transposeB, accumulate: accumulate)
    check(product, a, b, c)
    if m == 0 || n == 0 { return }
    if plainly {
      unsafe valence_gemm_plain(&product, a.pointer, b.pointer, c.pointer)
    } else if transposeB || n < 16 || !multiplyByOneDNN(product, a, b, into: c) {
      multiplyByOpenBLAS(product, a, b, into: c)
    }
  }

  private static func check(_ p: valence_product, _ a: Floats, _ b: Floats, _ c: Floats) {
    func check(_ view: Floats, rows: Int, columns: Int, stride: Int, name: String) {
      precondition(
        rows >= 0 && columns >= 0 && stride >= columns
          && (rows == 0 || columns == 0 || view.count >= (rows - 1) * stride + columns),
        "\(name) [\(rows), \(columns)] with rows \(stride) apart does not fit \(view.count) floats")
    }
    check(
      a, rows: p.transpose_a ? p.k : p.m, columns: p.transpose_a ? p.m : p.k, stride: p.lda,
      name: "a")
    check(
      b, rows: p.transpose_b ? p.n : p.k, columns: p.transpose_b ? p.k : p.n, stride: p.ldb,
      name: "b")
    check(c, rows: p.m, columns: p.n, stride: p.ldc, name: "c")
  }

  private static func multiplyByOneDNN(
    _ p: valence_product, _ a: Floats, _ b: Floats, into c: Floats
  ) -> Bool {
    unsafe valence_dnn_sgemm(
      p.transpose_a, p.m, p.n, p.k, a.pointer, max(p.lda, 1), b.pointer, max(p.ldb, 1),
      p.accumulate, c.pointer,
      p.ldc)
  }

  private static func multiplyByOpenBLAS(
    _ p: valence_product, _ a: Floats, _ b: Floats, into c: Floats
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor, p.transpose_a ? CblasTrans : CblasNoTrans,
      p.transpose_b ? CblasTrans : CblasNoTrans, blasint(p.m), blasint(p.n), blasint(p.k), 1,
      a.pointer, blasint(max(p.lda, 1)), b.pointer, blasint(max(p.ldb, 1)), p.accumulate ? 1 : 0,
      c.pointer, blasint(p.ldc))
  }
}
