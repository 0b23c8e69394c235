import ValenceEvaluation

/// Scores stored predictions as tables of results do.
struct StoredScores {
  let classes: [String]
  /// Whether another seed would have given another model.
  let isSeeded: Bool

  /// The score of some models; nil if they cannot be scored, as for want of predictions.
  func score(_ runs: [CellRun], combination: CellSummary.Combination) -> ModelCard.Measured? {
    guard
      let cell = try? CellSummary(
        runs, combination: combination, names: classes, absent: .allow, isSeeded: isSeeded)
    else { return nil }
    let estimate = cell.headline(.uar, withInterval: true)
    let all = cell.sets.joined()
    let speakers = Set(all.map(\.speaker))
    let support = classes.indices.map { cell.confusion.support($0) }
    let chances = cell.runs.map { run in
      ReferenceLevels.chance(
        .uar, support: classes.indices.map { run.score.confusion.support($0) })
    }
    let chance =
      combination == .pooledFolds
      ? ReferenceLevels.chance(.uar, support: support)
      : chances.reduce(0, +) / Double(chances.count)
    return ModelCard.Measured(
      uar: estimate.mean, low: estimate.interval?.low, high: estimate.interval?.high,
      isApproximate: estimate.interval.map(\.isApproximate),
      gap: estimate.interval == nil ? cell.intervalGap(.uar)?.description : nil, chance: chance,
      recall: recall(cell.confusion, support), models: runs.count, seeds: cell.seeds.count,
      clips: cell.utteranceCount, speakers: speakers.contains(nil) ? nil : speakers.count)
  }

  /// The recall of each class that was tested, over all models together.
  private func recall(_ confusion: ConfusionMatrix, _ support: [Int]) -> [String: Double] {
    var recall: [String: Double] = [:]
    for index in classes.indices where support[index] > 0 {
      recall[classes[index]] = Double(confusion[index, index]) / Double(support[index])
    }
    return recall
  }
}
