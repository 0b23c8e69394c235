import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// The wording of differences, their intervals and p-values.
enum DifferenceText {
  /// `−0.3 to +2.7`, with the word for an interval that may be too narrow; a dash for none.
  static func interval(low: Double?, high: Double?, isApproximate: Bool) -> String {
    guard let low, let high else { return "–" }
    return NumberText.points(low, high) + (isApproximate ? " (approximate)" : "")
  }

  /// A p-value with three decimals; a dash for none.
  static func probability(_ p: Double?) -> String { p.map(NumberText.probability) ?? "–" }

  /// Sentences that explain the intervals and p-values.
  ///
  /// - Parameters:
  ///   - units: the units of resampling of all rows.
  ///   - tests: the number of p-values.
  ///   - haveSeeds: false where all models are classic ones.
  static func explanation(
    _ claim: PairedDifference.Claim, units: Set<ResampledUnit>, tests: Int, haveSeeds: Bool = true
  ) -> String {
    "\(method(claim, units: units, haveSeeds: haveSeeds)) Least p: the smallest possible here. "
      + correction(tests: tests)
  }

  /// How intervals and p-values are made.
  ///
  /// - Parameter haveSeeds: false where all models are classic ones.
  static func method(
    _ claim: PairedDifference.Claim, units: Set<ResampledUnit>, haveSeeds: Bool = true
  ) -> String {
    let who =
      units == [.speakers]
      ? "speakers"
      : units == [.utterances] ? "utterances (speakers are unknown)" : "speakers or utterances"
    return
      switch claim
    {
    case .settings where !haveSeeds:
      "Interval (95 %) and p are about these settings, with other test \(who): jackknife over "
        + "\(who), Student's t."
    case .settings:
      "Interval (95 %) and p are about these settings, with other test \(who) and other seeds: "
        + "jackknife over \(who) plus variance over seeds, Student's t with Satterthwaite's degrees "
        + "of freedom."
    case .networks:
      "Interval (95 %) and p are about these networks, with other test \(who), not about other seeds. "
        + "Interval: jackknife over \(who), Student's t; p: exchanges of whole \(who) (Noreen, "
        + "1989)."
    }
  }

  /// How p-values are corrected for their number.
  static func correction(tests: Int) -> String {
    "Adjusted p: for the \(tests == 1 ? "1 test" : "\(tests) tests") of this table, by the maximum of "
      + "their joint statistics."
  }
}
