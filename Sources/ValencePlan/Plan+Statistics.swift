import ValenceCorpora
package import ValenceFeatures

extension Plan {
  /// By whose statistics a corpus declares to be normalized; nil where it is normalized as the others are.
  package func declaredNormalization(of corpus: String) -> FeatureOptions.Normalization? {
    switch corpora.first(where: { $0.name == corpus })?.statistics {
    case .corpus: .corpus
    case .speaker: .speaker
    case nil: nil
    }
  }
}

extension FeatureOptions.Normalization {
  /// What a corpus is normalized by that declares its own statistics.
  ///
  /// They replace the corpus's or each speaker's; the training clips' serve all corpora alike.
  package func replaced(by declared: Self?) -> Self { usesTestSpeech ? declared ?? self : self }
}
