import ValenceCore

/// A score as a figure shows it: its mean, its interval and the number of networks.
package struct PlottedValue: Hashable, Sendable {
  /// The mean, as a fraction (0.543 is drawn as 54.3 %); NaN is drawn as missing.
  package var mean: Double
  /// The interval of the mean, as fractions; nil where none could be made.
  package var interval: Interval?
  /// The number of networks (folds × seeds) that the mean is over.
  package var networks: Int
  /// The chance level on the same test set, as a fraction.
  package var chance: Double

  /// The interval of a score.
  package struct Interval: Hashable, Sendable {
    /// The lower end, as a fraction.
    package var low: Double
    /// The upper end, as a fraction.
    package var high: Double
    /// Whether it covers less often than it says.
    package var isApproximate: Bool

    /// Notes an interval; see the properties.
    package init(low: Double, high: Double, isApproximate: Bool = false) {
      self.low = low
      self.high = high
      self.isApproximate = isApproximate
    }

    /// `51.2–60.3`, behind a ≈ where it is approximate.
    package var text: String { (isApproximate ? "≈ " : "") + NumberText.percents(low, high) }
  }

  /// Notes a score; see the properties.
  package init(mean: Double, interval: Interval?, networks: Int, chance: Double) {
    self.mean = mean
    self.interval = interval
    self.networks = networks
    self.chance = chance
  }

  /// The chance level on the test sets of some values: one percentage, or the least and greatest.
  static func chanceText(_ values: [PlottedValue]) -> String {
    let texts = values.map { $0.chance }.sorted().map(NumberText.percent)
    guard let low = texts.first, let high = texts.last else { return "–" }
    return low == high ? "\(low) %" : "\(low) to \(high) %"
  }
}
