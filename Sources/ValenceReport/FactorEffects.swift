import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// What each setting of a one-at-a-time sweep does: every variant compared with the base, on the same
/// utterances.
struct FactorEffects {
  /// The comparisons of one cell of the base.
  struct Series {
    /// For example `ravdess → emovo`.
    let name: String
    let base: CellSummary
    /// By factor, then by level; nil where a cell is missing or has other utterances than the base.
    let differences: [[PairedDifference?]]
  }

  private struct Pair: Hashable {
    var train: String
    var test: String
  }

  private let outline: Outline
  /// The declared comparisons, where the table of factors does not have them all.
  private let declared: Comparison?
  private var all: [Pair: Series] = [:]
  /// The p-values of all comparisons, corrected, in the order of the table's rows.
  private var adjusted: [Row: Double] = [:]

  /// A row of the table.
  private struct Row: Hashable {
    var pair: Pair
    var factor: Int
    var level: Int
  }

  /// Compares what there is; nothing where the sweep has another form.
  ///
  /// - Throws: `EvaluationError` from scoring.
  init(_ cells: ResultCells) throws {
    outline = cells.outline
    let isOwnTable = outline.factors != nil && outline.compare == nil
    declared = isOwnTable || outline.variants.count < 2 ? nil : try Comparison(declaredIn: cells)
    guard let factors = outline.factors, let baseName = outline.variants.first else { return }
    for key in cells.keys where key.variant == baseName {
      guard let base = cells.cells[key] else { continue }
      let differences = try factors.map { factor in
        try factor.levels.map { level -> PairedDifference? in
          guard let cell = cells[level.variant, key.train, key.test] else { return nil }
          do {
            return try PairedDifference(of: outline.headline, cell, base)
          } catch EvaluationError.unpaired {
            return nil
          }
        }
      }
      all[Pair(train: key.train, test: key.test)] = Series(
        name: outline.cellName(key.train, key.test), base: base, differences: differences)
    }
    adjusted = Self.corrected(self)
  }

  /// The comparisons of a cell, if the base has it.
  func series(_ train: String, _ test: String) -> Series? { all[Pair(train: train, test: test)] }

  /// The comparisons of variants that the plan declares; nil where `markdown` has them, or nothing.
  var comparisons: String? { declared?.markdown }

  /// A table with a row for each value and cell; nil where the sweep has another form.
  var markdown: String? {
    guard let factors = outline.factors, !all.isEmpty else { return nil }
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
        .init("\(outline.headline.title) minus the base's", .right),
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
          .settings, units: Set(tested.map(\.unit)), tests: tested.count))
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
  private var rows: [Row] {
    let pairs = outline.train.flatMap { train in outline.test.map { Pair(train: train, test: $0) } }
      .filter { all[$0] != nil }
    return (outline.factors ?? []).enumerated().flatMap { position, factor in
      factor.levels.indices.flatMap { level in
        pairs.map { Row(pair: $0, factor: position, level: level) }
      }
    }
  }

  private static func corrected(_ effects: FactorEffects) -> [Row: Double] {
    var family = ComparisonFamily()
    let rows = effects.rows
    var tested: [Row] = []
    for row in rows {
      guard let factors = effects.outline.factors, let series = effects.all[row.pair],
        let found = series.differences[row.factor][row.level]
      else { continue }
      family.add(
        found, first: "\(factors[row.factor].levels[row.level].variant)\n\(row.pair.train)",
        second: "\(effects.outline.variants.first ?? "")\n\(row.pair.train)",
        group: row.pair.test)
      tested.append(row)
    }
    return zip(tested, family.adjusted).reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
}
