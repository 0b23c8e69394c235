import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// The scores of leave-one-corpus-out: a row for each method, a column for each held-out corpus, then their
/// mean.
struct HeldOutScores {
  /// A method with its cells; nil where there is no result.
  struct Row {
    let name: String
    let cells: [ResultCells.Key?]
    /// The mean over all corpora; nil unless each has a result.
    let mean: Double?
  }

  let spec: ReportSpec
  let rows: [Row]

  /// The rows of the methods that have a result; nil for other protocols.
  init?(_ cells: ResultCells, headlines: [ResultCells.Key: Estimate]) {
    guard cells.spec.leavesOneOut == true, let places = cells.spec.rows.first else { return nil }
    spec = cells.spec
    rows = spec.methods.compactMap { variant in
      let keys = zip(places.trainings, cells.spec.test).map { train, test in
        train.map { ResultCells.Key(variant: variant, train: $0, test: test) }
          .flatMap { headlines[$0] == nil ? nil : $0 }
      }
      let means = keys.compactMap { $0.flatMap { headlines[$0]?.mean } }
      guard !means.isEmpty else { return nil }
      let isWhole = means.count == keys.count && keys.count > 1
      return Row(
        name: variant, cells: keys,
        mean: isWhole ? means.reduce(0, +) / Double(means.count) : nil)
    }
  }

  /// Whether a column of means says more than the others.
  var hasMeans: Bool { rows.contains { $0.mean != nil } }

  static let explanation =
    "Each corpus is tested as a whole by models that are trained on all others; mean: of the corpora, "
    + "each counted once."
}

extension ResultTables {
  /// The map of leave-one-corpus-out as a table; nil for other protocols.
  ///
  /// Markdown, escaped.
  var heldOut: String? {
    guard let scores = HeldOutScores(cells, headlines: headlines), !scores.rows.isEmpty else {
      return nil
    }
    let rows = scores.rows.map { row in
      [row.name]
        + row.cells.map { key in
          guard let headline = key.flatMap({ headlines[$0] }) else { return "–" }
          let interval = headline.interval.map { " (\(Self.interval($0)))" } ?? ""
          return NumberText.percent(headline.mean) + interval
        } + (scores.hasMeans ? [row.mean.map(NumberText.percent) ?? "–"] : [])
    }
    let means = scores.hasMeans ? [ReportTable.Column("mean", .right)] : []
    let table = ReportTable(
      columns: [.init("method")] + cells.spec.test.map { .init($0, .right) } + means, rows: rows)
    return
      "## \(cells.spec.headline.title) of each held-out corpus, by method\n\n\(table.markdown)\n"
      + escaped(HeldOutScores.explanation)
  }
}

extension ReportFigures {
  /// The map of leave-one-corpus-out.
  func heldOut() -> [Figure] {
    guard let scores = HeldOutScores(cells, headlines: headlines), !scores.rows.isEmpty else {
      return []
    }
    var keys: [ResultCells.Key] = []
    let grid = scores.rows.map { row -> [GeneralizationFigure.Cell?] in
      let own = row.cells.map { key in key.flatMap(heldOutCell) }
      keys += row.cells.compactMap(\.self)
      return own + (scores.hasMeans ? [row.mean.flatMap { mean($0, of: own) }] : [])
    }
    var figure = GeneralizationFigure(
      name: FigureKind.leaveOneCorpusOut.rawValue.replacing("_", with: "-"), title: spec.title,
      grid: .init(
        trainings: scores.rows.map(\.name), tests: spec.test + (scores.hasMeans ? ["mean"] : []),
        cells: grid), interval: interval(keys))
    figure.axes = .heldOut
    figure.metric = spec.headline.title
    figure.notes =
      (scores.hasMeans ? ["Mean: of the corpora, each counted once."] : [])
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
