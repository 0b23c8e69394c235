import ValenceClassic
import ValenceCorpora
import ValenceFeatures
package import ValenceReport

extension Plan {
  /// Whether its report chooses a variant for each tested corpus by scores that know nothing of that corpus.
  package var choosesAcross: Bool {
    guard variants.count > 1 else { return false }
    switch splitProtocol.across {
    case .pairs: return Set(trainOn).intersection(testOn).count > 2
    case .leaveOneCorpusOut: return splitProtocol.acrossNested
    case .none, .pooled: return false
    }
  }
}

extension Variant {
  /// What its models make of unlabeled test speech.
  package var testSpeech: TestSpeech {
    switch settings.classic?.selfTraining?.score {
    case .all: .selfTraining
    case .others: .otherSpeakers
    case nil: settings.features.normalization.usesTestSpeech ? .statistics : .nothing
    }
  }
}
