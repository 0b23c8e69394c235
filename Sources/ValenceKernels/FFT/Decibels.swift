import CKernels

/// Levels of powers on a logarithmic scale.
package enum Decibels {
  /// Replaces each power p by 10·log₁₀(max(p, floor)); infinity and not-a-number stay what they are.
  package static func replace(_ powers: Floats, floor: Float) {
    precondition(floor >= .leastNormalMagnitude, "a floor of \(floor)")
    if KernelSetup.isPlainHere {
      unsafe valence_decibels_plain(powers.count, floor, powers.pointer)
    } else {
      unsafe valence_decibels(powers.count, floor, powers.pointer)
    }
  }
}
