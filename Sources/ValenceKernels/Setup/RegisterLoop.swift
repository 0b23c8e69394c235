import CKernels

/// Multiplications and additions that stay in registers, at the highest rate of the processor.
package enum RegisterLoop {
  /// How many floats it works on at a time.
  package static var width: Int { valence_multiply_add_width() }

  /// The floating-point operations of `rounds` rounds.
  package static func operations(rounds: Int) -> Int { 2 * width * rounds }

  /// x = factor·x + addend, `rounds` times, for each of the `width` floats of `values`.
  package static func run(rounds: Int, factor: Float, addend: Float, on values: Floats) {
    precondition(values.count == width, "\(values.count) values, not \(width)")
    unsafe valence_multiply_add(rounds, factor, addend, values.pointer)
  }
}
