/// What becomes of a score when the true labels lack a class of the label space.
public enum AbsentClasses: Hashable, Sendable {
  /// It is an error.
  case refuse
  /// Averages are over the classes that are there; `Score.absent` names the others.
  case allow
}

/// The measures of one set of predictions, over the classes of the label space.
///
/// With C the confusion matrix, sₖ the support of class k and pₖ the number of predictions of it:
/// recall rₖ = Cₖₖ / sₖ, precision Cₖₖ / pₖ, F1 fₖ = 2·Cₖₖ / (sₖ + pₖ); UAR = mean rₖ, accuracy =
/// ΣCₖₖ / Σsₖ, macro F1 = mean fₖ, weighted F1 = Σsₖfₖ / Σsₖ. Equal to scikit-learn's
/// `recall_score`, `accuracy_score` and `f1_score` with `labels` the classes that are present;
/// fixture `sklearn/scores.json`.
public struct Score: Hashable, Sendable {
  /// The measures of one class.
  public struct ClassScore: Hashable, Sendable {
    /// The class's name.
    public let name: String
    /// The number of utterances that have it.
    public let support: Int
    /// The number of utterances that were said to have it.
    public let predicted: Int
    /// The share of the class that was found; nil where no utterance has the class.
    public let recall: Double?
    /// The share of its predictions that are right; nil where it was never predicted.
    public let precision: Double?
    /// The harmonic mean of both; nil where the class occurs neither in truth nor in prediction.
    public let f1: Double?
  }

  /// The counts that all measures come from.
  public let confusion: ConfusionMatrix
  /// One entry a class, in the order of the label space.
  public let classes: [ClassScore]
  /// The classes that no utterance has; averages leave them out.
  public let absent: [String]
  /// The number of utterances scored.
  public let count: Int
  /// The mean of the classes' recalls.
  public let uar: Double
  /// The share of right predictions.
  public let accuracy: Double
  /// The mean of the classes' F1.
  public let macroF1: Double
  /// The mean of the classes' F1, weighted by support.
  public let weightedF1: Double

  /// Scores counts; `names` are the classes of the label space.
  ///
  /// - Throws: `EvaluationError.noPredictions`; `.absentClass` unless that is allowed.
  public init(
    _ confusion: ConfusionMatrix, names: [String], absent policy: AbsentClasses = .refuse
  ) throws(EvaluationError) {
    precondition(
      names.count == confusion.classCount, "\(names.count) names, \(confusion.classCount) classes")
    let counts = ClassCounts(confusion)
    let classes = names.indices.map { index in
      ClassScore(
        name: names[index], support: counts.support[index], predicted: counts.predicted[index],
        recall: counts.recall(index), precision: counts.precision(index), f1: counts.f1(index))
    }
    guard counts.total > 0 else { throw .noPredictions }
    absent = classes.filter { $0.support == 0 }.map(\.name)
    guard absent.isEmpty || policy == .allow else { throw .absentClass(absent) }
    self.confusion = confusion
    self.classes = classes
    count = counts.total
    uar = counts.value(.uar)
    accuracy = counts.value(.accuracy)
    macroF1 = counts.value(.macroF1)
    weightedF1 = counts.value(.weightedF1)
  }

  /// Scores predictions; see the other initializer.
  public init(
    _ predictions: some Sequence<Prediction>, names: [String],
    absent policy: AbsentClasses = .refuse
  ) throws(EvaluationError) {
    try self.init(
      ConfusionMatrix(predictions, classCount: names.count), names: names, absent: policy)
  }

  /// The value of a measure.
  public func value(_ metric: MetricName) -> Double {
    switch metric {
    case .uar: uar
    case .accuracy: accuracy
    case .macroF1: macroF1
    case .weightedF1: weightedF1
    }
  }
}
