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
  /// - Throws: `StoreError`, `EvaluationError`, or `FigureError` after the tables are written.
  public func report() throws -> Report {
    let outline = try store.read(Outline.self, from: "outline.json")
    let corpora = try store.read([CorpusSummary].self, from: "corpora.json")
    let cells = try ResultCells(store, outline: outline, corpora: corpora)
    try store.write(cells.table().text, to: "results.csv")
    let effects = try FactorEffects(cells)
    let figures = ReportFigures(cells: cells, corpora: corpora, effects: effects).all()
    let summary = SummaryText(
      cells: cells, corpora: corpora, effects: effects, dropped: try droppedCounts(),
      figures: figures.map(\.name))
    try store.write(summary.markdown, to: "summary.md")
    var drawings: [URL] = []
    for figure in figures {
      let files = try FigureWriter.write(figure, to: plots, options: outline.figureOptions)
      drawings += files.filter { $0.pathExtension == outline.figureOptions.formats.last?.rawValue }
    }
    return Report(
      table: summary.terminal, figures: drawings,
      files: ["results.csv", "summary.md"].map { store.folder.appending(path: $0) })
  }

  /// How many files and labels were left out, by corpus.
  private func droppedCounts() throws -> [String: Int] {
    let file = store.folder.appending(path: "dropped.csv")
    guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
    return try Table(contentsOf: file).rows.reduce(into: [:]) { $0[$1[0], default: 0] += 1 }
  }
}
