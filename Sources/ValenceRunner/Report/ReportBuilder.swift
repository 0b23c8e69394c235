public import Foundation
import ValenceCore
import ValenceEvaluation
import ValenceFigures
public import ValenceStore

/// Makes tables, figures and the summary of an experiment from its stored predictions.
public struct ReportBuilder {
  private let store: RunStore
  private let plots: URL

  /// Reports on what `store` holds; figures go to `plots/<name>/`.
  public init(_ store: RunStore, plots: URL) {
    self.store = store
    self.plots = plots.appending(path: store.name)
  }

  /// What a report made.
  public struct Report: Sendable {
    /// The result table, for a terminal.
    public let table: String
    /// The drawings, in the order in which a reader should open them.
    public let figures: [URL]
    /// What else was written.
    public let files: [URL]
  }

  /// Writes `results.csv`, `summary.md` and every figure of the plan.
  ///
  /// - Parameters:
  ///   - control: hears what should be known before tables and figures are replaced; ends the work.
  ///   - writesTables: false where the results cannot be written: figures alone are.
  /// - Throws: `StoreError`, of which `nothingFinished` leaves all as it is; `EvaluationError`;
  ///   `CancellationError`; or `FigureError` after the tables are written.
  public func report(
    control: RunControl = RunControl { _ in }, writesTables: Bool = true
  ) throws -> Report {
    let outline = try store.read(Outline.self, from: "outline.json")
    let corpora = try store.read([CorpusSummary].self, from: "corpora.json")
    let cells = try ResultCells(store, outline: outline, corpora: corpora)
    try control.checkInterruption()
    try refuseNothing(cells)
    remarkOnLoss(cells, control)
    if writesTables { try store.write(cells.table().harmlessText, to: "results.csv") }
    let effects = try FactorEffects(cells)
    let figures = ReportFigures(cells: cells, corpora: corpora, effects: effects).all()
    let summary = SummaryText(
      cells: cells, corpora: corpora, effects: effects, dropped: try droppedCounts(),
      figures: figures.map(\.name))
    if writesTables { try store.write(summary.markdown, to: "summary.md") }
    var drawings: [URL] = []
    for figure in figures {
      try control.checkInterruption()
      let files = try FigureWriter.write(figure, to: plots, options: outline.figureOptions)
      drawings += files.filter { $0.pathExtension == outline.figureOptions.formats.last?.rawValue }
    }
    return Report(
      table: summary.terminal, figures: drawings,
      files: writesTables
        ? ["results.csv", "summary.md"].map { store.folder.appending(path: $0) } : [])
  }

  /// Refuses to replace tables and figures by empty ones.
  private func refuseNothing(_ cells: ResultCells) throws {
    guard cells.cells.isEmpty else { return }
    throw StoreError.nothingFinished(
      name: store.name, trials: cells.unfinished.count,
      withoutPredictions: cells.unfinished.count { store.state(of: $0) == .incomplete })
  }

  /// Says that the table which stands there was made of more trials than this one will be.
  private func remarkOnLoss(_ cells: ResultCells, _ control: RunControl) {
    let file = store.folder.appending(path: "results.csv")
    let stored = (try? Table(contentsOf: file)).map(ResultCells.networks(in:)) ?? 0
    let now = ResultCells.networks(in: cells.table())
    if now < stored {
      control.report(
        .remark(
          "\(store.name): the stored table was made of \(stored) networks, this one of \(now); "
            + "\(cells.unfinished.count) trials are not finished here."))
    }
  }

  /// How many files and labels were left out, by corpus.
  private func droppedCounts() throws -> [String: Int] {
    let file = store.folder.appending(path: "dropped.csv")
    guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
    return try Table(contentsOf: file).rows.reduce(into: [:]) { $0[$1[0], default: 0] += 1 }
  }
}
