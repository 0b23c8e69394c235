/// The handling of classes of the label space that the true labels lack.
package enum AbsentClasses: Hashable, Sendable {
  /// It is an error.
  case refuse
  /// Averages are over the classes that are present.
  case allow
}

/// The measures of one set of predictions, over the classes of the label space.
///
/// With C the confusion matrix, sₖ the support of class k and pₖ the number of predictions of it:
/// recall rₖ = Cₖₖ / sₖ, F1 fₖ = 2·Cₖₖ / (sₖ + pₖ); UAR = mean rₖ, accuracy =
/// ΣCₖₖ / Σsₖ, macro F1 = mean fₖ, weighted F1 = Σsₖfₖ / Σsₖ. Equal to scikit-learn's
/// `recall_score`, `accuracy_score` and `f1_score` with `labels` the classes that are present;
/// fixture `sklearn/scores.json`.
package struct Score: Hashable, Sendable {
  /// The measures of one class.
  package struct ClassScore: Hashable, Sendable {
    package let name: String
    /// The number of utterances that have it.
    package let support: Int
    /// The share of them that was recognized; nil where no utterance has the class.
    package let recall: Double?
  }

  package let confusion: ConfusionMatrix
  /// The counts that all measures come from.
  private let counts: ClassCounts
  /// One entry a class, in the order of the label space.
  package let classes: [ClassScore]
  /// The number of utterances scored.
  package let count: Int

  /// Unweighted average recall, the measure that chooses epochs and heads most tables.
  package var uar: Double { value(.uar) }

  /// Scores counts; `names` are the classes of the label space.
  ///
  /// - Throws: `EvaluationError.noPredictions`; `.absentClass` unless that is allowed.
  package init(
    _ confusion: ConfusionMatrix, names: [String], absent policy: AbsentClasses = .refuse
  ) throws(EvaluationError) {
    precondition(
      names.count == confusion.classCount, "\(names.count) names, \(confusion.classCount) classes")
    let counts = ClassCounts(confusion)
    let classes = names.indices.map { index in
      ClassScore(
        name: names[index], support: counts.support[index], recall: counts.recall(index))
    }
    guard counts.total > 0 else { throw .noPredictions }
    let absent = classes.filter { $0.support == 0 }.map(\.name)
    guard absent.isEmpty || policy == .allow else { throw .absentClass(absent) }
    (self.confusion, self.counts, self.classes) = (confusion, counts, classes)
    count = counts.total
  }

  /// Scores predictions; see the other initializer.
  package init(
    _ predictions: some Sequence<Prediction>, names: [String],
    absent policy: AbsentClasses = .refuse
  ) throws(EvaluationError) {
    try self.init(
      ConfusionMatrix(predictions, classCount: names.count), names: names, absent: policy)
  }

  /// The value of a measure.
  package func value(_ metric: MetricName) -> Double { counts.value(metric) }
}
