import ValenceEvaluation

/// The networks of a cell's seeds, asked together: a row of its own in the tables.
///
/// Its interval is that of trained networks, over test speakers: there is one system, and no second draw of
/// seeds to compare it with.
struct Ensemble {
  let cell: CellSummary
  let headline: Estimate
  let references: ReferenceScores
  /// The number of networks.
  let networks: Int
  /// The seeds in ascending order.
  let seeds: [UInt64]

  /// The seeds as `results.csv` has them; no single seed looks so.
  var seedText: String { seeds.map(String.init).joined(separator: "+") }

  /// What tables call the ensemble of a variant; no variant can have such a name.
  static func name(of variant: String) -> String { "\(variant) (ensemble)" }

  /// - Parameters:
  ///   - runs: the networks of the cell.
  ///   - trainCounts: for each of them, the number of training clips of each class.
  ///   - single: the cell with each network for itself.
  /// - Returns: nil unless every seed of every fold is there.
  /// - Throws: `EvaluationError` from scoring.
  init?(
    _ runs: [CellRun], trainCounts: [[Int]], of single: CellSummary, _ spec: ReportSpec
  ) throws(EvaluationError) {
    guard let together = CellRun.ensembles(of: runs) else { return nil }
    cell = try CellSummary(
      together, combination: single.combination, names: single.names,
      absent: spec.allowsMissingClasses ? .allow : .refuse)
    let counts = together.map { ensemble in
      zip(runs, trainCounts).first { $0.0.fold == ensemble.fold }?.1 ?? []
    }
    references = ReferenceScores(cell, trainCounts: counts)
    headline = cell.headline(spec.headline, withInterval: true)
    networks = runs.count
    seeds = single.seeds
  }
}
