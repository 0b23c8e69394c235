/// What one trained network said of one test corpus.
public struct CellRun: Hashable, Sendable {
  /// The fold that the network was trained in.
  public let fold: String
  /// The seed that it was trained from.
  public let seed: UInt64
  /// What it said.
  public let predictions: [Prediction]

  /// Describes a network's predictions.
  public init(fold: String, seed: UInt64, predictions: [Prediction]) {
    self.fold = fold
    self.seed = seed
    self.predictions = predictions
  }
}

/// All folds and seeds of one variant, training corpus and test corpus: what a table shows.
///
/// Within a corpus, each network scores the fold that was held out from it. The headline is the
/// measure of all held-out folds pooled, for each seed, and its mean over seeds; `perRun` is the mean
/// over the folds' own measures. Across corpora, each network scores the whole other corpus; the
/// headline is the mean over all networks.
public struct CellSummary: Sendable {
  /// How a cell's networks come together.
  public enum Kind: Hashable, Sendable {
    /// Within a corpus: folds are pooled, seeds averaged.
    case pooledFolds
    /// Across corpora: all networks are averaged.
    case averagedNetworks
  }

  /// A network's fold, seed and score: a row of `results.csv` for each measure.
  public struct RunScore: Hashable, Sendable {
    /// The fold that the network was trained in.
    public let fold: String
    /// The seed that it was trained from.
    public let seed: UInt64
    /// Its score.
    public let score: Score
  }

  /// How the networks come together.
  public let kind: Kind
  /// The classes of the label space.
  public let names: [String]
  /// Each network's own score, in the order given.
  public let runs: [RunScore]
  /// What the headline averages: a score for each seed (folds pooled) or for each network.
  public let parts: [Score]
  /// All counts together: folds pooled, then summed over seeds.
  public let confusion: ConfusionMatrix
  /// The pairs of a fold and a seed that the other folds and seeds let expect and that are not here.
  public let missing: [MissingRun]

  /// The fold and seed of a network that a cell lacks.
  public struct MissingRun: Hashable, Sendable {
    /// The fold.
    public let fold: String
    /// The seed.
    public let seed: UInt64
  }

  /// The predictions behind each of `parts`; what `PairedTest` compares.
  public let sets: [[Prediction]]

  /// Puts the networks of a cell together.
  ///
  /// - Throws: `EvaluationError`: nothing to score, a fold and seed given twice, or a class that is
  ///   absent from a scored set where that is not allowed.
  public init(
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
    case .averagedNetworks:
      sets = runs.map(\.predictions)
      parts = scores.map(\.score)
    }
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
  public var utteranceCount: Int { Set(sets.joined().map(\.id)).count }

  /// The headline value with its spread over `parts` and, if `bootstrap` is given, its interval.
  public func headline(_ metric: MetricName, bootstrap: Bootstrap? = nil) -> Estimate {
    Estimate(
      parts.map { $0.value(metric) },
      interval: bootstrap.flatMap { $0.interval(of: metric, sets: sets, names: names) })
  }

  /// The mean and spread over single networks: over folds and seeds.
  public func perRun(_ metric: MetricName) -> Estimate {
    Estimate(runs.map { $0.score.value(metric) })
  }
}
