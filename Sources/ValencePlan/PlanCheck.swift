import ValenceCore
import ValenceCorpora
import ValenceFeatures

/// Finds what does not fit together across the parts of a plan.
struct PlanCheck {
  let root: PlanNode
  let file: String

  /// All misfits between corpora, protocol and normalization.
  func problems(
    corpora: [CorpusOptions], trainOn: [String], testOn: [String],
    splitProtocol: ProtocolOptions, variants: [Variant]
  ) -> [Problem] {
    speakerProblems(corpora, trainOn, testOn, splitProtocol, variants)
      + acrossProblems(trainOn, testOn, splitProtocol)
  }

  private func problem(_ message: String, _ keys: String...) -> Problem {
    Problem(message, at: root.place(ofAny: keys, file: file), key: keys.first)
  }

  /// A corpus that is known to have no speakers cannot be split or normalized by them.
  private func speakerProblems(
    _ corpora: [CorpusOptions], _ trainOn: [String], _ testOn: [String],
    _ splitProtocol: ProtocolOptions, _ variants: [Variant]
  ) -> [Problem] {
    var found: [Problem] = []
    for corpus in corpora where corpus.lacksSpeakers {
      let key = "corpora.\(corpus.name)"
      let remedy = "but \(key) has none; give \(key).speaker"
      let isTrained = trainOn.contains(corpus.name)
      if isTrained, splitProtocol.within.needsSpeakers {
        found.append(
          problem("needs speakers, \(remedy).", "protocol.within", key))
      }
      if isTrained, case .speakers = splitProtocol.validation {
        found.append(
          problem(
            "{speakers: n} needs speakers, \(remedy) or use {fraction: f}.",
            "protocol.validation", key))
      }
      if isTrained || testOn.contains(corpus.name),
        variants.contains(where: { $0.settings.features.normalization == .speaker })
      {
        found.append(
          problem("'speaker' needs speakers, \(remedy).", "features.normalization", key))
      }
    }
    return found
  }

  /// Without tests across corpora, every corpus is trained on and tested on, or neither.
  private func acrossProblems(
    _ trainOn: [String], _ testOn: [String], _ splitProtocol: ProtocolOptions
  ) -> [Problem] {
    guard splitProtocol.across == .none, Set(trainOn) != Set(testOn) else { return [] }
    return [
      problem(
        "none tests each network on its own corpus only, so train_on and test_on must name the "
          + "same corpora.", "protocol.across", "test_on", "train_on")
    ]
  }
}

extension ProtocolOptions.Within {
  /// Whether the split is made by speaker.
  fileprivate var needsSpeakers: Bool {
    switch self {
    case .leaveOneSpeakerOut, .speakerFolds: true
    case .emobox, .csv, .official: false
    }
  }
}
