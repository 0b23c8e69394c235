import CKernels
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Arithmetic in registers")
struct RegisterLoopTests {
  @Test("multiplies and adds each of its floats, as often as the plain form does")
  func fast() {
    var random = RandomStream(seed: 1, "registers")
    for rounds in [0, 1, 2, 7, 100] {
      let start = (0..<RegisterLoop.width).map { _ in Float(random.normal()) }
      let (factor, addend) = (Float(random.uniform()), Float(random.normal()))
      let values = Floats(start)
      RegisterLoop.run(rounds: rounds, factor: factor, addend: addend, on: values)
      var plain = start
      valence_multiply_add_plain(plain.count, rounds, factor, addend, &plain)
      // The fast form rounds once where the plain one may round twice.
      let far = Deviation(values.array, from: plain, absolute: 2e-6, relative: 2e-6)
      #expect(far.isWithin, "\(rounds) rounds: \(far)")
    }
  }

  @Test("counts two operations for each float and round")
  func operations() {
    #expect(RegisterLoop.width % 16 == 0)
    #expect(RegisterLoop.operations(rounds: 5) == 10 * RegisterLoop.width)
  }
}
