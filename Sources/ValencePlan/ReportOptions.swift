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

/// Which variants are compared, so that p-values are corrected for these comparisons and no others.
public enum DeclaredComparisons: Hashable, Sendable {
  /// Each variant with the first one.
  case base
  /// Pairs of variants.
  case pairs([ComparedPair])
}

/// Two variants that are compared.
public struct ComparedPair: Hashable, Sendable, Codable {
  /// The variant that is compared with.
  public var first: String
  /// The variant whose difference from the first is told.
  public var second: String

  /// Names the two.
  public init(_ first: String, _ second: String) {
    self.first = first
    self.second = second
  }
}

/// What a report shows.
public struct ReportOptions: Hashable, Sendable {
  /// The measure that tables and figures put first.
  public var headline = MetricName.uar
  /// Which variants are compared.
  public var compare = DeclaredComparisons.base
  /// The figures, each once.
  public var figures = FigureKind.allCases
  /// How the figures are drawn.
  public var figureOptions = FigureOptions()

  /// The defaults: UAR and every figure.
  public init() {}
}
