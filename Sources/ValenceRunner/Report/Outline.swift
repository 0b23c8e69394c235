import Foundation
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValenceFigures
import ValencePlan
import ValenceStore

/// What a report needs to know of its plan, kept as `outline.json` so that tables and figures can be
/// made again without the corpora.
struct Outline: Codable, Hashable {
  var name: String
  var title: String
  var classes: [String]
  var labelSpace: String
  var variants: [String]
  /// What is varied alone around the first variant; nil for other sweeps.
  var factors: [Factor]?
  /// The training sets, by name.
  var train: [String]
  /// The corpora of each training set, where several are united.
  var pools: [String: [String]]?
  var test: [String]
  /// Whether networks are tested on other corpora than their own.
  var testsAcross: Bool
  /// Whether networks are tested on the one corpus that they were not trained on; nil for no.
  var leavesOneOut: Bool?
  /// The digest of each corpus with all its utterances, classes and speakers.
  var identities: [String: String]
  /// Who is known to speak on which side of each corpus's folds, by corpus; nil in older outlines.
  var speakers: [String: SpeakerSeparation]?
  /// The highest frequency that each variant's features tell of, in Hz; nil in older outlines.
  var heardHz: [String: Double]?
  var seeds: [UInt64]
  /// The measure that comes first.
  var headline: MetricName
  /// The pairs of variants that `report.compare` names; nil for each variant with the base.
  var compare: [ComparedPair]?
  var figures: [FigureKind]
  var formats: [FigureOptions.Format]
  var column: FigureOptions.Column
  var allowsMissingClasses: Bool
  /// How each corpus was split, in words.
  var protocolText: String

  init(_ experiment: Experiment) {
    let plan = experiment.plan
    name = plan.name
    title = plan.title
    classes = experiment.space.classes
    labelSpace = experiment.space.name
    variants = plan.variants.map(\.name)
    factors = plan.factors.isEmpty ? nil : plan.factors
    train = experiment.trainingSets.map(\.name)
    if plan.splitProtocol.across.unitesCorpora {
      let united = experiment.corpora.map(\.name).filter(plan.trainOn.contains)
      pools = experiment.trainingSets.reduce(into: [:]) { pools, set in
        pools?[set.name] = united.filter { name in set.corpora.contains { $0.name == name } }
      }
    }
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
      plan.variants.map { ($0.name, $0.settings.heardHz) }, uniquingKeysWith: { first, _ in first })
    seeds = plan.seeds
    headline = plan.report.headline
    if case .pairs(let pairs) = plan.report.compare { compare = pairs }
    figures = plan.report.figures
    formats = plan.report.figureOptions.formats
    column = plan.report.figureOptions.column
    allowsMissingClasses = plan.splitProtocol.missingClasses == .allow
    protocolText = plan.splitProtocol.text(across: Set(plan.trainOn + plan.testOn).count > 1)
  }

  /// The variants that are compared.
  var comparisons: [ComparedPair] {
    guard let base = variants.first else { return [] }
    return compare ?? variants.dropFirst().map { ComparedPair(base, $0) }
  }

  /// Why a list of trials is not of this plan, in a clause; nil where it is.
  ///
  /// The two are files of their own: a run that was ended between them, or a hand, can leave one that is
  /// older. What a list has and a plan has not would be missing in the tables without a word.
  func contradiction(in listings: [TrialListing]) -> String? {
    var seen: Set<[String]> = []
    for listing in listings {
      let name =
        "\(listing.variant) of \(listing.train), fold \(listing.fold), seed \(listing.seed)"
      let isKnown =
        variants.contains(listing.variant) && train.contains(listing.train)
        && seeds.contains(listing.seed)
        && listing.tests.allSatisfy { test.contains($0.corpus) }
      if !isKnown { return "it lists \(name), which is not of the plan in outline.json" }
      if listing.tests.isEmpty { return "it does not say what \(name) is tested on" }
      let network = [listing.variant, listing.train, listing.fold, String(listing.seed)]
      if !seen.insert(network).inserted { return "it lists \(name) twice" }
    }
    return nil
  }

  /// The corpora of a training set.
  func members(of train: String) -> [String] { pools?[train] ?? [train] }

  /// Whether a training set's networks know part of a test corpus, so that folds of it are held out.
  func isWithin(_ train: String, _ test: String) -> Bool { members(of: train).contains(test) }

  /// A row of a generalization map.
  struct Row {
    var name: String
    /// The training set of the row's networks that are tested on each corpus of `test`.
    var trainings: [String?]
  }

  /// The rows of a generalization map: the training sets, or the rest of the corpora as one.
  var rows: [Row] {
    guard leavesOneOut == true else {
      return train.map { set in Row(name: set, trainings: test.map { _ in set }) }
    }
    return [
      Row(
        name: "rest",
        trainings: test.map { held in train.first { !isWithin($0, held) } })
    ]
  }

  /// How a cell is called: `emovo` within a corpus, else `ravdess → emovo` or `rest → emovo`.
  func cellName(_ train: String, _ test: String) -> String {
    if train == test { return train }
    return leavesOneOut == true ? "rest → \(test)" : "\(train) → \(test)"
  }

  /// What is trained on and tested on, as a map's title says it.
  var mapTitle: String {
    if leavesOneOut == true { return "Trained on the rest, tested on each corpus" }
    return pools == nil
      ? "Trained on one corpus, tested on each"
      : "Trained on several corpora together, tested on each"
  }

  /// Whether the report has a figure of this kind.
  func wants(_ kind: FigureKind) -> Bool { figures.contains(kind) }

  /// How figures are drawn.
  var figureOptions: FigureOptions {
    var options = FigureOptions()
    (options.column, options.formats) = (column, formats)
    return options
  }
}

extension ProtocolOptions {
  /// The split in words, as a paper states it.
  ///
  /// - Parameter isAcross: whether networks are tested on corpora that they do not learn from.
  func text(across isAcross: Bool) -> String {
    if across == .leaveOneCorpusOut {
      return
        "leave-one-corpus-out: trained on all corpora but one, tested on the whole of that one; "
        + "of each training corpus, \(validationText); \(duplicatesText)"
    }
    // Only the publisher's own split always brings its validation set, where there is one.
    let kept = within == .official ? "the publisher's validation set, or where there is none " : ""
    let united =
      across == .pooled ? ", the same fold held out of every training corpus, which are pooled" : ""
    return "\(splitText)\(united); \(kept)\(validationText)"
      + (isAcross ? otherTestText : "") + "; \(duplicatesText)"
  }

  /// What is scored of corpora that a network does not learn from.
  private var otherTestText: String {
    guard across.choosesTest else { return "" }
    switch acrossTest {
    case .same:
      return "; of a corpus that a network does not learn from, the test sides of all its folds "
        + "are scored together"
    case .whole: return "; a corpus that a network does not learn from is scored as a whole"
    }
  }

  /// What was looked for, and what was not.
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
    case .fraction(let share): "a share of \(share) for validation, by speaker where known"
    }
  }
}
