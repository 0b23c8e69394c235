import CKernels
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Gates")
struct GateKernelTests {
  @Test("the fast form is the plain one, with any width and distance of rows")
  func fast() {
    var random = RandomStream(seed: 4, "gates")
    for _ in 0..<100 {
      let (rows, width) = (random.below(5), 1 + random.below(40))
      let stride = width + random.below(20)
      func numbers(_ count: Int) -> [Float] { RecurrentCellsTests.normal(count, &random) }
      let biases = (numbers(width), numbers(width))
      var (values, gates) = (numbers(rows * stride), numbers(rows * stride))
      var sums = numbers(rows * width)
      var (plainValues, plainGates, plainSums) = (values, gates, sums)
      valence_gate_forward(rows, width, stride, biases.0, biases.1, &values, &gates, &sums)
      valence_gate_forward_plain(
        rows, width, stride, biases.0, biases.1, &plainValues, &plainGates, &plainSums)
      for (ours, theirs) in [(values, plainValues), (gates, plainGates), (sums, plainSums)] {
        let far = Deviation(ours, from: theirs, absolute: 2e-6, relative: 2e-6)
        #expect(far.isWithin, "\(rows) rows of \(width), \(stride) apart: \(far)")
      }
    }
  }
}
