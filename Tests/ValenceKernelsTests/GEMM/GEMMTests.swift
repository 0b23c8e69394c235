import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("GEMM")
struct GEMMTests {
  @Test("every product equals the plain one, with rows apart, transposed or accumulated")
  func equalsPlain() {
    var random = RandomStream(seed: 4, "gemm")
    let sizes = [1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 64, 97]
    for trial in 0..<150 {
      let (m, n, k) = (
        sizes[random.below(12)], sizes[random.below(12)], trial == 0 ? 0 : sizes[random.below(12)]
      )
      let (transposeA, transposeB) = (random.below(2) == 1, random.below(2) == 1)
      let accumulate = random.below(2) == 1
      let lda = (transposeA ? m : k) + random.below(4)
      let ldb = (transposeB ? k : n) + random.below(4)
      let ldc = n + random.below(4)
      let a = Floats(normal((transposeA ? k : m) * lda, &random))
      let b = Floats(normal((transposeB ? n : k) * ldb, &random))
      let c = Floats(normal(m * ldc, &random))
      let expected = Floats(c.array)
      GEMM.multiply(
        a, transposed: transposeA, b, transposed: transposeB, into: c, m: m, n: n, k: k, lda: lda,
        ldb: ldb, ldc: ldc, accumulate: accumulate)
      GEMM.multiply(
        plainly: true, a, transposed: transposeA, b, transposed: transposeB, into: expected, m: m,
        n: n, k: k, lda: lda, ldb: ldb, ldc: ldc, accumulate: accumulate)
      // Sums of up to 97 products of standard normal numbers; what lies between rows must not move.
      let far = Deviation(c.array, from: expected.array, absolute: 2e-5, relative: 1e-5)
      #expect(far.isWithin, "trial \(trial): \(m)×\(n)×\(k) \(transposeA) \(transposeB): \(far)")
    }
  }
}
