/// What makes networks that learn from several corpora carry to others.
package struct AdaptationOptions: Hashable, Sendable {
  /// How much of the gradient of a classifier of corpora is turned round (Ganin et al., 2016) at the end of
  /// training; it begins with nothing.
  package var gradientReversal: Double

  /// By default a gradient as large as the classes'.
  package init(gradientReversal: Double = 1) { self.gradientReversal = gradientReversal }

  package static let gradientReversalRange = 1e-4...100.0
}

/// How much the clips of several corpora count in the loss.
package enum CorpusBalance: String, Hashable, Sendable, CaseIterable {
  /// Every clip the same, so a corpus as much as it has clips.
  case none
  /// Every corpus the same: its clips by N / (corpora · its clips), like balanced class weights.
  case corpus
}
