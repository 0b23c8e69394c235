import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN
import ValenceReport

/// Finds what does not fit together across the parts of a plan.
struct PlanCheck {
  private let plan: Plan
  private let root: PlanNode
  private let file: String

  /// - Parameter root: the file, for the lines.
  init(_ plan: Plan, root: PlanNode, file: String) {
    self.plan = plan
    self.root = root
    self.file = file
  }

  /// All misfits between corpora, protocol and normalization, and what no variant can use.
  func problems() -> [Problem] {
    plan.corpora.filter(\.lacksSpeakers).flatMap { speakerProblems($0.name) } + acrossProblems()
      + statisticsProblems() + unitedProblems()
      + prosodyProblems() + spectralProblems() + encoderProblems()
      + comparisonProblems() + selectionProblems() + ensembleProblems() + networkKeyProblems()
  }

  private func problem(_ message: String, _ keys: String...) -> Problem {
    Problem(message, at: root.place(ofAny: keys, file: file), key: keys.first)
  }

  /// A corpus that is known to have no speakers cannot be split or normalized by them.
  private func speakerProblems(_ corpus: String) -> [Problem] {
    var found: [Problem] = []
    let key = "corpora.\(corpus)"
    let remedy = "needs speakers, but \(key) has none; give \(key).speaker"
    let isTrained = plan.trainOn.contains(corpus)
    let isSplit = isTrained && plan.splitProtocol.across != .leaveOneCorpusOut
    if isSplit, plan.splitProtocol.within.needsSpeakers {
      found.append(problem("\(remedy).", "protocol.within", key))
    }
    if isTrained, case .speakers = plan.splitProtocol.validation {
      found.append(
        problem("{speakers: n} \(remedy) or use {fraction: f}.", "protocol.validation", key))
    }
    let declared = plan.declaredNormalization(of: corpus)
    let isBySpeaker = plan.variants.contains {
      $0.settings.features.normalization.replaced(by: declared) == .speaker
    }
    if isTrained || plan.testOn.contains(corpus), isBySpeaker {
      let own = declared == nil ? "features.normalization" : "\(key).normalization"
      found.append(problem("'speaker' \(remedy).", own, key))
    }
    return found
  }

  /// A best epoch that nothing can choose.
  private func selectionProblems() -> [Problem] {
    guard plan.splitProtocol.validation == .none,
      plan.variants.contains(where: {
        $0.settings.classic == nil && $0.settings.training.selection.needsValidation
      })
    else { return [] }
    return [
      problem(
        "with none nothing can choose the best epoch; set training.selection to last or average, which "
          + "train for all of training.epochs.", "protocol.validation", "training.selection")
    ]
  }

  /// Ensembles of one network.
  private func ensembleProblems() -> [Problem] {
    guard plan.report.ensemble, plan.seeds.count < 2 else { return [] }
    return [
      problem(
        "asks the networks of several seeds together, but seeds has only one; give it more.",
        "report.ensemble", "seeds")
    ]
  }

  /// Statistics that a corpus declares where no variant has any to be replaced.
  private func statisticsProblems() -> [Problem] {
    let declaring = plan.corpora.filter { $0.statistics != nil }
    let normalizations = plan.variants.map(\.settings.features.normalization)
    if declaring.isEmpty || normalizations.contains(where: \.usesTestSpeech) { return [] }
    let found = FeatureOptions.Normalization.allCases.filter(normalizations.contains)
      .map(\.rawValue).joined(separator: " or ")
    return declaring.map { corpus in
      problem(
        "replaces the statistics of each corpus or speaker, but features.normalization is \(found); use "
          + "corpus or speaker there, or leave this out.", "corpora.\(corpus.name).normalization",
        "features.normalization")
    }
  }

