/// By how much two systems differ that were tested on the same utterances, and how sure that is.
///
/// The interval is a bootstrap over speakers in which both systems are scored on the same draw: what
/// is hard for both moves neither the difference nor its interval. `PairedTest` gives the p-value.
public struct PairedDifference: Hashable, Sendable {
  /// The measure of the first system less that of the second.
  public let difference: Double
  /// Where the bootstrap puts the difference; nil where it cannot be made (see `Bootstrap`).
  public let interval: Interval?
  /// The difference of each pair of networks (or of seeds with pooled folds).
  public let parts: [Double]
  /// The two-sided p-value of approximate randomization.
  public let p: Double

  /// Compares two cells, network by network.
  ///
  /// - Throws: `EvaluationError.unpaired` where the utterances or the numbers of networks differ.
  public init(
    of metric: MetricName, _ first: CellSummary, _ second: CellSummary,
    bootstrap: Bootstrap = Bootstrap()
  ) throws(EvaluationError) {
    let test = try PairedTest(of: metric, first.sets, second.sets, names: first.names)
    difference = test.difference
    p = test.p
    interval = bootstrap.interval(
      of: metric, sets: first.sets, minus: second.sets, names: first.names)
    parts = zip(first.parts, second.parts).map { $0.value(metric) - $1.value(metric) }
  }
}
