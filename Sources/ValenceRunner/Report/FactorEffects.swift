import ValenceEvaluation
import ValenceFigures
import ValencePlan

/// What each setting of a one-at-a-time sweep does: every variant compared with the base, on the same
/// utterances and network by network.
struct FactorEffects {
  /// The comparisons of one cell of the base.
  struct Series {
    /// For example `ravdess → emovo`.
    let name: String
    let base: CellSummary
    /// By factor, then by level; nil where a cell is missing or has other networks than the base.
    let differences: [[PairedDifference?]]
  }

  private struct Pair: Hashable {
    var train: String
    var test: String
  }

  private let outline: Outline
  private var all: [Pair: Series] = [:]

  /// Compares what there is; nothing where the sweep has another form.
  ///
  /// - Throws: `EvaluationError` from scoring.
  init(_ cells: ResultCells) throws {
    outline = cells.outline
    guard let factors = outline.factors, let baseName = outline.variants.first else { return }
    for key in cells.keys where key.variant == baseName {
      guard let base = cells.cells[key] else { continue }
      let differences = try factors.map { factor in
        try factor.levels.map { level -> PairedDifference? in
          guard let cell = cells[level.variant, key.train, key.test] else { return nil }
          do {
            return try PairedDifference(of: outline.metric, cell, base)
          } catch EvaluationError.unpaired {
            return nil
          }
        }
      }
      all[Pair(train: key.train, test: key.test)] = Series(
        name: outline.cellName(key.train, key.test), base: base, differences: differences)
    }
  }

  /// The comparisons of a cell, if the base has it.
  func series(_ train: String, _ test: String) -> Series? { all[Pair(train: train, test: test)] }

  /// A table with a row for each value and cell; nil where the sweep has another form.
  var markdown: String? {
    guard let factors = outline.factors, !all.isEmpty else { return nil }
    let pairs = outline.train.flatMap { train in outline.test.map { Pair(train: train, test: $0) } }
    let rows = factors.enumerated().flatMap { position, factor in
      factor.levels.enumerated().flatMap { index, level in
        pairs.compactMap { all[$0] }.map { series -> [String] in
          let start = [factor.name, factor.base, level.value, series.name]
          guard let found = series.differences[position][index] else {
            return start + ["–", "–", "–"]
          }
          let interval = found.interval.map { "\(Self.signed($0.low)) to \(Self.signed($0.high))" }
          return start + [
            Self.signed(found.difference), interval ?? "–", Self.probability(found.p),
          ]
        }
      }
    }
    let table = ReportTable(
      columns: [
        .init("setting"), .init("base"), .init("instead"), .init("train → test"),
        .init("\(outline.metric.title) minus the base's", .right),
        .init("95 % interval", .right), .init("p", .right),
      ], rows: rows)
    return table.markdown
      + "\nDifferences in percentage points; the interval is a paired bootstrap over test speakers, p "
      + "an approximate randomization test that exchanges whole speakers. Neither knows how far "
      + "another seed would move the numbers, and neither is corrected for the number of rows."
  }

  private static func signed(_ fraction: Double) -> String {
    let tenths = Int((fraction * 1000).rounded())
    let sign = tenths < 0 ? "−" : tenths > 0 ? "+" : ""
    return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// Three decimals; what 2000 draws can tell.
  private static func probability(_ p: Double) -> String {
    let thousandths = Int((p * 1000).rounded())
    guard thousandths > 0 else { return "< 0.001" }
    let digits = "\(thousandths % 1000)"
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}
