import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// The effects of the settings in a one-at-a-time sweep: each variant compared with the base on the same
/// utterances.
struct FactorEffects {
  /// The comparisons with one cell of the base.
  struct CellEffects {
    /// For example `ravdess → emovo`.
    let name: String
    let base: CellSummary
    /// By factor, then by level; nil if a cell is missing or has other utterances than the base.
    let differences: [[PairedDifference?]]
  }

  private let spec: ReportSpec
  /// The declared comparisons, unless the table of factors covers them.
  private let declared: Comparison?
  private var all: [CorpusPair: CellEffects] = [:]
  /// The p-values of all comparisons, corrected, in the order of the table's rows.
  private var adjusted: [Effect: Double] = [:]

  /// A comparison of one level with the base: a row of the table.
  private struct Effect: Hashable {
    var pair: CorpusPair
    var factor: Int
    var level: Int
  }

  /// Compares the existing cells; nothing for other sweeps.
  ///
  /// - Throws: `EvaluationError` from scoring.
  init(_ cells: ResultCells) throws {
    spec = cells.spec
    let isOwnTable = spec.factors != nil && spec.compare == nil
    declared = isOwnTable || spec.comparisons.isEmpty ? nil : try Comparison(declaredIn: cells)
    guard let factors = spec.factors, let baseName = spec.variants.first else { return }
    for key in cells.keys where key.variant == baseName {
      guard let base = cells.cells[key] else { continue }
      let differences = try factors.map { factor in
        try factor.levels.map { level -> PairedDifference? in
          guard let cell = cells[level.variant, key.train, key.test] else { return nil }
          do {
            return try PairedDifference(of: spec.headline, cell, base)
          } catch EvaluationError.unpaired {
            return nil
          }
        }
      }
      all[CorpusPair(train: key.train, test: key.test)] = CellEffects(
        name: spec.cellName(key.train, key.test), base: base, differences: differences)
    }
    adjusted = Self.corrected(self)
  }

  /// The comparisons with a cell of the base, if it exists.
  func series(_ train: String, _ test: String) -> CellEffects? {
    all[CorpusPair(train: train, test: test)]
  }

  /// The comparisons of variants that the plan declares; nil if there are none, or `markdown` has them.
  var comparisons: String? { declared?.markdown }

  /// A table with a row for each value and cell; nil for other sweeps.
  var markdown: String? {
    guard let factors = spec.factors, !all.isEmpty else { return nil }
    let cells = rows.map { row -> [String] in
      let (factor, series) = (factors[row.factor], all[row.pair])
      let start = [
        factor.name, factor.base, factor.levels[row.level].value, series?.name ?? "",
      ]
      guard let found = series?.differences[row.factor][row.level] else {
        return start + ["–", "–", "–", "–", "–"]
      }
      return start + [
        NumberText.points(found.difference),
        DifferenceText.interval(
          low: found.interval?.low, high: found.interval?.high,
          isApproximate: found.interval?.isApproximate == true),
        DifferenceText.probability(found.p), DifferenceText.probability(found.smallestP),
        DifferenceText.probability(adjusted[row]),
      ]
    }
    let table = ReportTable(
      columns: [
        .init("setting"), .init("base"), .init("instead"), .init("train → test"),
        .init("\(spec.headline.title) minus the base's", .right),
        .init("95 % interval", .right), .init("p", .right), .init("least p", .right),
        .init("adjusted p", .right),
      ], rows: cells)
    return table.markdown + "\n" + explanation
  }

  private var explanation: String {
    var sentences = ["Differences in percentage points."]
    let tested = differences.filter { $0.p != nil }
    if !tested.isEmpty {
      sentences.append(
        DifferenceText.explanation(
          .settings, units: Set(tested.map(\.unit)), tests: tested.count,
          haveSeeds: !spec.networks.isEmpty))
    }
    var gaps: [String] = []
    for gap in differences.compactMap({ $0.gap?.description }) where !gaps.contains(gap) {
      gaps.append(gap)
    }
    if !gaps.isEmpty { sentences.append("Without interval and p: " + gaps.joined(separator: " ")) }
    return sentences.joined(separator: " ")
  }

  private var differences: [PairedDifference] {
    rows.compactMap { all[$0.pair]?.differences[$0.factor][$0.level] }
  }

  /// The rows of the table: by factor, level, training corpus, test corpus.
  private var rows: [Effect] {
    let pairs = spec.train.flatMap { train in
      spec.test.map { CorpusPair(train: train, test: $0) }
    }.filter { all[$0] != nil }
    return (spec.factors ?? []).enumerated().flatMap { position, factor in
      factor.levels.indices.flatMap { level in
        pairs.map { Effect(pair: $0, factor: position, level: level) }
      }
    }
  }

  private static func corrected(_ effects: FactorEffects) -> [Effect: Double] {
    var family = ComparisonFamily()
    let rows = effects.rows
    var tested: [Effect] = []
    for row in rows {
      guard let factors = effects.spec.factors, let series = effects.all[row.pair],
        let found = series.differences[row.factor][row.level]
      else { continue }
      family.add(
        found, first: "\(factors[row.factor].levels[row.level].variant)\n\(row.pair.train)",
        second: "\(effects.spec.variants.first ?? "")\n\(row.pair.train)",
        group: row.pair.test)
      tested.append(row)
    }
    return zip(tested, family.adjusted).reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
}
