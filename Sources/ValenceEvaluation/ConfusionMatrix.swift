/// How often each true class was predicted as each class.
package struct ConfusionMatrix: Hashable, Sendable {
  /// The number of classes, K.
  package let classCount: Int
  /// `[K, K]`, row-major: a row a true class, a column a predicted class.
  package private(set) var counts: [Int]

  /// A matrix of `classCount` classes without any prediction.
  package init(classCount: Int) {
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  /// Counts pairs of true and predicted class, each in `0 ..< classCount`.
  package init(truths: some Sequence<Int>, predictions: some Sequence<Int>, classCount: Int) {
    self.init(classCount: classCount)
    for (truth, prediction) in zip(truths, predictions) { add(1, truth, prediction) }
  }

  package init(_ predictions: some Sequence<Prediction>, classCount: Int) {
    self.init(classCount: classCount)
    for prediction in predictions { add(1, prediction.truth, prediction.prediction) }
  }

  /// How often class `truth` was predicted as class `prediction`.
  package subscript(truth: Int, prediction: Int) -> Int { counts[truth * classCount + prediction] }

  /// Adds `count` utterances of class `truth` that were predicted as class `prediction`.
  package mutating func add(_ count: Int, _ truth: Int, _ prediction: Int) {
    precondition(
      (0..<classCount).contains(truth) && (0..<classCount).contains(prediction),
      "classes \(truth) and \(prediction) of \(classCount)")
    counts[truth * classCount + prediction] += count
  }

  /// Adds the counts of another matrix of the same classes.
  package mutating func merge(_ other: ConfusionMatrix) {
    precondition(
      classCount == other.classCount, "\(classCount) classes and \(other.classCount) classes")
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// The number of utterances.
  package var total: Int { counts.reduce(0, +) }

  /// The number of utterances of a true class.
  package func support(_ truth: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[truth, $1] }
  }

  /// The number of utterances that were predicted as a class.
  package func predicted(_ prediction: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[$1, prediction] }
  }
}
