extension CellRun {
  /// The networks of each fold as one system, which gives each utterance the mean of the probabilities that
  /// the networks of its seeds give it.
  ///
  /// - Returns: one run a fold, in order of appearance, under the least of its seeds; nil unless each fold
  ///   has the same seeds, at least two, whose networks scored the same utterances.
  package static func ensembles(of runs: [CellRun]) -> [CellRun]? {
    var folds: [String] = []
    for run in runs where !folds.contains(run.fold) { folds.append(run.fold) }
    let seeds = Set(runs.map(\.seed)).sorted()
    guard seeds.count > 1, runs.count == folds.count * seeds.count else { return nil }
    var ensembles: [CellRun] = []
    for fold in folds {
      let members = runs.filter { $0.fold == fold }.sorted { $0.seed < $1.seed }
      guard members.map(\.seed) == seeds, let mean = mean(of: members.map(\.predictions)) else {
        return nil
      }
      ensembles.append(CellRun(fold: fold, seed: seeds[0], predictions: mean))
    }
    return ensembles
  }

  /// The mean probabilities of several networks, in the order of the first one's predictions.
  ///
  /// - Returns: nil if they scored other utterances.
  private static func mean(of sets: [[Prediction]]) -> [Prediction]? {
    let others = sets.dropFirst().map { set in
      Dictionary(set.map { ($0.id, $0) }) { first, _ in first }
    }
    guard let first = sets.first, others.allSatisfy({ $0.count == first.count }) else { return nil }
    var means: [Prediction] = []
    for prediction in first {
      let same = [prediction] + others.compactMap { $0[prediction.id] }
      guard same.count == sets.count, same.allSatisfy({ $0.truth == prediction.truth }) else {
        return nil
      }
      let probabilities = prediction.probabilities.indices.map { index in
        Float(same.reduce(0) { $0 + Double($1.probabilities[index]) } / Double(same.count))
      }
      means.append(
        Prediction(
          segment: prediction.segment, speaker: prediction.speaker, truth: prediction.truth,
          probabilities: probabilities))
    }
    return means
  }
}
