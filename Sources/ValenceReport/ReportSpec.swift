package import ValenceCore
package import ValenceEvaluation
package import ValenceFigures
import ValenceStore

/// What a model makes of unlabeled test speech.
package enum TestSpeech: String, Codable, Hashable, Sendable, CaseIterable {
  case nothing
  /// Statistics that normalize it.
  case statistics
  /// Labels of its own that it learns from.
  case selfTraining = "self_training"
  /// The same on other speakers than those that are scored.
  case otherSpeakers = "other_speakers"
}

/// The parts of a plan that its tables and figures depend on, kept as `outline.json` so that they can be
/// made again without the corpora.
///
/// Files of earlier versions go on being read: a new member is optional, and nil means what was so before. An
/// unknown word is an error (`ReportTests`).
package struct ReportSpec: Codable, Hashable, Sendable {
  package var name: String
  package var title: String
  package var classes: [String]
  package var labelSpace: String
  package var variants: [String] = []
  /// The classic models that variants are compared with, by name; nil where there are none, and in older
  /// files.
  package var baselines: [String]?
  /// The variants and baselines that no seed moves, classic models; nil where there are none, and in older
  /// files.
  package var unseeded: [String]?
  /// By whose statistics each variant and baseline is normalized, where baselines differ in it, so that a
  /// network is held against its like; nil where they do not, and in older files.
  package var normalizations: [String: String]?
  /// The settings varied one at a time around the first variant; nil for other sweeps.
  package var factors: [Factor]?
  /// The variants that differ in an encoder's layer alone; nil where no two do, and in older files.
  package var layerCurves: [LayerCurve]?
  /// The variants that differ in their groups of features alone; nil where none say what one adds, and in older
  /// files.
  package var contributions: [Contributions]?
  /// What the encoder of each variant that has one is known to have heard; nil without encoders.
  package var heard: [String: [String]]?
  /// The training sets, by name.
  package var train: [String] = []
  /// The corpora of each training set, if several are pooled.
  package var pools: [String: [String]]?
  /// Training sets whose scores only help to choose a variant; nil for none.
  package var inner: [String]?
  /// What each variant makes of unlabeled test speech, where a variant is to be chosen for each tested corpus
  /// without it; nil where none is.
  package var testSpeech: [String: TestSpeech]?
  package var test: [String] = []
  /// Whether networks are tested on corpora other than their own.
  package var testsAcross = false
  /// Whether the protocol is leave-one-corpus-out; nil for no.
  package var leavesOneOut: Bool?
  /// The digest of each corpus with all its utterances, classes and speakers.
  package var identities: [String: String] = [:]
  /// Whether training and test speakers are disjoint, by corpus; nil in older files.
  package var speakers: [String: SpeakerSeparation]?
  /// The highest frequency that each variant's features cover, in Hz; nil in older files.
  package var heardHz: [String: Double]?
  /// The unit whose statistics a corpus declares, by variant and corpus, where it is not the variant's; nil
  /// for none.
  package var declared: [String: [String: String]]?
  package var seeds: [UInt64] = []
  /// Whether the networks of the seeds are also asked together; nil for no.
  package var ensemble: Bool?
  /// The measure that comes first.
  package var headline = MetricName.uar
  /// The pairs of variants in `report.compare`; nil compares each variant with the base.
  package var compare: [ComparedPair]?
  package var figures: [FigureKind] = []
  package var formats: [FigureOptions.Format] = []
  package var column = FigureOptions().column
  package var allowsMissingClasses = false
  /// The split of the corpora, in words.
  package var protocolText: String

  /// A spec without corpora, variants and figures.
  package init(
    name: String, title: String, classes: [String], labelSpace: String, protocolText: String
  ) {
    self.name = name
    self.title = title
    self.classes = classes
    self.labelSpace = labelSpace
    self.protocolText = protocolText
  }

  /// The variants that are compared.
  var comparisons: [ComparedPair] {
    guard let base = variants.first else { return [] }
    return compare ?? variants.dropFirst().map { ComparedPair(base, $0) }
  }

  /// Why a list of trials does not belong to this plan, in a clause; nil if it does.
  ///
  /// The two are separate files: after a run that was killed between them, or an edit by hand, one may be
  /// older. Trials that the plan does not know would silently be missing from the tables.
  func contradiction(in listings: [TrialListing]) -> String? {
    var seen: Set<TrialName> = []
    for listing in listings {
      let trial = listing.name
      let name = "\(trial.variant) of \(trial.train), fold \(trial.fold), seed \(trial.seed)"
      let isKnown =
        trained.contains(trial.variant) && (train + (inner ?? [])).contains(trial.train)
        && (isSeeded(trial.variant) ? seeds.contains(trial.seed) : trial.seed == 0)
        && listing.tests.allSatisfy { test.contains($0.corpus) }
      if !isKnown { return "it lists \(name), which is not of the plan in outline.json" }
      if listing.tests.isEmpty { return "it does not say what \(name) is tested on" }
      if !seen.insert(trial).inserted { return "it lists \(name) twice" }
    }
    return nil
  }

  /// The variants, then the baselines.
  var trained: [String] { variants + (baselines ?? []) }

  /// Whether other seeds would give other models of a variant.
  func isSeeded(_ variant: String) -> Bool { unseeded?.contains(variant) != true }

  /// What all that is trained is called together.
  var noun: ModelNoun { unseeded == nil ? .network : .model }

  /// What the models of a variant are called.
  func noun(of variant: String) -> ModelNoun { isSeeded(variant) ? .network : .model }

  /// Whether a baseline is made for the normalization of a variant, or for any.
  func isBaseline(_ baseline: String, for variant: String) -> Bool {
    guard let own = normalizations?[baseline], let other = normalizations?[variant] else {
      return true
    }
    return own == other
  }

  /// The variants that are networks, among which validation chooses.
  var networks: [String] { variants.filter(isSeeded) }

  /// The corpora of a training set.
  func members(of train: String) -> [String] { pools?[train] ?? [train] }

  /// Whether a training set contains a test corpus, of which folds are then held out.
  func isWithin(_ train: String, _ test: String) -> Bool { members(of: train).contains(test) }

  /// A row of a generalization map.
  struct MapRow {
    var name: String
    /// The training set of the row's networks that are tested on each corpus of `test`.
    var trainings: [String?]
  }

  /// The rows of a generalization map: the training sets, or one row for leave-one-corpus-out.
  var rows: [MapRow] {
    guard leavesOneOut == true else {
      return train.map { set in MapRow(name: set, trainings: test.map { _ in set }) }
    }
    return [
      MapRow(
        name: "rest",
        trainings: test.map { held in train.first { !isWithin($0, held) } })
    ]
  }

  /// The name of a cell: `emovo` within a corpus, else `ravdess → emovo` or `rest → emovo`.
  func cellName(_ train: String, _ test: String) -> String {
    if train == test { return train }
    return leavesOneOut == true ? "rest → \(test)" : "\(train) → \(test)"
  }

  /// The title of a generalization map.
  var mapTitle: String {
    if leavesOneOut == true { return "Trained on the rest, tested on each corpus" }
    return pools == nil
      ? "Trained on one corpus, tested on each"
      : "Trained on several corpora together, tested on each"
  }

  /// Whether the report has a figure of this kind.
  func wants(_ kind: FigureKind) -> Bool { figures.contains(kind) }

  /// The options of the figures.
  var figureOptions: FigureOptions {
    var options = FigureOptions()
    (options.column, options.formats) = (column, formats)
    return options
  }
}
