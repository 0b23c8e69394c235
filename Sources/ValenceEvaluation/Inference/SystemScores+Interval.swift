import Foundation

extension SystemScores {
  /// The interval of the mean over seeds: of the settings with two seeds or more, else of the trained
  /// networks.
  ///
  /// Student's t with `VarianceComponents`' degrees of freedom, on the logit ln(c / (1 − c)) so
  /// that it stays between 0 and 1, with c = (m·N + ½) / (N + 1) and 1/N the least change of the
  /// measure. Where every answer is right (wrong), the upper (lower) end is 1 (0). A measure whose least
  /// value is below 0 is brought to 0 to 1 for this, and back.
  ///
  /// It is marked approximate with fewer than three effective speakers, where no speaker differs from
  /// another, or where its standard error exceeds half the distance of c to 0 or 1: there, with speakers
  /// who differ much, the interval missed the true value in up to a tenth of the simulations.
  ///
  /// - Returns: nil where there is a gap.
  func interval(level: Double = 0.95) -> Interval? {
    guard gap == nil else { return nil }
    let components = VarianceComponents(self, withSeeds: scores.count > 1)
    let span = 1 - least
    let center = ((mean - least) / step + 0.5) / (span / step + 1)
    let error = components.variance.squareRoot() / span
    let reach =
      StudentT(degrees: components.degrees).quantile(level: level) * error
      / (center * (1 - center))
    let logit = log(center / (1 - center))
    let rounding = step / Double(4 * scores.count)
    return Interval(
      low: mean - least <= rounding ? least : least + span * Self.logistic(logit - reach),
      high: mean >= 1 - rounding ? 1 : least + span * Self.logistic(logit + reach), level: level,
      basis: .init(clusters: clusters.count, unit: unit, seeds: scores.count),
      isApproximate: effectiveClusters < 3 || components.isLeast
        || error > min(center, 1 - center) / 2)
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

extension CellSummary {
  /// Why the headline has no interval; nil where it has one.
  package func intervalGap(_ metric: MetricName) -> InferenceGap? {
    SystemScores(of: metric, self).gap
  }
}
