import ValenceEvaluation

extension PairedDifference {
  /// The difference of two cells' settings, or of their trained networks where these have a single seed.
  ///
  /// - Throws: `EvaluationError.unpaired` where the utterances differ.
  static func ofSettingsOrNetworks(
    _ first: CellSummary, _ second: CellSummary, by metric: MetricName
  ) throws(EvaluationError) -> PairedDifference {
    let settings = try PairedDifference(of: metric, first, second)
    guard settings.gap == .oneSeed else { return settings }
    return try PairedDifference(of: metric, first, second, claim: .networks)
  }
}
