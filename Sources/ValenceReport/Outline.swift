package import ValenceCore
package import ValenceEvaluation
package import ValenceFigures
import ValenceStore

/// What a report needs to know of its plan, kept as `outline.json` so that tables and figures can be
/// made again without the corpora.
package struct Outline: Codable, Hashable, Sendable {
  package var name: String
  package var title: String
  package var classes: [String]
  package var labelSpace: String
  package var variants: [String] = []
  /// What is varied alone around the first variant; nil for other sweeps.
  package var factors: [Factor]?
  /// The training sets, by name.
  package var train: [String] = []
  /// The corpora of each training set, where several are united.
  package var pools: [String: [String]]?
  package var test: [String] = []
  /// Whether networks are tested on other corpora than their own.
  package var testsAcross = false
  /// Whether networks are tested on the one corpus that they were not trained on; nil for no.
  package var leavesOneOut: Bool?
  /// The digest of each corpus with all its utterances, classes and speakers.
  package var identities: [String: String] = [:]
  /// Who is known to speak on which side of each corpus's folds, by corpus; nil in older outlines.
  package var speakers: [String: SpeakerSeparation]?
  /// The highest frequency that each variant's features tell of, in Hz; nil in older outlines.
  package var heardHz: [String: Double]?
  package var seeds: [UInt64] = []
  /// The measure that comes first.
  package var headline = MetricName.uar
  /// The pairs of variants that `report.compare` names; nil for each variant with the base.
  package var compare: [ComparedPair]?
  package var figures: [FigureKind] = []
  package var formats: [FigureOptions.Format] = []
  package var column = FigureOptions().column
  package var allowsMissingClasses = false
  /// How each corpus was split, in words.
  package var protocolText: String

  /// An outline of one experiment; the sets, the variants and the figures are added by what writes it.
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
