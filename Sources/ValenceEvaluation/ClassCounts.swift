/// The counts that all measures are computed from: true, predicted and correct utterances per class.
struct ClassCounts: Hashable, Sendable {
  /// Utterances of the class that were predicted as it.
  private(set) var right: [Int]
  /// Utterances of the class.
  private(set) var support: [Int]
  /// Utterances that were predicted as the class.
  private(set) var predicted: [Int]

  /// The counts of a confusion matrix.
  init(_ confusion: ConfusionMatrix) {
    let classes = 0..<confusion.classCount
    right = classes.map { confusion[$0, $0] }
    support = classes.map(confusion.support)
    predicted = classes.map(confusion.predicted)
  }

  /// Removes `count` utterances of class `truth` that were predicted as class `prediction`.
  mutating func remove(_ count: Int, _ truth: Int, _ prediction: Int) {
    support[truth] -= count
    predicted[prediction] -= count
    if truth == prediction { right[truth] -= count }
  }

  /// The number of utterances.
  var total: Int { support.reduce(0, +) }

  /// The recall of a class; nil where no utterance has the class.
  func recall(_ index: Int) -> Double? { Self.ratio(right[index], support[index]) }

  /// The harmonic mean of recall and precision; nil where the class occurs neither in truth nor in
  /// prediction.
  func f1(_ index: Int) -> Double? {
    Self.ratio(2 * right[index], support[index] + predicted[index])
  }

  /// A measure, averaged over the classes that are present; NaN without utterances.
  func value(_ metric: MetricName) -> Double {
    let present = support.indices.filter { support[$0] > 0 }
    switch metric {
    case .uar: return present.reduce(0) { $0 + (recall($1) ?? 0) } / Double(present.count)
    case .accuracy: return Double(right.reduce(0, +)) / Double(total)
    case .macroF1: return present.reduce(0) { $0 + (f1($1) ?? 0) } / Double(present.count)
    case .weightedF1:
      return present.reduce(0) { $0 + (f1($1) ?? 0) * Double(support[$1]) } / Double(total)
    }
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
