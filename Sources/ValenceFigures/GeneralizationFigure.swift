import ValenceCore

/// The scores of networks of each corpus on each other, as a map, and their gaps to the score within the
/// test corpus.
package struct GeneralizationFigure: Hashable, Sendable {
  /// All folds and seeds of one (training, test) pair.
  package struct Cell: Hashable, Sendable {
    /// The score.
    package var value: PlottedValue
    /// Whether training and test are parts of the same corpus.
    package var isWithin: Bool
    /// The test set.
    package var tested: Tested
    /// Notes on the cell, a sentence each; the figure gives each sentence a sign, or says it once where it
    /// holds for every cell.
    package var notes: [String]

    /// Notes a cell; see the properties.
    package init(value: PlottedValue, isWithin: Bool, tested: Tested, notes: [String] = []) {
      self.value = value
      self.isWithin = isWithin
      self.tested = tested
      self.notes = notes
    }
  }

  /// The test set of a cell.
  package struct Tested: Hashable, Sendable {
    /// The number of utterances.
    package var utterances: Int
    /// The units of its interval, for example `24 speakers` and `3 seeds`.
    package var basis: [String]
    /// The identity of the test set: equal for cells that score the same utterances.
    package var set: String

    /// Notes a test set; see the properties.
    package init(utterances: Int, basis: [String], set: String) {
      self.utterances = utterances
      self.basis = basis
      self.set = set
    }
  }

  /// The cells by training and test corpus.
  package struct Grid: Hashable, Sendable {
    /// The training corpora, or the pooled ones: the rows.
    package var trainings: [String]
    /// The test corpora: the columns.
    package var tests: [String]
    /// `[trainings, tests]`; nil where there is no result.
    package var cells: [[Cell?]]

    /// Gathers the cells, which must match the names.
    package init(trainings: [String], tests: [String], cells: [[Cell?]]) {
      precondition(
        cells.count == trainings.count && cells.allSatisfy { $0.count == tests.count },
        "cells of \(cells.map(\.count)) under \(trainings.count) × \(tests.count) names")
      self.trainings = trainings
      self.tests = tests
      self.cells = cells
    }

    /// The number of cells, those without a result included.
    var size: Int { trainings.count * tests.count }
  }

  /// What rows and columns are.
  package struct Axes: Hashable, Sendable {
    /// The line below the title, behind the score's name.
    package var subtitle: String
    package var rows: String
    package var columns: String
    /// What stands between a row's and a column's name where a cell is named in the data.
    var link: String

    /// Training corpora against test corpora.
    package static let corpora = Axes(
      subtitle: "by training and test corpus", rows: "Training corpus", columns: "Test corpus",
      link: " → ")
    /// Methods against corpora that are held out of training.
    package static let heldOut = Axes(
      subtitle: "on each corpus, trained on all others", rows: "Method",
      columns: "Held-out corpus", link: ", held out: ")
  }

  /// The stem of the files' names; the gap figure appends `-gap`.
  package var name: String
  /// The comparison.
  package var title: String
  /// The score's name, for example `UAR`.
  package var metric = "UAR"
  /// What the scored models are called.
  package var models = ModelNoun.network
  package var grid: Grid
  /// What rows and columns are.
  package var axes = Axes.corpora
  /// The kind of the intervals, for example `95 % interval over test speakers`.
  package var interval: String
  /// Notes on all cells, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  package init(name: String, title: String, grid: Grid, interval: String) {
    self.name = name
    self.title = title
    self.grid = grid
    self.interval = interval
  }

  /// Draws the scores, colored from chance to the best.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["\(metric) \(axes.subtitle)"])
    let signs = Footnotes(present.map(\.cell.notes))
    let values = present.map(\.cell.value)
    let percents = values.map { 100 * $0.mean }
    let low = 100 * (values.map(\.chance).min() ?? 0)
    var block = Figure.Block(
      "cells",
      columns: [
        "test", "train", "percent", "low", "high", "networks", "utterances", "percent_text",
        "interval_text", "networks_text", "utterances_text", "unit_text",
      ])
    for (entry, value) in zip(present, values) {
      let ends = value.interval.map { [100 * $0.low, 100 * $0.high] } ?? [.nan, .nan]
      block.append(
        [Double(entry.column), Double(entry.row), 100 * value.mean] + ends
          + [Double(value.networks), Double(entry.cell.tested.utterances)],
        texts: [
          NumberText.percent(value.mean) + signs.signs(of: entry.cell.notes),
          value.interval?.text ?? "", "n = \(value.networks)",
        ] + (unevenColumns.contains(entry.column) ? Self.texts(entry.cell.tested) : ["", ""]),
        remark(entry.row, entry.column))
    }
    var map = cellMap(block, .viridis, low...max(percents.max() ?? 0, low + 1))
    map.texts = texts(signs)
    let isBelow = percents.contains { $0 < low - 1e-9 }
    let chances = Set(values.map { NumberText.percent($0.chance) })
    map.colorBar = ColorBar(
      title: "\(metric) (%)",
      lowText: "\(isBelow ? "≤ " : "")\(NumberText.percent(low / 100)) "
        + (chances.count > 1 ? "(least chance)" : "(chance)"))
    let shown = Set(map.texts[..<map.draw(on: &canvas)].map(\.expression))
    canvas.caption(caption(shown) + notes + signs.sentences)
    return canvas.figure(named: name)
  }

  private static let intervalText = "stringcolumn({interval_text})"
  private static let networksText = "stringcolumn({networks_text})"

  /// The lines of a cell, the most important first.
  private func texts(_ signs: Footnotes) -> [CellMap.CellText] {
    let values = present.map(\.cell.value)
    var texts = [
      CellMap.CellText(
        expression: "stringcolumn({percent_text})", style: .label, widest: "99.9" + signs.widest)
    ]
    if let widest = values.compactMap({ $0.interval?.text }).max(by: { $0.count < $1.count }) {
      texts.append(
        .init(expression: Self.intervalText, style: .small, widest: widest))
    }
    if Set(values.map(\.networks)).count > 1 {
      texts.append(
        .init(expression: Self.networksText, style: .small, widest: "n = 99"))
    }
    let uneven = present.filter { unevenColumns.contains($0.column) }
    for (line, column) in ["utterances_text", "unit_text"].enumerated() where !uneven.isEmpty {
      let widest = uneven.map { Self.texts($0.cell.tested)[line] }.max { $0.count < $1.count }
      texts.append(
        .init(
          expression: "stringcolumn({\(column)})", style: .small, widest: widest ?? ""))
    }
    return texts
  }

  /// The size of a test set and the units of its interval, a line each.
  private static func texts(_ tested: Tested) -> [String] {
    ["N = \(tested.utterances)", tested.basis.joined(separator: ", ")]
  }

  /// The columns whose cells do not all score the same utterances.
  private var unevenColumns: [Int] {
    grid.tests.indices.filter { column in
      Set(present.filter { $0.column == column }.map(\.cell.tested.set)).count > 1
    }
  }

  private func caption(_ shown: Set<String>) -> [String] {
    let values = present.map(\.cell.value)
    var parts: [String] = []
    if grid.cells.joined().contains(where: { $0?.isWithin == true }) {
      parts.append("Framed: within corpus, held-out folds.")
    }
    if values.contains(where: { $0.interval != nil }) {
      let place = shown.contains(Self.intervalText) ? "Small print" : "In the .dat file"
      parts.append("\(place): \(interval).")
    }
    let networks = Set(values.map(\.networks))
    if networks.count == 1, let count = networks.first {
      parts.append("Each cell: n = \(Wording.counted(count, models.rawValue)).")
    } else if networks.count > 1 {
      parts.append(
        shown.contains(Self.networksText)
          ? "In each cell, n is the number of \(models.plural)."
          : "Numbers of \(models.plural) are in the .dat file.")
    }
    parts.append(chanceText)
    if !unevenColumns.isEmpty {
      let names = Wording.list(unevenColumns.map { grid.tests[$0] })
      parts.append("The cells of \(names) do not all score the same utterances.")
    }
    if present.count < grid.size { parts.append("Hatched: no result.") }
    return [parts.joined(separator: " ")]
  }

  /// The chance level: once for all columns, or column by column.
  private var chanceText: String {
    let columns = grid.tests.indices.map { column in
      PlottedValue.chanceText(present.filter { $0.column == column }.map(\.cell.value))
    }
    let known = zip(grid.tests, columns).filter { $0.1 != "–" }
    guard Set(known.map(\.1)).count > 1 else { return "Chance \(known.first?.1 ?? "–")." }
    return "Chance: \(known.map { "\($0.0) \($0.1)" }.joined(separator: ", "))."
  }
}

