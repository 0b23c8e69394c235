/// Predictions by speaker, as counts, which is all that resampling needs.
///
/// Utterances of one speaker are correlated, so they are left out or exchanged together; an utterance
/// of unknown speaker is a cluster of its own. `ExchangeTest` draws for clusters in their order, so another
/// order moves sampled p-values.
struct PredictionClusters {
  /// One nonzero entry of a confusion matrix.
  typealias ConfusionCount = (truth: Int, prediction: Int, count: Int)

  /// For each cluster (speakers in alphabetical order, then utterances without one by id) and each
  /// set of predictions, the entries that occur.
  let pairs: [[[ConfusionCount]]]
  /// The names of the clusters, in the same order.
  let names: [String]
  /// The unit that a cluster is.
  let unit: ResampledUnit

  /// Groups several sets of predictions, of which each speaker may be in some or all.
  init(_ sets: [[Prediction]], classCount: Int) {
    var speakers: [String: [ConfusionMatrix]] = [:]
    var utterances: [String: [ConfusionMatrix]] = [:]
    let empty = sets.map { _ in ConfusionMatrix(classCount: classCount) }
    for (set, predictions) in sets.enumerated() {
      for prediction in predictions {
        let (truth, said) = (prediction.truth, prediction.prediction)
        if let speaker = prediction.speaker {
          speakers[speaker, default: empty][set].add(1, truth, said)
        } else {
          utterances[prediction.id, default: empty][set].add(1, truth, said)
        }
      }
    }
    let ordered = [speakers, utterances].flatMap { $0.sorted { $0.key < $1.key } }
    pairs = ordered.map { $0.value.map(Self.pairs) }
    names = ordered.map(\.key)
    unit = utterances.isEmpty ? .speakers : speakers.isEmpty ? .utterances : .mixed
  }

  /// Adds the predictions of a cluster in a set to a matrix.
  func add(_ cluster: Int, set: Int, to matrix: inout ConfusionMatrix) {
    for pair in pairs[cluster][set] { matrix.add(pair.count, pair.truth, pair.prediction) }
  }

  private static func pairs(of matrix: ConfusionMatrix) -> [ConfusionCount] {
    matrix.counts.enumerated().filter { $0.element > 0 }.map { cell, count in
      (cell / matrix.classCount, cell % matrix.classCount, count)
    }
  }
}
