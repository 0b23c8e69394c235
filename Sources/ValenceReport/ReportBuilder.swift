package import Foundation
package import ValenceCore
import ValenceEvaluation
import ValenceFigures
package import ValenceStore

/// Makes tables, figures and the summary of an experiment from its stored predictions.
package struct ReportBuilder {
  private let store: RunStore
  private let plots: URL

  /// Reports on what `store` holds; figures go to `plots/<name>/`.
  package init(_ store: RunStore, plots: URL) {
    self.store = store
    self.plots = plots.appending(path: store.name)
  }

  /// The output of a report.
  package struct Report: Sendable {
    /// The result table, for a terminal.
    package let table: String
    /// The drawings, in the order in which a reader should open them.
    package let figures: [URL]
    /// The tables written.
    package let files: [URL]
    /// The figures that could not be drawn, a sentence each.
    package let failures: [String]
    /// The names of figures of earlier results that were removed.
    package let removed: [String]
  }

  /// Writes `results.csv`, `summary.md` and every figure of the plan.
  ///
  /// A figure that cannot be drawn stops no other.
  /// - Parameters:
  ///   - control: receives remarks and interrupts the work.
  ///   - writesTables: false if the results folder is read-only: then only figures are written.
  /// - Throws: `StoreError`, of which `nothingFinished` changes no file; `EvaluationError`;
  ///   `CancellationError`; `FigureError` if earlier figures cannot be removed.
  package func report(
    control: RunControl = RunControl { _ in }, writesTables: Bool = true
  ) throws -> Report {
    let spec = try store.read(ReportSpec.self, from: .reportSpec)
    let corpora = try store.read([CorpusSummary].self, from: .corpora)
    let cells = try ResultCells(store, spec: spec, corpora: corpora)
    try control.checkInterruption()
    try refuseNothing(cells)
    let isLess = try remarkOnLoss(cells, control)
    if writesTables { try store.write(cells.table().harmlessText, to: .table) }
    let effects = try FactorEffects(cells)
    let headlines = cells.cells.filter { spec.train.contains($0.key.train) }
      .mapValues { $0.headline(spec.headline, withInterval: true) }
    let contributed = try ContributionEffects(cells, headlines: headlines)
    let choices = VariantChoice.all(cells)
    let verdicts = try BaselineVerdict.all(cells, choices)
    let figures = ReportFigures(
      cells: cells, corpora: corpora, effects: effects, contributed: contributed,
      headlines: headlines, choices: choices
    ).all()
    let dropped = try droppedCounts()
    func writeSummary(_ names: [String]) throws -> String {
      let summary = SummaryText(
        cells: cells, corpora: corpora, effects: effects, contributed: contributed,
        dropped: dropped, figures: names,
        plots: Self.relativeLink(from: store.folder, to: plots), headlines: headlines,
        choices: choices, verdicts: verdicts)
      if writesTables { try store.write(summary.markdown, to: .summary) }
      return summary.terminal
    }
    let terminal = try writeSummary(figures.map(\.name))
    let drawn = try draw(figures, options: spec.figureOptions, control: control)
    // The summary links only to figures that could be drawn.
    if !drawn.failures.isEmpty { _ = try writeSummary(drawn.names) }
    // If trials are missing here, the old figures may be all that is left of them.
    let removed =
      isLess ? [] : try FigureWriter.removeOthers(than: Set(figures.map(\.name)), in: plots)
    return Report(
      table: terminal, figures: drawn.files,
      files: writesTables
        ? [ResultFile.table, .summary].map(store.url) : [],
      failures: drawn.failures, removed: removed)
  }

  /// The relative path from a folder to another one, escaped for a Markdown link.
  static func relativeLink(from folder: URL, to target: URL) -> String {
    let here = folder.standardizedFileURL.pathComponents
    let there = target.standardizedFileURL.pathComponents
    let common = zip(here, there).prefix { $0 == $1 }.count
    let steps = here.dropFirst(common).map { _ in ".." } + there.dropFirst(common)
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "()"))
    let way = steps.joined(separator: "/")
    return way.addingPercentEncoding(withAllowedCharacters: allowed) ?? way
  }

  /// Refuses to replace tables and figures by empty ones.
  private func refuseNothing(_ cells: ResultCells) throws {
    guard cells.cells.isEmpty else { return }
    throw StoreError.nothingFinished(
      name: store.name, trials: cells.unfinished.count,
      withoutPredictions: cells.unfinished.count { store.state(of: $0) == .incomplete })
  }

  /// Remarks if the existing table was made from more networks than the new one.
  ///
  /// - Returns: whether it was, because trials are not finished.
  private func remarkOnLoss(_ cells: ResultCells, _ control: RunControl) throws -> Bool {
    let file = store.url(of: .table)
    let table = try StoredFile.content(of: file).flatMap {
      try? Table(decoding: $0, name: file.path)
    }
    let stored = table.map(ResultCells.networks(in:)) ?? 0
    let now = ResultCells.networks(in: cells.table())
    if now < stored {
      let why =
        cells.unfinished.isEmpty
        ? "the plan asks for no more now"
        : "\(ResultWording.unfinished(cells.unfinished.count)) here"
      control.report(
        .remark(
          "\(store.name): the stored table was made of \(stored) networks, this one of \(now); \(why)."
        ))
    }
    return now < stored && !cells.unfinished.isEmpty
  }

  /// Draws every figure that can be drawn.
  private func draw(
    _ figures: [Figure], options: FigureOptions, control: RunControl
  ) throws -> (names: [String], files: [URL], failures: [String]) {
    var (names, drawings, failures): ([String], [URL], [String]) = ([], [], [])
    var limits = FigureWriter.Limits()
    limits.isCancelled = { control.isInterrupted }
    var writer = FigureWriter(options, limits: limits)
    for figure in figures {
      try control.checkInterruption()
      do throws(FigureError) {
        let files = try writer.write(figure, to: plots)
        names.append(figure.name)
        drawings += files.filter { $0.pathExtension == options.formats.last?.rawValue }
      } catch {
        if error == .cancelled { throw CancellationError() }
        failures.append("\(error)")
      }
    }
    return (names, drawings, failures)
  }

  /// The number of files and labels left out, by corpus.
  private func droppedCounts() throws -> [String: Int] {
    let file = store.url(of: .dropped)
    guard let data = try StoredFile.content(of: file) else { return [:] }
    let rows = try Table(decoding: data, name: file.path).rows
    return rows.reduce(into: [:]) { $0[$1[0], default: 0] += 1 }
  }
}
