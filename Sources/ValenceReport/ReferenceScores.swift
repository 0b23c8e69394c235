import ValenceEvaluation

/// The scores of guessing on a cell's test sets, combined as its networks are: folds pooled or networks
/// averaged, then seeds averaged.
struct ReferenceScores {
  /// The scores of guessing on one set of utterances.
  struct Level {
    fileprivate let chance: [MetricName: Double]
    fileprivate let majority: [MetricName: Double]

    /// The expected value for labels drawn at the test set's class shares.
    func chance(_ metric: MetricName) -> Double { chance[metric] ?? .nan }

    /// The value of always predicting the most frequent training class; nil if that class is unknown.
    func majority(_ metric: MetricName) -> Double? { majority[metric] }
  }

  /// On each network's own test set, in the order of the cell's runs.
  let runs: [Level]
  /// On the utterances behind each seed's score, in the order of the seeds.
  let seeds: [Level]
  /// The classes that the test sets have.
  let classes: [String]
  private let whole: Level

  /// Scores guesses.
  ///
  /// - Parameter trainCounts: for each run of the cell, the number of training clips of each class; empty
  ///   if unknown.
  init(_ cell: CellSummary, trainCounts: [[Int]]) {
    let count = cell.names.count
    let folds = cell.runs.enumerated().map { index, run in
      GuessedFold(
        support: (0..<count).map { run.score.confusion.support($0) },
        guess: trainCounts[index].isEmpty ? nil : Self.mostFrequent(trainCounts[index]))
    }
    let runs = folds.map { Level([$0]) }
    let bySeed = cell.seeds.map { seed in
      cell.runs.indices.filter { cell.runs[$0].seed == seed }
    }
    switch cell.combination {
    case .pooledFolds: seeds = bySeed.map { own in Level(own.map { folds[$0] }) }
    case .averagedNetworks: seeds = bySeed.map { own in Level(meanOf: own.map { runs[$0] }) }
    }
    self.runs = runs
    whole = Level(meanOf: seeds)
    classes = cell.names.indices.filter { cell.confusion.support($0) > 0 }.map { cell.names[$0] }
  }

  /// See `Level.chance`; combined as the cell's headline is.
  func chance(_ metric: MetricName) -> Double { whole.chance(metric) }

  /// See `Level.majority`; combined as the cell's headline is.
  func majority(_ metric: MetricName) -> Double? { whole.majority(metric) }

  /// A network's test set, and the most frequent class of its training clips.
  fileprivate struct GuessedFold {
    var support: [Int]
    var guess: Int?
  }

  /// The class with the most clips; the first of equals.
  private static func mostFrequent(_ counts: [Int]) -> Int {
    counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
  }
}

extension ReferenceScores.Level {
  /// Scores guesses on the pooled test sets of several networks.
  fileprivate init(_ folds: [ReferenceScores.GuessedFold]) {
    let support = folds[0].support.indices.map { label in
      folds.reduce(0) { $0 + $1.support[label] }
    }
    let guessed = folds.compactMap { fold in
      fold.guess.map { ReferenceLevels.ConstantGuess(support: fold.support, guess: $0) }
    }
    let isKnown = guessed.count == folds.count
    chance = MetricName.allCases.reduce(into: [:]) {
      $0[$1] = ReferenceLevels.chance($1, support: support)
    }
    majority = MetricName.allCases.reduce(into: [:]) {
      $0[$1] = isKnown ? ReferenceLevels.majority($1, guessed) : nil
    }
  }

  fileprivate init(meanOf levels: [Self]) {
    func mean(_ values: (Self) -> [MetricName: Double]) -> [MetricName: Double] {
      MetricName.allCases.reduce(into: [:]) { means, metric in
        let known = levels.compactMap { values($0)[metric] }
        guard known.count == levels.count else { return }
        means[metric] = known.reduce(0, +) / Double(known.count)
      }
    }
    chance = mean(\.chance)
    majority = mean(\.majority)
  }
}
