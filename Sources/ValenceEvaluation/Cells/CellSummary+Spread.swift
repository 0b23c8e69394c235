/// The spread of a measure over speakers, over folds and over seeds.
///
/// Each is a sample standard deviation (n − 1), or nil for fewer than two values.
package struct Spread: Hashable, Sendable {
  /// Over test speakers: each speaker's own measure, over the classes of their utterances, averaged over
  /// seeds and networks; nil if any speaker is unknown.
  package let speakers: Double?
  /// Over folds: each fold's own measure, averaged over seeds.
  ///
  /// Folds differ in their training speakers and, within a corpus, in their test speakers.
  package let folds: Double?
  /// Over seeds: the scores whose mean is the headline.
  package let seeds: Double?
}

extension CellSummary {
  /// The spread of a measure; see `Spread`.
  package func spread(_ metric: MetricName) -> Spread {
    var folds: [String: [Double]] = [:]
    for run in runs { folds[run.fold, default: []].append(run.score.value(metric)) }
    return Spread(
      speakers: Self.deviation(speakerScores(metric)),
      folds: Self.deviation(folds.sorted { $0.key < $1.key }.map { Self.mean($0.value) }),
      seeds: Self.deviation(seedScores(metric)))
  }

  /// The measure of each known speaker, averaged over the sets of predictions.
  private func speakerScores(_ metric: MetricName) -> [Double] {
    var scores: [String: [Double]] = [:]
    for set in sets {
      var matrices: [String: ConfusionMatrix] = [:]
      for prediction in set {
        guard let speaker = prediction.speaker else { return [] }
        matrices[speaker, default: ConfusionMatrix(classCount: names.count)]
          .add(1, prediction.truth, prediction.prediction)
      }
      for (speaker, matrix) in matrices {
        scores[speaker, default: []].append(ClassCounts(matrix).value(metric))
      }
    }
    return scores.sorted { $0.key < $1.key }.map { Self.mean($0.value) }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static func deviation(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : Estimate(values).deviation
  }
}
