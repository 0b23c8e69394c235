import ValenceEvaluation

/// What guessing scores on the very test sets of a cell, put together as its networks are: folds pooled
/// or networks averaged, then seeds averaged.
struct ReferenceScores {
  /// What guessing scores on one set of utterances.
  struct Level {
    fileprivate let chance: [MetricName: Double]
    fileprivate let majority: [MetricName: Double]

    /// The value that labels drawn at the test set's shares are expected to have.
    func chance(_ metric: MetricName) -> Double { chance[metric] ?? .nan }

    /// The value of always saying what most training clips are; nil where that is not known.
    func majority(_ metric: MetricName) -> Double? { majority[metric] }
  }

  /// On each network's own test set, in the order of the cell's runs.
  let runs: [Level]
  /// On what each seed's score is made of, in the order of the seeds.
  let seeds: [Level]
  /// The classes that the test sets have.
  let classes: [String]
  private let whole: Level

  /// Scores guesses.
  ///
  /// - Parameter trainCounts: for each run of the cell, in its order, how many of the clips that its
  ///   network learned from have each class; empty where that is not known.
  /// - Throws: `EvaluationError` from scoring.
  init(_ cell: CellSummary, trainCounts: [[Int]]) throws {
    let count = cell.names.count
    let parts = cell.runs.enumerated().map { index, run in
      Part(
        support: (0..<count).map { run.score.confusion.support($0) },
        guess: trainCounts[index].isEmpty ? nil : Self.mostFrequent(trainCounts[index]))
    }
    runs = try parts.map { try Level([$0], names: cell.names) }
    let bySeed = Set(cell.runs.map(\.seed)).sorted().map { seed in
      cell.runs.indices.filter { cell.runs[$0].seed == seed }
    }
    if cell.kind == .pooledFolds {
      seeds = try bySeed.map { own in try Level(own.map { parts[$0] }, names: cell.names) }
    } else {
      let levels = runs
      seeds = bySeed.map { own in Level(meanOf: own.map { levels[$0] }) }
    }
    whole = Level(meanOf: seeds)
    classes = cell.names.indices.filter { cell.confusion.support($0) > 0 }.map { cell.names[$0] }
  }

  /// What guessing scores by the measure that the cell's headline is of.
  func chance(_ metric: MetricName) -> Double { whole.chance(metric) }

  /// See `Level.majority`.
  func majority(_ metric: MetricName) -> Double? { whole.majority(metric) }

  /// A network's test set, and what it would always say.
  fileprivate struct Part {
    var support: [Int]
    var guess: Int?
  }

  /// The class that most clips have; the first of equals.
  private static func mostFrequent(_ counts: [Int]) -> Int {
    counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
  }
}

extension ReferenceScores.Level {
  /// Scores guesses on several networks' test sets together.
  fileprivate init(_ parts: [ReferenceScores.Part], names: [String]) throws {
    let support = names.indices.map { label in parts.reduce(0) { $0 + $1.support[label] } }
    chance = Dictionary(
      uniqueKeysWithValues: MetricName.allCases.map {
        ($0, ReferenceLevels.chance($0, support: support))
      })
    var matrix = ConfusionMatrix(classCount: names.count)
    for part in parts {
      guard let guess = part.guess else {
        majority = [:]
        return
      }
      for label in names.indices { matrix.add(part.support[label], label, guess) }
    }
    let score = try Score(matrix, names: names, absent: .allow)
    majority = Dictionary(
      uniqueKeysWithValues: MetricName.allCases.map { ($0, score.value($0)) })
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
