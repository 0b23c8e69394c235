import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// Sentences of tables and captions, derived from the results.
enum ResultWording {
  // MARK: - Intervals

  /// The sample of an interval: `24 speakers`, `60 utterances`, `24 speakers, 3 seeds`.
  static func basis(_ interval: Interval) -> String { bases(interval).joined(separator: ", ") }

  /// The same, one by one.
  static func bases(_ interval: Interval) -> [String] {
    [interval.basis.unit.text(interval.basis.clusters)]
      + (interval.basis.seeds > 1 ? ["\(interval.basis.seeds) seeds"] : [])
  }

  /// The kind of some intervals for a caption, such as `95 % interval over test speakers and seeds`.
  ///
  /// A single interval is described with its numbers of speakers and seeds; none, by an empty text.
  static func kind(of intervals: [Interval], _ what: String = "interval") -> String {
    if intervals.isEmpty { return "" }
    let levels = Set(intervals.map { NumberText.decimal(100 * $0.level, 0) }).sorted()
    let start = "\(levels.joined(separator: " or ")) % \(what)"
    if intervals.count == 1 { return "\(start) over \(basis(intervals[0]))" }
    let units = Set(intervals.map(\.basis.unit))
    let seeds = Set(intervals.map { $0.basis.seeds > 1 })
    var over =
      units == [.speakers]
      ? "test speakers"
      : units == [.utterances]
        ? "test utterances" : "test speakers, or utterances where speakers are unknown"
    if seeds == [true] { over += " and seeds" }
    if seeds.count > 1 { over += ", and seeds where there are several" }
    return "\(start) over \(over)"
  }

  /// The remarks on some cells' intervals: on unknown speakers, approximate intervals and missing ones.
  ///
  /// - Parameter isMarked: whether approximate ones are marked by ≈.
  static func remarks(on estimates: [Estimate], isMarked: Bool = true) -> [String] {
    let intervals = estimates.compactMap(\.interval)
    var remarks: [String] = []
    if intervals.contains(where: { $0.basis.unit != .speakers }) {
      remarks.append(
        "Where speakers are unknown, each utterance counts as a speaker; utterances of one speaker are "
          + "alike, so such an interval is too narrow.")
    }
    if isMarked, intervals.contains(where: \.isApproximate) {
      remarks.append("Intervals behind ≈ are approximate: \(approximate).")
    }
    if intervals.count < estimates.count {
      remarks.append(
        "No interval (–): fewer than four test speakers, or a class spoken by only one of them.")
    }
    return remarks
  }

  /// The meaning of an approximate interval.
  static let approximate =
    "with few or unequal speakers, or near 0 or 100 %, such an interval may cover the true value in less "
    + "than 90 % of cases (by simulation)"

  /// A remark of a trial as a sentence of its own: with a capital and a period.
  static func sentence(_ remark: String) -> String {
    remark.prefix(1).uppercased() + remark.dropFirst() + (remark.hasSuffix(".") ? "" : ".")
  }

  // MARK: - Encoders

  /// The encoder of a curve's variants.
  static func encoder(_ curve: LayerCurve) -> String {
    sentence(TrialWarning.encoder(curve.encoder, heard: curve.heard).rawValue)
  }

  // MARK: - Kept weights

  /// Which weights some networks have, where these are not those of an epoch, or of another network.
  static func kept(_ trainings: [TrialRecord.Training]) -> [String] {
    var sentences: [String] = []
    for training in trainings {
      let sentence =
        if let average = training.average {
          "Kept: the mean of the weights of \(average.epochs)."
        } else if training.refit != nil {
          "Kept: a network trained anew on training and validation for as many epochs as the marked one."
        } else { "" }
      if !sentence.isEmpty, !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences
  }

  // MARK: - Classic models

  /// What classic models and baselines learn from; nothing where there are none.
  static func classics(_ spec: ReportSpec) -> [String] {
    let classics = spec.variants.filter { !spec.isSeeded($0) }
    let isAll = spec.networks.isEmpty
    let learned =
      "fitted once, without seeds, to "
      + (isAll
        ? "all speakers that are not tested" : "training and validation speakers together")
    let baselines = spec.baselines ?? []
    let names = isAll ? "" : " (\(Wording.list(classics)))"
    return
      (classics.isEmpty ? [] : ["Classic models\(names): \(learned)."])
      + (baselines.isEmpty
        ? [] : ["Baselines: classic models of functionals, \(learned); never chosen."])
  }

  // MARK: - Unfinished trials

  /// `1 trial is not finished`, `2 trials are not finished`.
  static func unfinished(_ count: Int) -> String {
    "\(Wording.counted(count, "trial")) \(count == 1 ? "is" : "are") not finished"
  }

  // MARK: - Speakers

  /// Whether the test speakers of some corpora are held out from training.
  static func heldOut(_ corpora: [String], _ speakers: [String: SpeakerSeparation]?) -> String {
    var (strangers, others): ([String], [String]) = ([], [])
    for corpus in corpora {
      guard let separation = speakers?[corpus] else {
        others.append("whether test speakers of \(corpus) also appear in training was not recorded")
        continue
      }
      let test = separation.test
      switch separation.tested {
      case .none: continue
      case .heldOut: strangers.append("\(corpus) (\(Wording.counted(test.speakers, "speaker")))")
      case .shared:
        others.append(
          "\(test.shared) of \(Wording.counted(test.speakers, "test speaker")) of \(corpus) "
            + "also \(test.shared == 1 ? "appears" : "appear") in training")
      case .unknown:
        others.append(
          test.nameless > 0
            ? "the speakers of \(test.nameless) of "
              + "\(Wording.counted(test.utterances, "test utterance")) of \(corpus) are unknown"
            : "some training utterances of \(corpus) have no known speaker")
      }
    }
    let held =
      strangers.isEmpty
      ? [] : ["on speakers held out from training: \(Wording.list(strangers))"]
    return (held + others).joined(separator: "; ")
  }

  // MARK: - Classes

  /// The remark that a cell is scored over fewer classes than the label space has; nil if it has them all.
  static func classes(_ references: ReferenceScores, of all: [String]) -> String? {
    guard references.classes.count < all.count else { return nil }
    return "Scored over \(references.classes.count) of \(all.count) classes "
      + "(\(references.classes.joined(separator: ", "))), and so is chance."
  }
}
