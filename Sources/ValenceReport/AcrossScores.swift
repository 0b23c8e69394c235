import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// The scores on corpora that models do not learn from: a row for each method, a column for each tested
/// corpus, then their mean.
struct AcrossScores {
  /// A method with its scores.
  struct Row {
    let name: String
    /// For each tested corpus the cells that its score is the mean of; empty where one has no result.
    let cells: [[ResultCells.Key]]
    let scores: [Double?]
    /// The variant of each score, where these are chosen.
    var chosen: [String?]?

    /// The mean over all corpora; nil unless each has a result.
    var mean: Double? {
      let known = scores.compactMap(\.self)
      return known.count == scores.count && known.count > 1
        ? known.reduce(0, +) / Double(known.count) : nil
    }
  }

  let spec: ReportSpec
  let rows: [Row]

  /// The rows of the methods that have a result, then those that are chosen; nil for protocols that have no
  /// such table.
  init?(_ cells: ResultCells) {
    spec = cells.spec
    guard spec.leavesOneOut == true || spec.testSpeech != nil else { return nil }
    let choice = NestedChoice(cells)
    rows =
      spec.trained.compactMap { variant in
        Self.row(variant, Array(repeating: variant, count: cells.spec.test.count), cells)
      }
      + choice.families.compactMap { family in
        var row = Self.row(family.name, family.chosen, cells)
        row?.chosen = family.chosen
        return row
      }
    if rows.isEmpty { return nil }
  }

  /// The row of one variant for each tested corpus; nil without a result.
  private static func row(_ name: String, _ variants: [String?], _ cells: ResultCells) -> Row? {
    let spec = cells.spec
    let keys = zip(variants, spec.test).map { variant, test -> [ResultCells.Key] in
      guard let variant else { return [] }
      let keys = spec.train.filter { !spec.isWithin($0, test) }
        .map { ResultCells.Key(variant: variant, train: $0, test: test) }
      // Of leave-one-corpus-out only the models of all others are tested on a corpus.
      let asked = spec.leavesOneOut == true ? keys.filter { cells.cells[$0] != nil } : keys
      return asked.allSatisfy { cells.cells[$0] != nil } ? asked : []
    }
    let scores = keys.map { cells.mean($0) }
    return scores.contains { $0 != nil } ? Row(name: name, cells: keys, scores: scores) : nil
  }

  /// Whether a column of means says more than the others.
  var hasMeans: Bool { rows.contains { $0.mean != nil } }

  /// What the numbers are.
  var explanation: String {
    let tested =
      spec.leavesOneOut == true
      ? "Each corpus is tested as a whole by models that are trained on all others; mean: of the corpora, "
        + "each counted once."
      : "Each number is the mean over the other corpora, on each of which models are trained apart; mean: of "
        + "the tested corpora, each counted once."
    return rows.contains { $0.chosen != nil } ? "\(tested) \(NestedChoice.explanation)" : tested
  }
}

extension ResultCells {
  /// The mean headline of some cells; nil for none.
  func mean(_ keys: [Key]) -> Double? {
    let found = keys.compactMap { cells[$0]?.headline(spec.headline).mean }
    guard !found.isEmpty, found.count == keys.count else { return nil }
    return found.reduce(0, +) / Double(found.count)
  }
}

extension ResultTables {
  /// The scores on corpora that are not trained on as a table; nil for protocols that have none.
  ///
  /// Markdown, escaped.
  var across: String? {
    guard let scores = AcrossScores(cells) else { return nil }
    let rows = scores.rows.map { row in
      [row.name]
        + row.scores.indices.map { text(of: $0, in: row) }
        + (scores.hasMeans ? [row.mean.map(NumberText.percent) ?? "–"] : [])
    }
    let means = scores.hasMeans ? [ReportTable.Column("mean", .right)] : []
    let table = ReportTable(
      columns: [.init("method")] + cells.spec.test.map { .init($0, .right) } + means, rows: rows)
    let title =
      cells.spec.leavesOneOut == true
      ? "of each held-out corpus, by method" : "on corpora that are not trained on, by method"
    return
      "## \(cells.spec.headline.title) \(title)\n\n\(table.markdown)\n"
      + escaped(scores.explanation)
  }

  private func text(of column: Int, in row: AcrossScores.Row) -> String {
    guard let score = row.scores[column] else { return "–" }
    var text = NumberText.percent(score)
    // A mean over training corpora has no interval.
    if row.cells[column].count == 1, let interval = headlines[row.cells[column][0]]?.interval {
      text += " (\(Self.interval(interval)))"
    }
    return text + (row.chosen?[column].map { ": \($0)" } ?? "")
  }
}

extension ReportFigures {
  /// The map of leave-one-corpus-out.
  func heldOut() -> [Figure] {
    guard spec.leavesOneOut == true, let scores = AcrossScores(cells) else { return [] }
    // The table has baselines too; here a majority's chance would take half of the colors.
    let rows = scores.rows.filter { spec.baselines?.contains($0.name) != true }
    var keys: [ResultCells.Key] = []
    let grid = rows.map { row -> [GeneralizationFigure.Cell?] in
      let own = row.cells.map { keys in keys.first.flatMap(heldOutCell) }
      keys += row.cells.compactMap(\.first)
      return own + (scores.hasMeans ? [row.mean.flatMap { mean($0, of: own) }] : [])
    }
    var figure = GeneralizationFigure(
      name: FigureKind.leaveOneCorpusOut.rawValue.replacing("_", with: "-"), title: spec.title,
      grid: .init(
        trainings: rows.map(\.name), tests: spec.test + (scores.hasMeans ? ["mean"] : []),
        cells: grid), interval: interval(keys))
    figure.axes = .heldOut
    figure.metric = spec.headline.title
    figure.notes =
      (scores.hasMeans ? ["Mean: of the corpora, each counted once."] : [])
      + (scores.rows.contains { $0.chosen != nil } ? [NestedChoice.explanation] : [])
      + ResultWording.remarks(on: keys.compactMap { headlines[$0] })
      + asSentences(cells.attributedNotes(of: keys))
    return [figure.figure(options)]
  }

  private func heldOutCell(_ key: ResultCells.Key) -> GeneralizationFigure.Cell? {
    guard let value = value(key), let set = cells.testSets[key] else { return nil }
    return .init(
      value: value, isWithin: false,
      tested: .init(
        utterances: set.utterances, basis: headlines[key]?.interval.map(ResultWording.bases) ?? [],
        set: set.digest),
      notes: [cells.references[key].flatMap { ResultWording.classes($0, of: spec.classes) }]
        .compactMap(\.self))
  }

  /// The cell of a mean, which has no interval.
  private func mean(
    _ mean: Double, of cells: [GeneralizationFigure.Cell?]
  ) -> GeneralizationFigure.Cell? {
    let known = cells.compactMap(\.self)
    guard known.count == cells.count, let first = known.first else { return nil }
    let chance = known.reduce(0) { $0 + $1.value.chance } / Double(known.count)
    return .init(
      value: PlottedValue(
        mean: mean, interval: nil, networks: first.value.networks, chance: chance),
      isWithin: false,
      tested: .init(
        utterances: known.reduce(0) { $0 + $1.tested.utterances }, basis: [],
        set: known.map(\.tested.set).joined(separator: "+")))
  }
}
