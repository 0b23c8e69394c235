import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The tables of an experiment as a person reads them: `summary.md`, and short for a terminal.
struct SummaryText {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects
  /// Files and labels left out, by corpus.
  let dropped: [String: Int]
  /// The names of the figures.
  let figures: [String]

  /// The headline of each cell with its interval; the bootstrap is worth doing once.
  private let headlines: [ResultCells.Key: Estimate]

  init(
    cells: ResultCells, corpora: [CorpusSummary], effects: FactorEffects,
    dropped: [String: Int], figures: [String]
  ) {
    self.effects = effects
    self.cells = cells
    self.corpora = corpora
    self.dropped = dropped
    self.figures = figures
    headlines = cells.cells.mapValues {
      $0.headline(cells.outline.metric, bootstrap: Bootstrap())
    }
  }

  private var outline: Outline { cells.outline }

  /// The result table alone.
  var terminal: String {
    var text = results(withEveryMeasure: false).text
    for note in cells.attributedNotes { text += "Note: \(note)\n" }
    if !cells.unfinished.isEmpty { text += "\(unfinishedText)\n" }
    return text
  }

  /// The whole summary.
  var markdown: String {
    var parts = ["# \(outline.title)", introduction]
    parts.append("## Results\n\n" + results(withEveryMeasure: true).markdown)
    parts += outline.variants.compactMap(map)
    parts += effects.markdown.map { ["## Effects of single settings\n\n" + $0] } ?? []
    parts.append("## Variants\n\n" + variantTable().markdown)
    parts.append("## Corpora\n\n" + corpusTable().markdown + "\n" + droppedText)
    if !cells.unfinished.isEmpty { parts.append("## Not finished\n\n" + unfinishedList) }
    if !figures.isEmpty {
      let links = figures.map { "- [\($0)](../../Plots/\(outline.name)/\($0).svg)" }
      parts.append("## Figures\n\n" + links.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var introduction: String {
    var text = """
      Classes (\(outline.labelSpace)): \(outline.classes.joined(separator: ", ")); chance \
      \(percent(outline.chance)) %. Protocol: \(outline.protocolText). Seeds: \
      \(outline.seeds.map(String.init).joined(separator: ", ")).

      Within a corpus, the held-out folds of a seed are pooled and seeds averaged; across corpora, \
      every network of the row scores the same utterances of the test corpus and networks are \
      averaged. All measures are in percent, over the classes of the label space that the test set has. ± is the standard \
      deviation (n − 1) over the networks (folds × seeds). The interval is a 95 % bootstrap over \
      test speakers.
      """
    if !cells.attributedNotes.isEmpty {
      text += "\n\n" + cells.attributedNotes.map { "- **Note:** \($0)" }.joined(separator: "\n")
    }
    return text
  }

  /// A row for each variant and pair of corpora.
  private func results(withEveryMeasure: Bool) -> ReportTable {
    let more = withEveryMeasure ? MetricName.allCases.filter { $0 != outline.metric } : []
    let rows = cells.keys.compactMap { key -> [String]? in
      guard let cell = cells.cells[key], let headline = headlines[key] else { return nil }
      let interval = headline.interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? "–"
      let others = more.map { percent(cell.headline($0).mean) }
      let folds = cell.perRun(outline.metric)
      return [
        key.variant, key.train, key.test, percent(headline.mean), interval,
        "\(percent(folds.mean))\(folds.deviation.map { " ± \(percent($0))" } ?? "")",
      ] + others + ["\(cell.runs.count)", "\(cell.utteranceCount)"]
    }
    let title = outline.metric.title
    return ReportTable(
      columns: [
        .init("variant"), .init("train"), .init("test"), .init(title, .right),
        .init("95 % interval", .right), .init("mean of networks ± sd", .right),
      ] + more.map { .init($0.title, .right) }
        + [.init("networks", .right), .init("utterances", .right)],
      rows: rows)
  }

  /// The generalization map of a variant; nil where nothing is tested on another corpus.
  private func map(of variant: String) -> String? {
    guard outline.testsAcross, outline.train.count > 1 || outline.test.count > 1 else { return nil }
    let rows = outline.rows.map { row in
      [row.name]
        + zip(row.trainings, outline.test).map { train, test -> String in
          guard let train, let cell = cells[variant, train, test] else { return "–" }
          let value = percent(cell.headline(outline.metric).mean)
          return outline.isWithin(train, test) ? "[\(value)]" : value
        }
    }
    let reading =
      outline.leavesOneOut == true
      ? "rest: all training corpora but the one that is tested."
      : "In brackets: within the corpus, on speakers held out from training."
    let table = ReportTable(
      columns: [.init("trained on")] + outline.test.map { .init($0, .right) }, rows: rows)
    return "## \(outline.metric.title) of \(variant), trained on (row), tested on (column)\n\n"
      + table.markdown + "\n" + reading
  }

  private func variantTable() -> ReportTable {
    ReportTable(
      columns: [.init("variant"), .init("trained parameters", .right)],
      rows: outline.variants.map { [$0, cells.parameters[$0].map(String.init) ?? "–"] })
  }

  private func corpusTable() -> ReportTable {
    let rows = corpora.map { corpus in
      let hours = corpus.durationsS.reduce(0, +) / 60
      return [corpus.name, "\(corpus.counts.reduce(0, +))", "\(corpus.speakers.count)"]
        + corpus.counts.map(String.init) + [oneDecimal(hours), "\(dropped[corpus.name] ?? 0)"]
    }
    return ReportTable(
      columns: [.init("corpus"), .init("utterances", .right), .init("speakers", .right)]
        + outline.classes.map { .init($0, .right) }
        + [.init("minutes", .right), .init("left out", .right)],
      rows: rows)
  }

  private var droppedText: String {
    let lines = corpora.flatMap { corpus in
      corpus.dropped.sorted { $0.key < $1.key }.map {
        "- \(corpus.name): \($0.value) × '\($0.key)', for which the label space has no class"
      }
    }
    let odd = corpora.flatMap { corpus in
      (corpus.oddLengths ?? []).map { "- \(corpus.name): \($0)" }
    }
    return [
      ("\nLeft out (each file is listed in `dropped.csv`):\n\n", lines),
      ("\nOdd lengths:\n\n", odd),
    ].filter { !$0.1.isEmpty }.map { $0.0 + $0.1.joined(separator: "\n") }.joined(separator: "\n")
  }

  private var unfinishedText: String {
    "\(cells.unfinished.count) trials are not finished; the table is without them."
  }

  private var unfinishedList: String {
    cells.unfinished.map {
      "- \($0.variant), \($0.train) fold \($0.fold), seed \($0.seed): "
        + ($0.failure ?? "has not run yet")
    }.joined(separator: "\n")
  }
}

private func percent(_ fraction: Double) -> String { oneDecimal(100 * fraction) }

private func oneDecimal(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}
