public import ValenceEvaluation
public import ValenceFigures

/// A figure that a report can have.
public enum FigureKind: String, Hashable, Sendable, CaseIterable {
  /// Confusion matrices.
  case confusion
  /// Training corpora against test corpora.
  case generalization
  /// The variants of the sweep side by side.
  case ablation
  /// Loss and validation score by epoch.
  case learningCurves = "learning_curves"
  /// Utterances by class and speaker.
  case corpora
}

/// What a report shows.
public struct ReportOptions: Hashable, Sendable {
  /// The measure that tables and figures put first.
  public var headline = MetricName.uar
  /// The figures, each once.
  public var figures = FigureKind.allCases
  /// How the figures are drawn.
  public var figureOptions = FigureOptions()

  /// The defaults: UAR and every figure.
  public init() {}
}
