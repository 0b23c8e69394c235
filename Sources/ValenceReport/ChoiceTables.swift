import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// What inner folds chose for the classic models of an experiment, and how well these did there.
struct ChoiceTables {
  /// The models of a variant, or baseline, on a training set: one a fold.
  private struct Row {
    let name: String
    let train: String
    let choices: [TrialRecord.Choice]

    var layers: String { Self.counted(choices.compactMap(\.layer).sorted().map(String.init)) }
    var poolings: String { Self.counted(choices.compactMap(\.pooling).sorted()) }

    /// What every table has of it.
    var texts: [String] {
      let strengths = choices.map(\.strength).sorted(by: >).map(TrialRecord.Choice.short)
      let isChosen = choices.contains(where: \.isChosen)
      let uars = choices.map(\.innerUAR)
      let mean = uars.reduce(0, +) / Double(max(uars.count, 1))
      let ends = isChosen ? String(choices.count { $0.isAtEnd }) : "–"
      let key = (choices.first?.key ?? "") + (isChosen ? "" : " (given)")
      return [name, train, key, Self.counted(strengths)]
        + [mean, uars.min() ?? 0, uars.max() ?? 0].map(NumberText.percent)
        + [ends, String(choices.count { !$0.hasConverged }), String(choices.count)]
    }

    /// `1 ×2, 0.3 ×4` of values that stand side by side.
    fileprivate static func counted(_ values: [String]) -> String {
      var groups: [(value: String, count: Int)] = []
      for value in values {
        if groups.last?.value == value {
          groups[groups.count - 1].count += 1
        } else {
          groups.append((value, 1))
        }
      }
      if groups.isEmpty { return "–" }
      return groups.map { $0.count == 1 ? $0.value : "\($0.value) ×\($0.count)" }
        .joined(separator: ", ")
    }
  }

  private let rows: [Row]

  /// The tables of the finished trials whose records say what was chosen.
  init(_ cells: ResultCells) {
    let spec = cells.spec
    rows = spec.trained.flatMap { name in
      spec.train.compactMap { train in
        let models = cells.histories[.init(variant: name, train: train, test: train)] ?? []
        let choices = models.compactMap(\.record.training.choice)
        return choices.isEmpty ? nil : Row(name: name, train: train, choices: choices)
      }
    }
  }

  /// The tables with what they mean; nil where no model chose, and of older records.
  ///
  /// Markdown, escaped.
  var markdown: String? {
    if rows.isEmpty { return nil }
    var text = choices.markdown + "\n" + escaped(readings.joined(separator: " "))
    if let layers { text += "\n\n" + layers.markdown + "\n" + escaped(Self.layerReading) }
    return text
  }

  private var choices: ReportTable {
    let all = rows.flatMap(\.choices)
    let hasLayer = all.contains { $0.layer != nil }
    let hasPooling = all.contains { $0.pooling != nil }
    return ReportTable(
      columns: [.init("variant"), .init("train"), .init("strength"), .init("value")]
        + (hasLayer ? [.init("layer")] : []) + (hasPooling ? [.init("pooling")] : [])
        + [
          .init("inner UAR", .right), .init("least", .right), .init("most", .right),
          .init("at an end", .right), .init("not converged", .right), .init("models", .right),
        ],
      rows: rows.map { row in
        var texts = row.texts
        if hasPooling { texts.insert(row.poolings, at: 4) }
        if hasLayer { texts.insert(row.layers, at: 4) }
        return texts
      })
  }

  private var readings: [String] {
    [
      "Strength: what holds a model back; × says how many models took a value.",
      "Inner UAR: over all training clips, each by a model that has not heard its speaker, or its corpus where "
        + "folds keep these apart; mean, least and most over models. What was chosen was chosen by "
        + "this number, so it is a little too high.",
      "At an end: models that took the strongest or the weakest of the values that were tried.",
    ]
  }

  /// The best inner UAR of each layer, where the layer was chosen.
  private var layers: ReportTable? {
    let chosen = rows.compactMap { row -> (row: Row, uars: [[Double]])? in
      let uars = row.choices.compactMap(\.layerUARs)
      return uars.isEmpty ? nil : (row, uars)
    }
    guard let count = chosen.flatMap(\.uars).map(\.count).max() else { return nil }
    return ReportTable(
      columns: [.init("variant"), .init("train")]
        + (0..<count).map { .init("layer \($0)", .right) },
      rows: chosen.map { row, uars in
        [row.name, row.train]
          + (0..<count).map { layer in
            let own = uars.compactMap { layer < $0.count ? $0[layer] : nil }
            return own.isEmpty
              ? "–" : NumberText.percent(own.reduce(0, +) / Double(own.count))
          }
      })
  }

  private static let layerReading =
    "Inner UAR of each layer with the value that suits it best, mean over models; layer 0 is what the first "
    + "layer reads."
}
