import ValenceCore
import ValenceCorpora
import ValenceFeatures
package import ValencePlan
package import ValenceStore

/// The utterances that a trial's network is scored on: held-out ones of a corpus that it was trained on, or
/// those of another.
package struct TestSet: Sendable {
  package let corpus: PreparedCorpus
  package let isWithin: Bool
  /// The utterances that are scored, in the corpus's order.
  package let indices: [Int]
  /// The digest of what is scored, by the normalization of the variant.
  private let identities: [FeatureOptions.Normalization: String]

  /// - Parameters:
  ///   - fold: what is held out, where the network learns from the rest of the corpus.
  ///   - normalizations: those of the plan's variants.
  init(
    _ corpus: PreparedCorpus, indices: [Int], fold: Fold? = nil,
    normalizations: Set<FeatureOptions.Normalization>
  ) {
    self.corpus = corpus
    self.indices = indices
    isWithin = fold != nil
    identities = normalizations.reduce(into: [:]) {
      $0[$1] = Self.identity(corpus, indices, sharedSpeakers: fold?.sharedSpeakers ?? [], $1)
    }
  }

  /// The digest of utterances as they are scored: content, class, speaker and name, and whose statistics
  /// normalize them; with the speakers who are trained on, too, which every result has to say.
  ///
  /// Names below the corpus's folder are part of the predictions. The corpus's own name is none. Records keep
  /// it (`TrialRecord.Evaluation`): where it differs, a finished trial is scored anew (`RescoreTests`).
  private static func identity(
    _ corpus: PreparedCorpus, _ indices: [Int], sharedSpeakers: [String],
    _ normalization: FeatureOptions.Normalization
  ) -> String {
    var feed = Digest.Feed()
    for index in indices {
      let utterance = corpus.labeled.utterances[index].utterance
      corpus.clips.feed(index, normalization, into: &feed)
      feed.add(utterance.speaker)
      feed.add(utterance.id)
    }
    for speaker in sharedSpeakers { feed.add(speaker) }
    return feed.digest().hex
  }

  package var name: String { corpus.name }

  /// Who speaks.
  var speakerGroups: SpeakerGroups {
    SpeakerGroups(indices.map { ClipPlace(corpus: 0, index: Int32($0)) }, of: [corpus])
  }

  /// The digest of what is scored of a variant's network.
  package func identity(of variant: Variant) -> String {
    identity(under: variant.settings.features.normalization)
  }

  /// The digest of what is scored under a normalization of the plan.
  func identity(under normalization: FeatureOptions.Normalization) -> String {
    guard let identity = identities[normalization] else {
      preconditionFailure("\(normalization) is no normalization of the plan")
    }
    return identity
  }

  /// Whether a stored evaluation scored the same utterances, under any name.
  func isScored(by evaluation: TrialRecord.Evaluation, of variant: Variant) -> Bool {
    evaluation.within == isWithin && evaluation.identity == identity(of: variant)
  }

  /// The stored evaluation of these utterances, if there is one.
  ///
  /// The test's own name comes first: nothing is gained by taking an equal one from elsewhere.
  package func evaluation(in record: TrialRecord, of variant: Variant) -> TrialRecord.Evaluation? {
    let scored = record.evaluations.filter { isScored(by: $0, of: variant) }
    return scored.first { $0.corpus == name } ?? scored.first
  }
}

extension Trial {
  /// The test sets of its network, in the order of the plan's `test_on`.
  package var tests: [TestSet] { fold.tests }

  /// The same as `trials.json` has it.
  package var listedTests: [TrialListing.Test] {
    tests.map { .init(corpus: $0.name, within: $0.isWithin, identity: $0.identity(of: variant)) }
  }

  /// Whether a stored trial was scored on exactly what the plan asks for, under these names and in this
  /// order.
  package func isScored(in record: TrialRecord) -> Bool {
    listedTests
      == record.evaluations.map {
        .init(corpus: $0.corpus, within: $0.within, identity: $0.identity)
      }
  }
}
