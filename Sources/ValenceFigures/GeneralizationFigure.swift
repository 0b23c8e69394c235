/// What training on each corpus is worth on each other: a map of scores, and of their gaps to the
/// score within the tested corpus.
public struct GeneralizationFigure: Hashable, Sendable {
  /// All folds and seeds of one (training, test) pair.
  public struct Cell: Hashable, Sendable {
    /// The score.
    public var value: PlottedValue
    /// Whether training and test are parts of the same corpus.
    public var isWithin: Bool
    /// What a reader must know of how the cell was made, a sentence each; the figure gives each
    /// sentence a sign, or says it once where it holds for every cell.
    public var notes: [String]

    /// Notes a cell; see the properties.
    public init(value: PlottedValue, isWithin: Bool, notes: [String] = []) {
      self.value = value
      self.isWithin = isWithin
      self.notes = notes
    }
  }

  /// The stem of the files' names; the gap figure appends `-gap`.
  public var name: String
  /// What is compared.
  public var title: String
  /// The score's name, for example `UAR`.
  public var metric = "UAR"
  /// The training corpora, or what was pooled: the rows.
  public var trainings: [String]
  /// The test corpora: the columns.
  public var tests: [String]
  /// How many utterances each column scores.
  public var testUtterances: [Int]
  /// `[trainings, tests]`; nil where there is no result.
  public var cells: [[Cell?]]
  /// The score of guessing, as a fraction.
  public var chance: Double
  /// What the ± is, for example `sd over folds and seeds`.
  public var spread: String

  /// Gathers what the figure shows; see the properties.
  ///
  /// `cells` must match the names.
  public init(
    name: String, title: String, trainings: [String], tests: [String], testUtterances: [Int],
    cells: [[Cell?]], chance: Double, spread: String
  ) {
    precondition(
      cells.count == trainings.count && cells.allSatisfy { $0.count == tests.count }
        && testUtterances.count == tests.count,
      "cells of \(cells.map(\.count)) and counts of \(testUtterances.count) under "
        + "\(trainings.count) × \(tests.count) names")
    self.name = name
    self.title = title
    self.trainings = trainings
    self.tests = tests
    self.testUtterances = testUtterances
    self.cells = cells
    self.chance = chance
    self.spread = spread
  }

  /// Draws the scores, colored from chance to the best.
  public func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["\(metric) by training and test corpus"])
    let notes = Footnotes(present.map(\.cell.notes))
    let percents = present.map { 100 * $0.cell.value.mean }
    let low = 100 * chance
    let range = low...max(percents.max() ?? 0, low + 1)
    var block = Figure.Block(
      "cells", columns: ["test", "train", "percent", "sd", "networks", "sign"])
    for (entry, percent) in zip(present, percents) {
      let value = entry.cell.value
      block.append(
        [
          Double(entry.column), Double(entry.row), percent, 100 * (value.sd ?? .nan),
          Double(value.networks), Double(notes.sign(of: entry.cell.notes)),
        ], remark(entry.row, entry.column))
    }
    let networks = Set(present.map(\.cell.value.networks))
    canvas.add(notes.function)
    var map = cellMap(block, .viridis, range)
    map.texts = [
      .init(
        expression: "sprintf('%.1f', $3).sign($6)", style: .label, widest: "99.9" + notes.widest)
    ]
    if present.contains(where: { $0.cell.value.sd != nil }) {
      map.texts.append(
        .init(
          expression: "valid(4) ? sprintf('± %.1f', $4) : ''", style: .small, widest: "± 99.9"))
    }
    if networks.count > 1 {
      map.texts.append(
        .init(expression: "sprintf('n = %d', $5)", style: .small, widest: "n = 99"))
    }
    let isBelow = percents.contains { $0 < low - 1e-9 }
    map.colorBar = ColorBar(
      title: "\(metric) (%)",
      lowText: "\(isBelow ? "≤ " : "")\(PlottedValue.percent(chance)) (chance)")
    let shown = map.draw(on: &canvas)
    canvas.caption(caption(networks: networks, shown: shown) + notes.sentences)
    return canvas.figure(named: name)
  }

  private func caption(networks: Set<Int>, shown: Int) -> [String] {
    var parts: [String] = []
    if cells.joined().contains(where: { $0?.isWithin == true }) {
      parts.append("Framed: within corpus, held-out folds.")
    }
    if present.contains(where: { $0.cell.value.sd != nil }) { parts.append("±: \(spread).") }
    if networks.count == 1, let count = networks.first {
      parts.append("n = \(counted(count, "network")) a cell.")
    } else if networks.count > 1 {
      parts.append(shown > 2 ? "n: networks." : "Numbers of networks are in the .dat file.")
    }
    parts.append("Chance \(PlottedValue.percent(chance)) %.")
    if present.count < trainings.count * tests.count { parts.append("Hatched: no result.") }
    return [parts.joined(separator: " ")]
  }
}

extension GeneralizationFigure {
  /// A cell with a result and its position.
  struct Entry {
    var row: Int
    var column: Int
    var cell: Cell
  }

  /// The cells with a result, row by row.
  var present: [Entry] {
    cells.enumerated().flatMap { row, line in
      line.enumerated().compactMap { column, cell in
        guard let cell, cell.value.mean.isFinite else { return nil }
        return Entry(row: row, column: column, cell: cell)
      }
    }
  }

  func remark(_ row: Int, _ column: Int) -> String { "\(trainings[row]) → \(tests[column])" }

  /// The map without texts: names, frames around the cells within a corpus, hatching elsewhere.
  func cellMap(
    _ block: Figure.Block, _ palette: Palette, _ range: ClosedRange<Double>
  ) -> CellMap {
    var map = CellMap(
      rows: trainings.map { .init(name: $0) },
      columns: zip(tests, testUtterances).map { .init(name: $0, note: "N = \($1)") },
      rowTitle: "Training corpus", columnTitle: "Test corpus (N utterances)", palette: palette,
      range: range, cells: block, texts: [])
    let drawn = Set(block.rows.map { Array($0[..<2]) })
    for row in trainings.indices {
      for column in tests.indices {
        let position = [Double(column), Double(row)]
        if !drawn.contains(position) { map.missing.append(position, remark(row, column)) }
        if cells[row][column]?.isWithin == true {
          map.framed.append(position, remark(row, column))
        }
      }
    }
    return map
  }
}