  /// Requirements of `protocol.across` on the corpora to train and to test on.
  private func acrossProblems() -> [Problem] {
    let across = plan.splitProtocol.across
    let crosses = Set(plan.trainOn + plan.testOn).count > 1 && across != .none
    if plan.splitProtocol.scored == .inner, crosses || across == .leaveOneCorpusOut {
      return [
        problem(
          "inner scores each corpus on speakers of its own training sides, and protocol.across "
            + "\(across.rawValue) tests on other corpora; set it to none.", "protocol.scored",
          "protocol.across")
      ]
    }
    if across.unitesCorpora, plan.trainOn.count == 1 {
      return [
        problem(
          "\(across.rawValue) unites several training corpora, but train_on has only "
            + "\(plan.trainOn[0]); use pairs.", "protocol.across", "train_on", "corpora")
      ]
    }
    if across == .leaveOneCorpusOut, let other = plan.testOn.first(where: isNotTrainedOn) {
      return [
        problem(
          "leave_one_corpus_out tests each corpus on a network that was trained on the others of "
            + "train_on, so test_on may not name \(other), which train_on lacks.", "test_on",
          "train_on")
      ]
    }
    let found = acrossMapProblems()
    guard found.isEmpty else { return found }
    guard across == .none, Set(plan.trainOn) != Set(plan.testOn) else { return [] }
    return [
      problem(
        "none tests each network on its own corpus only, so train_on and test_on must name the "
          + "same corpora.", "protocol.across", "test_on", "train_on")
    ]
  }

  /// Keys of `protocol.across` that ask for more corpora than there are.
  private func acrossMapProblems() -> [Problem] {
    let across = plan.splitProtocol.across
    if plan.splitProtocol.acrossNested,
      plan.trainOn.count < 3 || Set(plan.trainOn) != Set(plan.testOn)
    {
      return [
        problem(
          "nested chooses a variant for each held-out corpus by models of all the others but one, so "
            + "train_on and test_on must name the same three corpora or more; they name "
            + "\(plan.trainOn.count) and \(plan.testOn.count).", "protocol.across.nested",
          "protocol.across", "train_on", "test_on")
      ]
    }
    if across.choosesTest, plan.splitProtocol.acrossTraining == .all, !plan.testsAcross {
      return [
        problem(
          "all serves networks that are tested on a corpus they do not learn from, but \(across.rawValue) "
            + "has none here; leave it out, or name such a corpus in test_on.",
          "protocol.across.train", "protocol.across", "test_on")
      ]
    }
    return []
  }

  /// What concerns several training corpora where no network learns from two.
  private func unitedProblems() -> [Problem] {
    let across = plan.splitProtocol.across
    let most = plan.trainOn.count - (across == .leaveOneCorpusOut ? 1 : 0)
    if across.unitesCorpora, most > 1 { return [] }
    let training = plan.variants.map(\.settings.training)
    let remedy =
      "the corpora that a model learns from, but here each learns from one; unite them by "
      + "protocol.across: pooled or leave_one_corpus_out, or leave it out."
    var found: [Problem] = []
    if training.contains(where: { $0.balance == .corpus }) {
      found.append(problem("corpus weighs \(remedy)", "training.balance", "sweep"))
    }
    if plan.variants.contains(where: { $0.settings.classic?.balance == .corpus }) {
      found.append(
        problem("corpus weighs \(remedy)", "model.classic.balance", "model.classic", "sweep"))
    }
    if plan.variants.contains(where: { $0.settings.classic?.inner == .corpora }) {
      found.append(
        problem(
          "corpora holds out in turn \(remedy)", "model.classic.inner", "model.classic", "sweep"))
    }
    if training.contains(where: { $0.adaptation != nil }) {
      found.append(
        problem(
          "tells apart \(remedy)", "training.adaptation.gradient_reversal", "training.adaptation",
          "sweep"))
    }
    return found
  }

  /// Variants that `report.compare` names and the sweep does not have.
  private func comparisonProblems() -> [Problem] {
    guard case .pairs(let pairs) = plan.report.compare else { return [] }
    let names = plan.trained.map(\.name)
    return pairs.flatMap { [$0.first, $0.second] }.filter { !names.contains($0) }.map { name in
      problem(
        "the sweep has no variant '\(name)'; \(NearestWord(among: names).hint(for: name))",
        "report.compare")
    }
  }

