import Foundation
import ValenceEvaluation
import ValenceFigures

extension Comparison {
  /// The comparison as a person reads it.
  public var text: String {
    let title = MetricName(rawValue: metric)?.title ?? metric
    let name = naming
    let table = ReportTable(
      columns: [
        .init("train"), .init("test"), .init("first"), .init("second"),
        .init("\(title) of first", .right), .init("of second", .right),
        .init("difference", .right), .init("95 % interval", .right), .init("p", .right),
        .init("p (Holm)", .right), .init("speakers", .right),
      ], rows: rows.map { cells($0, name) })
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

  private func cells(_ row: Row, _ name: (Side) -> String) -> [String] {
    let interval = row.low.flatMap { low in
      row.high.map { "\(Self.signed(low)) to \(Self.signed($0))" }
    }
    return [
      row.train, row.test, name(row.first), name(row.second), Self.percent(row.first.value),
      Self.percent(row.second.value), row.difference.map(Self.signed) ?? "–", interval ?? "–",
      row.p.map(Self.probability) ?? "–", row.pHolm.map(Self.probability) ?? "–",
      row.clusters.map(String.init) ?? "–",
    ]
  }

  /// Names a side by what tells it from the others: its variant, its experiment, or both.
  private var naming: (Side) -> String {
    let sides = rows.flatMap { [$0.first, $0.second] }
    if Set(sides.map(\.experiment)).count == 1 { return { $0.variant } }
    if Set(sides.map(\.variant)).count == 1 { return { $0.experiment } }
    return { "\($0.experiment): \($0.variant)" }
  }

  private var explanation: String {
    let tests = rows.count { $0.p != nil }
    guard tests > 0 else { return "" }
    var text = """
      Difference: second less first, in percentage points. Interval: a bootstrap over test speakers that \
      draws both alike. p: two-sided approximate randomization, 2000 exchanges of whole speakers \
      (Noreen, 1989); p (Holm): corrected for the \(tests == 1 ? "1 test" : "\(tests) tests") of this \
      table. Neither knows how far other seeds would move the numbers.

      """
    let fewest = rows.compactMap(\.clusters).min() ?? .max
    let limit = pow(0.5, Double(fewest - 1))
    if limit > 0.05 {
      text += "With \(fewest) speakers no p can lie below \(Self.probability(limit)).\n"
    }
    return text
  }

  private static func percent(_ fraction: Double) -> String {
    String(format: "%.1f", 100 * fraction)
  }

  private static func signed(_ fraction: Double) -> String {
    let tenths = Int((fraction * 1000).rounded())
    let sign = tenths < 0 ? "−" : tenths > 0 ? "+" : ""
    return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// Three decimals: as many as 2000 draws can tell.
  private static func probability(_ p: Double) -> String {
    p < 0.0005 ? "< 0.001" : String(format: "%.3f", p)
  }
}
