import Foundation
import ValenceAudio
import ValenceClassic
import ValenceCore
import ValenceCorpora
package import ValenceData
import ValenceFeatures
import ValenceFigures
import ValencePlan
import ValenceReport

extension ReportSpec {
  /// The parts of an experiment that its report needs.
  package init(_ experiment: Experiment) {
    let plan = experiment.plan
    self.init(
      name: plan.name, title: plan.title, classes: experiment.space.classes,
      labelSpace: experiment.space.name,
      protocolText: plan.splitProtocol.text(
        across: Set(plan.trainOn + plan.testOn).count > 1,
        areNetworks: plan.variants.contains { $0.settings.classic == nil }))
    variants = plan.variants.map(\.name)
    let trained = plan.variants + experiment.baselines
    baselines = experiment.baselines.isEmpty ? nil : experiment.baselines.map(\.name)
    let unseeded = trained.filter { $0.settings.classic != nil }.map(\.name)
    self.unseeded = unseeded.isEmpty ? nil : unseeded
    normalizations = Self.normalizations(plan.variants, experiment.baselines)
    factors = plan.factors.isEmpty ? nil : plan.factors
    let curves = plan.layerCurves
    layerCurves = curves.isEmpty ? nil : curves
    let contributions = plan.contributions
    self.contributions = contributions.isEmpty ? nil : contributions
    let encoders = plan.variants.compactMap { variant in
      variant.settings.features.usedEncoder.map { (variant.name, $0.heard) }
    }
    heard = encoders.isEmpty ? nil : Dictionary(encoders) { first, _ in first }
    addTrainingSets(of: experiment)
    test = plan.testOn
    testsAcross = plan.splitProtocol.across != .none
    leavesOneOut = plan.splitProtocol.across == .leaveOneCorpusOut ? true : nil
    identities = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { ($0.name, $0.identity.hex) })
    speakers = Dictionary(
      uniqueKeysWithValues: experiment.corpora.compactMap { corpus in
        corpus.speakers.map { (corpus.name, $0) }
      })
    heardHz = Dictionary(
      trained.map { ($0.name, $0.settings.heardHz) }, uniquingKeysWith: { first, _ in first })
    let statistics = experiment.declaredStatistics
    declared = statistics.isEmpty ? nil : statistics
    seeds = plan.seeds
    ensemble = plan.report.ensemble ? true : nil
    headline = plan.report.headline
    if case .pairs(let pairs) = plan.report.compare { compare = pairs }
    figures = plan.report.figures
    formats = plan.report.figureOptions.formats
    column = plan.report.figureOptions.column
    allowsMissingClasses = plan.splitProtocol.missingClasses == .allow
  }

  /// What is trained on, and whether variants are chosen by some of it.
  private mutating func addTrainingSets(of experiment: Experiment) {
    let plan = experiment.plan
    train = experiment.trainingSets.filter { !$0.isInner }.map(\.name)
    let inner = experiment.trainingSets.filter(\.isInner).map(\.name)
    self.inner = inner.isEmpty ? nil : inner
    if plan.choosesAcross {
      testSpeech = Dictionary(uniqueKeysWithValues: plan.variants.map { ($0.name, $0.testSpeech) })
    }
    if plan.splitProtocol.across.unitesCorpora {
      let united = experiment.corpora.map(\.name).filter(plan.trainOn.contains)
      pools = experiment.trainingSets.reduce(into: [:]) { pools, set in
        pools?[set.name] = united.filter { name in set.corpora.contains { $0.name == name } }
      }
    }
  }
}

extension ReportSpec {
  /// By whose statistics variants and baselines are normalized, if the latter differ in it; `majority` hears
  /// nothing that would be normalized, and functionals are not taken as they are.
  private static func normalizations(
    _ variants: [Variant], _ baselines: [Variant]
  ) -> [String: String]? {
    let hearing = baselines.filter { $0.settings.classic?.options.kind != .majority }
    let all = Set(hearing.map(\.settings.features.normalization))
    guard all.count > 1 else { return nil }
    return Dictionary(
      (variants + hearing).map { variant in
        let own = variant.settings.features.normalization
        return (variant.name, (own == .none ? .train : own).rawValue)
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension ProtocolOptions {
  /// The split in words, as a paper states it.
  ///
  /// - Parameters:
  ///   - isAcross: whether models are tested on corpora that they do not learn from.
  ///   - areNetworks: whether there are some that have a use for validation speakers.
  func text(across isAcross: Bool, areNetworks: Bool = true) -> String {
    let validationText =
      areNetworks ? validationText : "nobody held back for validation, which classic models lack"
    if across == .leaveOneCorpusOut {
      let chosen =
        acrossNested
        ? "variants are chosen for each held-out corpus by models of all corpora but it and one more, tested "
          + "on that one; " : ""
      return
        "leave-one-corpus-out: trained on all corpora but one, tested on the whole of that one; "
        + "\(chosen)of each training corpus, \(validationText); \(duplicatesText)"
    }
    // Only the publisher's own split always brings its validation set, where there is one.
    let kept =
      within == .official && validation != .none && areNetworks
      ? "the publisher's validation set, or where there is none " : ""
    let united =
      across == .pooled ? ", the same fold held out of every training corpus, which are pooled" : ""
    let inner =
      scored == .inner
      ? ", of each the test side left out and the next one's scored in its place" : ""
    return "\(splitText)\(inner)\(united); \(kept)\(validationText)"
      + (isAcross ? otherTestText(areNetworks ? "network" : "model") : "") + "; \(duplicatesText)"
  }

  /// The test utterances of corpora that a network or model is not trained on.
  private func otherTestText(_ noun: String) -> String {
    guard across.choosesTest else { return "" }
    let own = "; a \(noun) that is tested on other corpora learns from all of its own"
    let tested =
      switch acrossTest {
      case .same:
        "; of a corpus that a \(noun) does not learn from, the test sides of all its folds "
          + "are scored together"
      case .whole: "; a corpus that a \(noun) does not learn from is scored as a whole"
      }
    return (acrossTraining == .all ? own : "") + tested
  }

  /// The policy on copies, and its limit.
  private var duplicatesText: String {
    let policy =
      switch duplicates {
      case .refuse: "none of a tested recording in training"
      case .leaveOutOfTraining: "those of a tested recording are not trained on"
      case .allow: "those of a tested recording may be trained on"
      }
    return "copies (equal bytes, equal samples, overlapping spans of one file): \(policy); "
      + "cuts that overlap but lie in files of their own are not looked for"
  }

  private var splitText: String {
    switch within {
    case .leaveOneSpeakerOut: "leave-one-speaker-out"
    case .speakerFolds(let count): "\(count) folds of whole speakers, balanced by class"
    case .emobox: "the published EmoBox folds"
    case .csv(let file): "the folds of \(file.lastPathComponent)"
    case .official: "the publisher's own split"
    }
  }

  private var validationText: String {
    switch validation {
    case .speakers(1): "one further speaker for validation"
    case .speakers(let count): "\(count) further speakers for validation"
    case .none: "nobody for validation"
    case .fraction(let share): "a share of \(share) for validation, by speaker where known"
    }
  }
}

extension Settings {
  /// The highest frequency that the features cover, in Hz; prosody's level covers the whole spectrum.
  var heardHz: Double {
    let half = Double(audio.rateHz) / 2
    return features.kinds.allSatisfy(\.isOfMelBands) ? min(half, features.mel.highHz) : half
  }
}
