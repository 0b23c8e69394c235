import Foundation

/// Numbers as people read them: the same number looks the same in a table, a sentence, a figure and on
/// a terminal.
package enum NumberText {
  /// A share as a percentage with one decimal, without its sign: `54.3`; a dash for what is no number.
  package static func percent(_ fraction: Double) -> String { decimal(100 * fraction, 1) }

  /// A difference of shares in percentage points, signed: `+1.2`, `−0.4`, `0.0`.
  package static func points(_ fraction: Double) -> String {
    let text = percent(fraction)
    return text.contains { ("1"..."9").contains($0) } && fraction > 0 ? "+" + text : text
  }

  /// The two ends of an interval of shares: `51.2–60.3`.
  package static func percents(_ low: Double, _ high: Double) -> String {
    "\(percent(low))–\(percent(high))"
  }

  /// The two ends of an interval of differences: `−1.2 to +3.4`.
  package static func points(_ low: Double, _ high: Double) -> String {
    "\(points(low)) to \(points(high))"
  }

  /// A p-value with three decimals: `0.031`; one that would be zero is `< 0.001`.
  package static func probability(_ p: Double) -> String {
    let text = decimal(p, 3)
    return text == "0.000" ? "< 0.001" : text
  }

  /// A number with so many decimals, halves away from zero; no sign before a zero, a dash for what is no
  /// number.
  ///
  /// A score is a ratio of counts: 0.2595 is 519 of 2000. The nearest binary number may be less, so the last
  /// of its fifteen digits does not count as a difference.
  package static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    let scale = pow(10, Double(digits))
    let units = (abs(value) * scale * (1 + 1e-13)).rounded()
    guard units < 1e15 else { return String(format: "%.\(digits)f", value) }
    let sign = value < 0 && units > 0 ? "−" : ""
    let whole = Int(units)
    guard digits > 0 else { return "\(sign)\(whole)" }
    let part = "\(whole % Int(scale))"
    let zeros = String(repeating: "0", count: digits - part.count)
    return "\(sign)\(whole / Int(scale)).\(zeros)\(part)"
  }

  /// A list of counts: `3` where all are alike, else `1 to 3`; a dash where there is none.
  package static func range(_ counts: some Sequence<Int>) -> String {
    let sorted = counts.sorted()
    guard let low = sorted.first, let high = sorted.last else { return "–" }
    return low == high ? "\(low)" : "\(low) to \(high)"
  }
}