extension GeneralizationFigure {
  /// A cell with a result and its position.
  struct PlacedCell {
    var row: Int
    var column: Int
    var cell: Cell
  }

  /// The cells with a result, row by row.
  var present: [PlacedCell] {
    grid.cells.enumerated().flatMap { row, line in
      line.enumerated().compactMap { column, cell in
        guard let cell, cell.value.mean.isFinite else { return nil }
        return PlacedCell(row: row, column: column, cell: cell)
      }
    }
  }

  /// The test set of each column, where its cells agree.
  private var testedTexts: [[String]] {
    grid.tests.indices.map { column in
      let tested = Set(present.filter { $0.column == column }.map(\.cell.tested))
      guard tested.count == 1, let only = tested.first else { return [] }
      // A line each for speakers and seeds: level under a column there is room for one of them only.
      return ["N = \(only.utterances)"] + only.basis
    }
  }

  func remark(_ row: Int, _ column: Int) -> String {
    "\(grid.trainings[row])\(axes.link)\(grid.tests[column])"
  }

  /// The map without texts: names, frames around the cells within a corpus, hatching elsewhere.
  func cellMap(
    _ block: Figure.Block, _ palette: Palette, _ range: ClosedRange<Double>
  ) -> CellMap {
    var map = CellMap(
      rows: grid.trainings.map { .init(name: $0) },
      columns: zip(grid.tests, testedTexts).map { .init(name: $0, notes: $1) },
      rowTitle: axes.rows, columnTitle: "\(axes.columns) (N utterances)", palette: palette,
      range: range, cells: block, texts: [])
    let drawn = Set(block.rows.map { Array($0[..<2]) })
    for row in grid.trainings.indices {
      for column in grid.tests.indices {
        let position = [Double(column), Double(row)]
        if !drawn.contains(position) { map.missing.append(position, remark(row, column)) }
        if grid.cells[row][column]?.isWithin == true {
          map.framed.append(position, remark(row, column))
        }
      }
    }
    return map
  }
}
