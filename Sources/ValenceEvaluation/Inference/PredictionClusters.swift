/// Predictions by speaker, in the form that resampling needs: counts instead of utterances.
///
/// Utterances of one speaker resemble each other, so they are drawn or exchanged together; an
/// utterance without a speaker is a cluster of its own.
struct PredictionClusters {
  /// A true class, a predicted class and how often they come together.
  typealias Pair = (truth: Int, prediction: Int, count: Int)

  /// For each cluster (speakers in alphabetical order, then utterances without one by id) and each
  /// set of predictions, the pairs that occur.
  let pairs: [[[Pair]]]
  /// The names of the clusters, in the same order.
  let names: [String]
  /// The kind of the clusters.
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

  /// Adds what a cluster has in a set to a matrix.
  func add(_ cluster: Int, set: Int, to matrix: inout ConfusionMatrix) {
    for pair in pairs[cluster][set] { matrix.add(pair.count, pair.truth, pair.prediction) }
  }

  private static func pairs(of matrix: ConfusionMatrix) -> [Pair] {
    matrix.counts.enumerated().filter { $0.element > 0 }.map { cell, count in
      (cell / matrix.classCount, cell % matrix.classCount, count)
    }
  }
}
