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
      func matrix(_ rows: Int, _ columns: Int) -> (Rows, Floats) {
        let stride = columns + random.below(4)
        let memory = Floats(normal(rows * stride, &random))
        return (Rows(memory, count: rows, width: columns, stride: stride), memory)
      }
      let (a, _) = transposeA ? matrix(k, m) : matrix(m, k)
      let (b, _) = transposeB ? matrix(n, k) : matrix(k, n)
      let (result, c) = matrix(m, n)
      let expected = Floats(c.array)
      var transposing: GEMM.Factors = []
      if transposeA { transposing.insert(.left) }
      if transposeB { transposing.insert(.right) }
      GEMM.multiply(a, b, transposing: transposing, into: result, accumulate: accumulate)
      KernelSetup.plainly {
        GEMM.multiply(
          a, b, transposing: transposing,
          into: Rows(expected, count: m, width: n, stride: result.stride), accumulate: accumulate)
      }
      // Sums of up to 97 products of standard normal numbers; what lies between rows must not move.
      let far = Deviation(c.array, from: expected.array, absolute: 2e-5, relative: 1e-5)
      #expect(far.isWithin, "trial \(trial): \(m)×\(n)×\(k) \(transposeA) \(transposeB): \(far)")
    }
  }
}
