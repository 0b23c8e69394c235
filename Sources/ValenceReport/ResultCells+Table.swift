import ValenceCore
import ValenceEvaluation

/// The `fold` of a row whose folds are pooled.
private let pooled = "pooled"

extension ResultCells {
  /// `results.csv`: for each cell a row for each network and measure, then a row for the pooled folds of
  /// each seed, each with the scores of guessing on the same utterances; then the same of the ensemble.
  ///
  /// Others find its columns by name: users' programs, `Tests/consumers`, which compute the values from the
  /// predictions, and `networks(in:)`, by which a report tells that an earlier one had more.
  func table() -> Table {
    var table = Table(
      columns: [
        "variant", "train", "test", "fold", "seed", "metric", "value", "utterances", "labels",
        "notes", "chance", "majority",
      ])
    for key in keys + baselineKeys {
      guard let cell = cells[key], let known = references[key] else { continue }
      table.rows += rows(of: cell, known, as: key)
      guard let ensemble = ensembles[key] else { continue }
      table.rows += rows(
        of: ensemble.cell, ensemble.references, as: key,
        name: (Ensemble.name(of: key.variant), ensemble.seedText))
    }
    return table
  }

  /// The rows of a cell.
  ///
  /// - Parameter name: of an ensemble, what stands in place of the variant and of each seed.
  private func rows(
    of cell: CellSummary, _ known: ReferenceScores, as key: Key,
    name: (variant: String, seeds: String)? = nil
  ) -> [[String]] {
    let notes = notes(of: key).joined(separator: " | ")
    var rows: [[String]] = []
    func append(_ score: Score, fold: String, seed: UInt64, _ guessed: ReferenceScores.Level) {
      let labels = score.classes.filter { $0.support > 0 }.map(\.name).joined(separator: "|")
      for metric in MetricName.allCases {
        rows.append([
          name?.variant ?? key.variant, key.train, key.test, fold, name?.seeds ?? String(seed),
          metric.rawValue, String(score.value(metric)), String(score.count), labels, notes,
          String(guessed.chance(metric)), guessed.majority(metric).map { String($0) } ?? "",
        ])
      }
    }
    for (run, guessed) in zip(cell.runs, known.runs) {
      append(run.score, fold: run.fold, seed: run.seed, guessed)
    }
    guard cell.combination == .pooledFolds else { return rows }
    for ((seed, score), guessed) in zip(zip(cell.seeds, cell.parts), known.seeds) {
      append(score, fold: pooled, seed: seed, guessed)
    }
    return rows
  }

  /// The number of networks in a table of `table()`; ensembles are none.
  static func networks(in table: Table) -> Int {
    let columns = ["variant", "train", "fold", "seed"].compactMap(table.column)
    guard columns.count == 4, let fold = table.column("fold"), let seed = table.column("seed")
    else { return 0 }
    let networks = table.rows.filter { $0[fold] != pooled && !$0[seed].contains("+") }
    return Set(networks.map { row in columns.map { row[$0] } }).count
  }
}
