/// The predictions of one trained network for one test corpus.
package struct CellRun: Hashable, Sendable {
  /// The fold that the network was trained in.
  package let fold: String
  /// The seed that it was trained from.
  package let seed: UInt64
  /// The predictions.
  package let predictions: [Prediction]

  package init(fold: String, seed: UInt64, predictions: [Prediction]) {
    self.fold = fold
    self.seed = seed
    self.predictions = predictions
  }
}

/// All folds and seeds of one variant, training corpus and test corpus: what a table shows.
///
/// Within a corpus, each network scores the fold that was held out from it. The headline is the
/// measure of all held-out folds pooled, for each seed, and its mean over seeds. Across corpora, each
/// network scores the whole other corpus; the headline is the mean over a seed's networks, and over
/// seeds.
package struct CellSummary: Sendable {
  /// How a cell's networks come together.
  package enum Kind: Hashable, Sendable {
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

  /// How the networks come together.
  package let kind: Kind
  /// The classes of the label space.
  package let names: [String]
  /// Each network's own score, in the order given.
  package let runs: [RunScore]
  /// The values that the headline averages: a score for each seed (folds pooled) or for each network.
  package let parts: [Score]
  /// All counts together: folds pooled, then summed over seeds.
  package let confusion: ConfusionMatrix
  /// The pairs of a fold and a seed that the other folds and seeds let expect and that are not here.
  package let missing: [MissingRun]

  /// The fold and seed of a network that a cell lacks.
  package struct MissingRun: Hashable, Sendable {
    package let fold: String
    package let seed: UInt64
  }

  /// The predictions behind each of `parts`.
  package let sets: [[Prediction]]
  /// The seeds, in order of size.
  package let seeds: [UInt64]
  /// For each of `seeds`, the predictions that its score is made of: all folds pooled, or a list for
  /// each network.
  package let seedSets: [[[Prediction]]]

  /// Puts the networks of a cell together.
  ///
  /// - Throws: `EvaluationError`: nothing to score, a fold and seed given twice, or a class that is
  ///   absent from a scored set where that is not allowed.
  package init(
    _ runs: [CellRun], kind: Kind, names: [String], absent policy: AbsentClasses = .refuse
  ) throws(EvaluationError) {
    guard !runs.isEmpty else { throw .noPredictions }
    var scores: [RunScore] = []
    var confusion = ConfusionMatrix(classCount: names.count)
    var seen: Set<MissingRun> = []
    for run in runs {
      guard seen.insert(MissingRun(fold: run.fold, seed: run.seed)).inserted else {
        throw .repeatedRun(fold: run.fold, seed: run.seed)
      }
      let score = try Score(run.predictions, names: names, absent: policy)
      confusion.merge(score.confusion)
      scores.append(RunScore(fold: run.fold, seed: run.seed, score: score))
    }
    let seeds = Set(runs.map(\.seed)).sorted()
    switch kind {
    case .pooledFolds:
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
    var folds: [String] = []
    for run in runs where !folds.contains(run.fold) { folds.append(run.fold) }
    missing = seeds.flatMap { seed in folds.map { MissingRun(fold: $0, seed: seed) } }
      .filter { !seen.contains($0) }
    self.kind = kind
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

  /// The mean over seeds of the seeds' scores, with its interval if that is asked for.
  ///
  /// The interval is that of `SystemScores`: of the settings where there are two seeds or more, else
  /// of the networks as they are.
  package func headline(_ metric: MetricName, withInterval: Bool = false) -> Estimate {
    if withInterval {
      let scores = SystemScores(of: metric, self)
      return Estimate(scores.scores, interval: scores.interval())
    }
    return Estimate(seedScores(metric))
  }

  /// The score of each seed.
  func seedScores(_ metric: MetricName) -> [Double] {
    guard kind == .averagedNetworks else { return parts.map { $0.value(metric) } }
    return seeds.map { seed in
      let own = runs.filter { $0.seed == seed }.map { $0.score.value(metric) }
      return own.reduce(0, +) / Double(own.count)
    }
  }
}