  /// Prosody that is asked for, but that the fusion of no variant takes in.
  ///
  /// Where some variants do, as in a sweep over fusions, the others are without it.
  private func prosodyProblems() -> [Problem] {
    let asking = plan.variants.map(\.settings.features).filter { $0.prosody != nil }
    if asking.isEmpty || asking.contains(where: { $0.sections.contains(.prosody) }) { return [] }
    let fusions = FeatureOptions.Fusion.allCases.filter { asking.map(\.fusion).contains($0) }
    return [
      problem(
        "joins a fusion of several features, but features.fusion is "
          + "\(fusions.map(\.rawValue).joined(separator: " or ")); fuse by concat, stack, branches, "
          + "gated or late, use the fusion prosody for it alone, or set it to false.",
        "features.prosody", "sweep")
    ]
  }

  /// Spectral descriptors that the fusion of no variant takes in.
  private func spectralProblems() -> [Problem] {
    let asking = plan.variants.map(\.settings.features).filter(\.spectral)
    if asking.isEmpty || asking.contains(where: { $0.kinds.contains(.spectral) }) { return [] }
    let fusions = FeatureOptions.Fusion.allCases.filter { asking.map(\.fusion).contains($0) }
    return [
      problem(
        "joins a fusion of several features, but features.fusion is "
          + "\(fusions.map(\.rawValue).joined(separator: " or ")); fuse by concat, branches, gated or "
          + "late, use the fusion spectral for it alone, or set it to false.",
        "features.spectral", "sweep")
    ]
  }

  /// An encoder that the fusion of no variant takes in, and one that has heard what it is tested on.
  private func encoderProblems() -> [Problem] {
    let asking = plan.variants.map(\.settings.features).filter { $0.encoder != nil }
    let using = asking.filter { $0.kinds.contains(.encoder) }
    if using.isEmpty, let first = asking.first {
      return [
        problem(
          "stands alone or joins branches, but features.fusion is \(first.fusion.rawValue); use encoder, "
            + "branches, gated or late, or set it to none.", "features.encoder", "sweep")
      ]
    }
    if plan.splitProtocol.allowances.contains(.heard) { return [] }
    let heard = Set(using.flatMap { $0.encoder?.heard ?? [] }.map { $0.lowercased() })
    // The file names its corpora as it likes; a published one is also known by its adapter's word.
    let tested = plan.corpora.filter { plan.testOn.contains($0.name) }.filter { corpus in
      let word = CorpusOptions.Adapter.published.first { $0.adapter == corpus.adapter }?.word
      return heard.contains(corpus.name.lowercased()) || word.map(heard.contains) == true
    }
    return tested.map(\.name).map { name in
      problem(
        "the encoder has heard \(name), which is tested, so its scores there may be too good; test on other "
          + "corpora, or write protocol.allow: [heard] to have every result say so.",
        "features.encoder.heard", "features.encoder")
    }
  }

  /// Keys of networks that stand where a classic model is asked for although every variant is one.
  ///
  /// What such a file extends may have them, and so may a file whose models the command line replaces.
  private func networkKeyProblems() -> [Problem] {
    let settings = plan.variants.map(\.settings)
    guard !settings.isEmpty, settings.allSatisfy({ $0.classic != nil }) else { return [] }
    let entries = ["model", "training"].flatMap { section in
      (root.value(at: [section])?.entries ?? []).map {
        (key: "\(section).\($0.key)", place: $0.place)
      }
    }
    let asking = [["model", "classic"], ["sweep"]].filter { root.value(at: $0) != nil }
      .compactMap { root.place(of: $0)?.file }
    return entries.filter { $0.key != "model.classic" && asking.contains($0.place.file) }.map {
      Problem(
        "has no effect: every variant is a classic model, which has no network to train; leave it out.",
        at: $0.place, key: $0.key)
    }
  }

  private func isNotTrainedOn(_ corpus: String) -> Bool { !plan.trainOn.contains(corpus) }
}

extension ProtocolOptions.Within {
  /// Whether the split is made by speaker.
  fileprivate var needsSpeakers: Bool {
    if case .speakerFolds = self { true } else { self == .leaveOneSpeakerOut }
  }
}
