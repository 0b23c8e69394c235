package import ValenceEvaluation
package import ValenceFigures

/// A figure that a report can have.
package enum FigureKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// Confusion matrices.
  case confusion
  /// Training corpora against test corpora.
  case generalization
  /// Methods against held-out corpora, where the protocol leaves one corpus out.
  case leaveOneCorpusOut = "leave_one_corpus_out"
  /// The variants of the sweep side by side.
  case ablation
  /// Scores by the layer of a frozen encoder, where the sweep varies it.
  case layers
  /// What each group of features adds, where the sweep varies which there are.
  case contributions
  /// Loss and validation score by epoch.
  case learningCurves = "learning_curves"
  /// Utterances by class and speaker.
  case corpora

  /// Whether it puts variants or corpora beside each other.
  var compares: Bool {
    switch self {
    case .generalization, .leaveOneCorpusOut, .ablation, .layers, .contributions: true
    case .confusion, .learningCurves, .corpora: false
    }
  }
}

/// The comparisons of variants; p-values are corrected for these and no others.
package enum DeclaredComparisons: Hashable, Sendable {
  /// Each variant with the first one.
  case base
  /// Pairs of variants.
  case pairs([ComparedPair])
}

/// Two variants that are compared.
package struct ComparedPair: Hashable, Sendable, Codable {
  /// The variant that is compared with.
  package var first: String
  /// The variant whose difference from the first is given.
  package var second: String

  package init(_ first: String, _ second: String) {
    self.first = first
    self.second = second
  }
}

/// The content of a report.
package struct ReportOptions: Hashable, Sendable {
  /// The measure that tables and figures put first.
  package var headline = MetricName.uar
  /// The comparisons of variants.
  package var compare = DeclaredComparisons.base
  /// Whether the networks of all seeds are also asked together, as a row of its own.
  package var ensemble = false
  /// The figures, each once.
  package var figures = FigureKind.allCases
  /// The options of the figures.
  package var figureOptions = FigureOptions()

  /// The defaults: UAR and every figure.
  package init() {}
}
