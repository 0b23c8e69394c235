import Foundation

/// Levels of powers on a logarithmic scale.
public enum Decibels {
  /// Replaces each power p by 10·log₁₀(max(p, floor)); not-a-number stays what it is.
  public static func replace(_ powers: Floats, floor: Float) {
    precondition(floor > 0, "a floor of \(floor)")
    let scale = Float(10 / log(10.0))
    let values = unsafe powers.pointer
    for index in 0..<powers.count {
      let power = unsafe values[index]
      unsafe values[index] = scale * log(power < floor ? floor : power)
    }
  }
}
