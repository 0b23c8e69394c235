import CKernels

/// Levels of powers on a logarithmic scale.
public enum Decibels {
  /// Replaces each power p by 10·log₁₀(max(p, floor)); infinity and not-a-number stay what they are.
  public static func replace(_ powers: Floats, floor: Float) {
    precondition(floor >= .leastNormalMagnitude, "a floor of \(floor)")
    unsafe valence_decibels(powers.count, floor, powers.pointer)
  }
}
