import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// How the network of a training set compares with the best finished baseline on a test corpus.
///
/// The network is the one that validation chooses, or the only one; the baseline is the best by its test score,
/// which is the harder one to beat; where baselines differ in their normalization, of those of the network's.
struct BaselineVerdict {
  let network: String
  let baseline: String
  let train: String
  let test: String
  /// The network's measure minus the baseline's.
  let difference: PairedDifference

  /// The network does not have the higher score.
  var isLost: Bool { difference.difference <= 0 }
  /// It has, but with other test speakers and seeds it may not.
  var isUncertain: Bool { !isLost && (difference.interval.map { $0.low <= 0 } ?? true) }

  /// The comparisons of all training sets and test corpora that have a network and a baseline of all folds.
  static func all(_ cells: ResultCells, _ choices: [VariantChoice]) throws -> [BaselineVerdict] {
    let spec = cells.spec
    return try spec.train.flatMap { train in
      let chosen =
        spec.networks.count == 1
        ? spec.networks.first : choices.first { $0.train == train }?.chosen
      guard let chosen else { return [BaselineVerdict]() }
      let baselines = (spec.baselines ?? []).filter { name in
        spec.isBaseline(name, for: chosen)
          && !cells.unfinished.contains { $0.name.variant == name && $0.name.train == train }
      }
      return try spec.test.compactMap { test in
        guard let network = cells[chosen, train, test] else { return nil }
        let found = baselines.compactMap { name in
          cells[name, train, test].map { (name: name, cell: $0) }
        }
        func score(_ cell: CellSummary) -> Double { cell.headline(spec.headline).mean }
        guard let best = found.max(by: { score($0.cell) < score($1.cell) }) else { return nil }
        do {
          return BaselineVerdict(
            network: chosen, baseline: best.name, train: train, test: test,
            difference: try .ofSettingsOrNetworks(network, best.cell, by: spec.headline))
        } catch EvaluationError.unpaired {
          return nil
        }
      }
    }
  }

  /// Sentences on the networks that do not beat the best baseline, or not with certainty: one a training set.
  static func sentences(_ verdicts: [BaselineVerdict], _ spec: ReportSpec) -> [String] {
    spec.train.compactMap { train in
      let own = verdicts.filter { $0.train == train }
      guard let network = own.first?.network else { return nil }
      let parts = [
        ("does not beat the best baseline", own.filter(\.isLost)),
        ("is ahead of the best baseline, but not with certainty", own.filter(\.isUncertain)),
      ].filter { !$0.1.isEmpty }.map { what, verdicts in
        "\(what): " + verdicts.map { $0.text(spec) }.joined(separator: "; ")
      }
      return parts.isEmpty ? nil : "\(network) \(parts.joined(separator: ". It "))."
    }
  }

  /// `ravdess −8.6 points UAR against baseline svm (95 % interval −12.1 to −5.0)`.
  private func text(_ spec: ReportSpec) -> String {
    let points = NumberText.points(difference.difference)
    let interval = difference.interval.map {
      "95 % interval "
        + DifferenceText.interval(low: $0.low, high: $0.high, isApproximate: $0.isApproximate)
    }
    let whose = difference.claim == .networks && interval != nil ? ", of this one seed" : ""
    return
      "\(spec.cellName(train, test)) \(points) points \(spec.headline.title) against \(baseline) "
      + "(\(interval ?? "no interval")\(whose))"
  }
}
