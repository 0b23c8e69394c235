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
  var train: [String]
  var test: [String]
  /// Whether networks are tested on other corpora than their own.
  var testsAcross: Bool
  /// The digest of each corpus: predictions of anything else are no result of this plan.
  var identities: [String: String]
  var seeds: [UInt64]
  var headline: String
  var figures: [String]
  var formats: [String]
  var column: String
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
    train = plan.trainOn
    test = plan.testOn
    testsAcross = plan.splitProtocol.across != .none
    identities = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { ($0.name, $0.identity.hex) })
    seeds = plan.seeds
    headline = plan.report.headline.rawValue
    figures = plan.report.figures.map(\.rawValue)
    formats = plan.report.figureOptions.formats.map(\.rawValue)
    column = plan.report.figureOptions.column.rawValue
    allowsMissingClasses = plan.splitProtocol.missingClasses == .allow
    protocolText = plan.splitProtocol.text
  }

  /// The measure that comes first.
  var metric: MetricName { MetricName(rawValue: headline) ?? .uar }

  /// The evaluations that a finished trial's cells are made of; nil if one is missing or scored other
  /// utterances than the corpora have now, so that the next run has to score it anew.
  func evaluations(of record: TrialRecord, train: String) -> [TrialRecord.Evaluation]? {
    let names = testsAcross ? test : [train]
    let found = names.compactMap { name in
      record.evaluations.first {
        $0.corpus == name && $0.within == (name == train) && $0.identity == identities[name]
      }
    }
    return found.count == names.count ? found : nil
  }

  /// Whether the report has a figure of this kind.
  func wants(_ kind: FigureKind) -> Bool { figures.contains(kind.rawValue) }

  /// How figures are drawn.
  var figureOptions: FigureOptions {
    var options = FigureOptions()
    options.column = FigureOptions.Column(rawValue: column) ?? options.column
    options.formats = formats.compactMap(FigureOptions.Format.init)
    return options
  }

  /// The measure's value by guessing: one of K classes.
  var chance: Double { 1 / Double(classes.count) }
}

extension ProtocolOptions {
  /// The split in words, as a paper states it.
  var text: String {
    let split =
      switch within {
      case .leaveOneSpeakerOut: "leave-one-speaker-out"
      case .speakerFolds(let count): "\(count) folds of whole speakers, balanced by class"
      case .emobox: "the published EmoBox folds"
      case .csv(let file): "the folds of \(file.lastPathComponent)"
      case .official: "the publisher's own split"
      }
    let chosen =
      switch validation {
      case .speakers(1): "one further speaker for validation"
      case .speakers(let count): "\(count) further speakers for validation"
      case .fraction(let share): "a share of \(share) for validation, by speaker where known"
      }
    // Only the publisher's own split always brings its validation set, where there is one.
    let kept = within == .official ? "the publisher's validation set, or where there is none " : ""
    return "\(split); \(kept)\(chosen)"
  }
}
