import ValenceCore

/// Whether two systems that were tested on the same utterances differ by more than chance.
///
/// Approximate randomization (Noreen, 1989): if the systems were equal, it would not matter which of
/// the two said what of a speaker. So the two systems' predictions are exchanged for a random half of
/// the speakers (utterances, where speakers are unknown), many times, and the p-value is the share of
/// draws in which the measure differs at least as much as it does in truth, the truth itself counted
/// as one draw. Whole speakers are exchanged because their utterances resemble each other.
public struct PairedTest: Hashable, Sendable {
  /// The measure of the first system less that of the second.
  public let difference: Double
  /// The two-sided p-value, at least 1 / (draws + 1).
  public let p: Double
  /// How many speakers (or utterances) could be exchanged.
  public let clusters: Int

  /// Compares two systems; each may be several networks, whose measures are averaged.
  ///
  /// - Parameters:
  ///   - first: the first system's predictions, a list for each network.
  ///   - second: the second system's, of the same utterances and as many networks.
  /// - Throws: `EvaluationError.unpaired` where the utterances differ; what `Score` throws.
  public init(
    of metric: MetricName, _ first: [[Prediction]], _ second: [[Prediction]], names: [String],
    draws: Int = 2000
  ) throws(EvaluationError) {
    guard !first.isEmpty, first.map(Self.key) == second.map(Self.key) else { throw .unpaired }
    let clusters = PredictionClusters(first + second, classCount: names.count)
    var random = RandomStream(seed: 0, "paired test")
    let truth = try Self.difference(
      of: metric, clusters, networks: first.count, names: names, isSwapped: { false })
    var extreme = 1
    for _ in 0..<draws {
      let drawn = try Self.difference(
        of: metric, clusters, networks: first.count, names: names,
        isSwapped: { random.below(2) == 1 })
      if abs(drawn) >= abs(truth) - 1e-12 { extreme += 1 }
    }
    difference = truth
    p = Double(extreme) / Double(draws + 1)
    self.clusters = clusters.pairs.count
  }

  /// What two lists must have in common to be paired: the utterances and their truths.
  private static func key(_ predictions: [Prediction]) -> [String] {
    predictions.map { "\($0.id) \($0.truth)" }.sorted()
  }

  private static func difference(
    of metric: MetricName, _ clusters: PredictionClusters, networks: Int, names: [String],
    isSwapped: () -> Bool
  ) throws(EvaluationError) -> Double {
    var matrices = [ConfusionMatrix](
      repeating: ConfusionMatrix(classCount: names.count), count: 2 * networks)
    for index in clusters.pairs.indices {
      let shift = isSwapped() ? networks : 0
      for set in matrices.indices {
        clusters.add(index, set: set, to: &matrices[(set + shift) % (2 * networks)])
      }
    }
    var difference = 0.0
    for (set, matrix) in matrices.enumerated() {
      let value = try Score(matrix, names: names, absent: .allow).value(metric)
      difference += set < networks ? value : -value
    }
    return difference / Double(networks)
  }
}
