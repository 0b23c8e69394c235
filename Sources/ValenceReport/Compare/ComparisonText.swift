import ValenceCore
import ValenceEvaluation
import ValenceFigures

extension Comparison {
  /// The comparison for a terminal.
  package var text: String {
    let name = naming
    var lines = [table.text]
    var seen: Set<String> = []
    for row in rows {
      guard let reason = row.untested else { continue }
      let line =
        "Not tested: \(row.train) → \(row.test), \(name(row.first)) and "
        + "\(name(row.second)): \(reason)"
      if seen.insert(line).inserted { lines.append(line + "\n") }
    }
    lines.append(explanation)
    for note in notes { lines.append("Note: \(note)\n") }
    return lines.joined()
  }

  /// The comparison as a section of a summary; nil if nothing is compared.
  var markdown: String? {
    guard !rows.isEmpty else { return nil }
    let gaps = rows.compactMap(\.untested).reduce(into: [String]()) { gaps, gap in
      if !gaps.contains(gap) { gaps.append(gap) }
    }
    let missing = gaps.isEmpty ? "" : "Without interval and p: \(gaps.joined(separator: " "))"
    return [table.markdown + "\n" + explanation, missing].filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private var table: ReportTable {
    let title = MetricName(rawValue: metric)?.title ?? metric
    let name = naming
    return ReportTable(
      columns: [
        .init("train"), .init("test"), .init("first"), .init("second"),
        .init("\(title) of first", .right), .init("of second", .right),
        .init("difference", .right), .init("95 % interval", .right), .init("p", .right),
        .init("least p", .right), .init("adjusted p", .right), .init("tested on", .right),
      ], rows: rows.map { cells($0, name) })
  }

  private func cells(_ row: CellPair, _ name: (Side) -> String) -> [String] {
    let tested = row.unit.flatMap { unit in row.clusters.map(unit.text) }
    return [
      row.train, row.test, name(row.first), name(row.second),
      NumberText.percent(row.first.value), NumberText.percent(row.second.value),
      row.difference.map(NumberText.points) ?? "–",
      DifferenceText.interval(
        low: row.low, high: row.high, isApproximate: row.isApproximate == true),
      DifferenceText.probability(row.p), DifferenceText.probability(row.pSmallest),
      DifferenceText.probability(row.pAdjusted), tested ?? "–",
    ]
  }

  /// The shortest unambiguous name of a side: its variant, its experiment, or both.
  private var naming: (Side) -> String {
    let sides = rows.flatMap { [$0.first, $0.second] }
    if Set(sides.map(\.experiment)).count == 1 { return { $0.variant } }
    if Set(sides.map(\.variant)).count == 1 { return { $0.experiment } }
    return { "\($0.experiment): \($0.variant)" }
  }

  private var explanation: String {
    let tested = rows.filter { $0.p != nil }
    let difference = rows.contains { $0.difference != nil }
    guard !tested.isEmpty else {
      return difference ? "Difference: second less first, in percentage points.\n" : ""
    }
    return "Difference: second less first, in percentage points. "
      + DifferenceText.explanation(
        claim, units: Set(tested.compactMap(\.unit)), tests: tested.count,
        // Settings with one seed are tested only where no seed moves them.
        haveSeeds: tested.contains { $0.seeds != [1, 1] }) + "\n"
  }
}
