/// The predictions of one trained network on one test corpus.
package struct CellRun: Hashable, Sendable {
  /// The fold that the network was trained in.
  package let fold: String
  /// The seed that it was trained from.
  package let seed: UInt64
  package let predictions: [Prediction]

  package init(fold: String, seed: UInt64, predictions: [Prediction]) {
    self.fold = fold
    self.seed = seed
    self.predictions = predictions
  }
}

/// All folds and seeds of one variant, training corpus and test corpus: one cell of a result table.
///
/// Within a corpus, each network scores the fold that was held out from it. The headline is the
/// measure of all held-out folds pooled, for each seed, and its mean over seeds. Across corpora, each
/// network scores the whole other corpus; the headline is the mean over a seed's networks, and over
/// seeds.
///
/// Every report computes it anew from stored predictions: another rule moves the tables of finished
/// experiments, and no revision tells (`CellSummaryTests`, by hand; `Tests/consumers`, by pandas).
package struct CellSummary: Sendable {
  /// The combination of the scores of a cell's networks.
  package enum Combination: Hashable, Sendable {
    /// Within a corpus: folds are pooled, seeds averaged.
    case pooledFolds
    /// Across corpora: all networks are averaged.
    case averagedNetworks
  }

  /// A network's fold, seed and score: a row of `results.csv` for each measure.
  package struct RunScore: Hashable, Sendable {
    /// The fold that the network was trained in.
    package let fold: String
    /// The seed that it was trained from.
    package let seed: UInt64
    package let score: Score
  }

  package let combination: Combination
  /// The classes of the label space.
  package let names: [String]
  /// Each network's own score, in the order given.
  package let runs: [RunScore]
  /// The scores that the headline averages: one for each seed (folds pooled) or for each network.
  package let parts: [Score]
  /// All counts together: folds pooled, then summed over seeds.
  package let confusion: ConfusionMatrix
  /// The predictions behind each of `parts`.
  package let sets: [[Prediction]]
  /// The seeds in ascending order.
  package let seeds: [UInt64]
  /// Whether another seed would have given other networks; a classic model is the same whatever the seed.
  package let isSeeded: Bool
  /// For each of `seeds`, the predictions that its score is computed from: all folds pooled, or a list
  /// for each network.
  let seedSets: [[[Prediction]]]

  /// Combines the networks of a cell.
  ///
  /// - Parameter isSeeded: false for models that no seed moves, of which there is one a fold.
  /// - Throws: `EvaluationError`: nothing to score, a fold and seed given twice, or a class that is
  ///   absent from a scored set where that is not allowed.
  package init(
    _ runs: [CellRun], combination: Combination, names: [String],
    absent policy: AbsentClasses = .refuse, isSeeded: Bool = true
  ) throws(EvaluationError) {
    guard !runs.isEmpty else { throw .noPredictions }
    var scores: [RunScore] = []
    var confusion = ConfusionMatrix(classCount: names.count)
    for run in runs {
      guard !scores.contains(where: { $0.fold == run.fold && $0.seed == run.seed }) else {
        throw .repeatedRun(fold: run.fold, seed: run.seed)
      }
      let score = try Score(run.predictions, names: names, absent: policy)
      confusion.merge(score.confusion)
      scores.append(RunScore(fold: run.fold, seed: run.seed, score: score))
    }
    let seeds = Set(runs.map(\.seed)).sorted()
    switch combination {
    case .pooledFolds:
      // Pooled before scoring, not averaged: a fold of one speaker has few utterances of each class, so
      // its own UAR is mostly noise.
      sets = seeds.map { seed in runs.filter { $0.seed == seed }.flatMap(\.predictions) }
      var pooled: [Score] = []
      for set in sets { pooled.append(try Score(set, names: names, absent: policy)) }
      parts = pooled
      seedSets = sets.map { [$0] }
    case .averagedNetworks:
      sets = runs.map(\.predictions)
      parts = scores.map(\.score)
      seedSets = seeds.map { seed in runs.filter { $0.seed == seed }.map(\.predictions) }
    }
    self.seeds = seeds
    self.isSeeded = isSeeded
    self.combination = combination
    self.names = names
    self.runs = scores
    self.confusion = confusion
  }

  /// The number of different utterances that were scored.
  package var utteranceCount: Int { Set(sets.joined().map(\.id)).count }

  /// Whether another cell was tested on the same utterances of the same classes, by all networks.
  func isPaired(with other: CellSummary) -> Bool {
    func utterances(_ sets: [[Prediction]]) -> Set<[String]> {
      Set(sets.map { set in set.map { "\($0.id) \($0.truth) \($0.speaker ?? "")" }.sorted() })
    }
    let mine = utterances(sets)
    return mine.count == 1 && mine == utterances(other.sets)
  }

  /// The mean over seeds of the seeds' scores, with its interval if requested.
  ///
  /// The interval is that of `SystemScores`: of the settings where there are two seeds or more, else
  /// of the trained networks.
  package func headline(_ metric: MetricName, withInterval: Bool = false) -> Estimate {
    if withInterval {
      let scores = SystemScores(of: metric, self)
      return Estimate(scores.scores, interval: scores.interval())
    }
    return Estimate(seedScores(metric))
  }

  /// The score of each seed.
  func seedScores(_ metric: MetricName) -> [Double] {
    guard combination == .averagedNetworks else { return parts.map { $0.value(metric) } }
    return seeds.map { seed in
      let own = runs.filter { $0.seed == seed }.map { $0.score.value(metric) }
      return own.reduce(0, +) / Double(own.count)
    }
  }
}
