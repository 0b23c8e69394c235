import Foundation
import ValenceCore
import ValenceCorpora

/// The findings in words.
extension ExperimentDraft {
  /// The content of the folder, in lines of text.
  var findings: [String] {
    let lines =
      comment([found] + layout.findings + classes + speakers) + oddFiles + comment(splitReason)
    return lines.map { String($0.dropFirst(2)) }
  }

  /// The adapter's word.
  var adapter: String {
    switch layout.options.adapter {
    case .folders: return "folders"
    case .manifest: return "manifest"
    case let adapter:
      return CorpusOptions.Adapter.published.first { $0.adapter == adapter }?.word ?? "folders"
    }
  }

  /// How many utterances each class has, and what is left out.
  var classes: [String] {
    let counts = split.labeled.classCounts
    let pairs = zip(split.space.classes, counts).map { "\($0) \($1)" }
    var lines = ["Utterances by class: \(pairs.joined(separator: ", "))."]
    if !split.dropped.isEmpty {
      let pairs = split.dropped.map { "\($0.label) \($0.count)" }
      lines.append(
        "Left out, as too few files or speakers have them: \(pairs.joined(separator: ", ")).")
    }
    if let fewest = counts.min(), fewest < 20 {
      lines.append("So few utterances show that everything runs, and little more.")
    }
    return lines
  }

  /// How much speech there is, of which kind.
  var found: String {
    let count = layout.corpus.utterances.count - survey.odd.count
    var parts = [
      "\(Wording.counted(count, "utterance")), \(NumberText.decimal((survey.totalS / 60).rounded(.up), 0)) min"
    ]
    parts.append(tally(survey.formats) { $0 })
    parts.append(tally(survey.rates) { "\($0) Hz" })
    parts.append(
      tally(survey.channels) { $0 == 1 ? "mono" : $0 == 2 ? "stereo" : "\($0) channels" })
    if let first = survey.durationsS.first, let last = survey.durationsS.last,
      let middle = survey.durationS(quantile: 0.5)
    {
      let (low, high) = (NumberText.decimal(first, 1), NumberText.decimal(last, 1))
      parts.append("\(low) to \(high) s, median \(NumberText.decimal(middle, 1)) s")
    }
    return parts.joined(separator: "; ") + "."
  }

  /// `16000 Hz`, or `16000 Hz (200), 44100 Hz (40)`.
  private func tally<Key: Comparable & Hashable>(
    _ counts: [Key: Int], _ name: (Key) -> String
  ) -> String {
    let sorted = counts.sorted { $0.key < $1.key }
    if sorted.count == 1 { return name(sorted[0].key) }
    return sorted.map { "\(name($0.key)) (\($0.value))" }.joined(separator: ", ")
  }

  /// Sentences on the speakers; none where they are unknown, which the layout's findings say.
  var speakers: [String] {
    let names = split.labeled.speakers
    if names.isEmpty { return [] }
    let shown = names.prefix(12).joined(separator: ", ")
    var lines = ["Speakers (\(names.count)): \(shown)\(names.count > 12 ? ", …" : "")."]
    let targets = Dictionary(grouping: split.labeled.utterances) { $0.utterance.speaker }
      .mapValues { Set($0.map(\.target)).count }
    let single = names.count { targets[$0] == 1 }
    if single > 0 {
      lines.append(
        "\(single) of them \(single == 1 ? "has" : "have") one class only: a network can learn their "
          + "voices for their classes, and normalization by speaker would take the class away.")
    }
    return lines
  }

  /// The reason for the split.
  var splitReason: [String] {
    if let foldFile {
      return [
        "The folds in \(foldFile) were drawn at random, even in classes, as too little is known of who "
          + "speaks. Networks may be tested on speakers whom they know: such numbers say little about "
          + "strangers. If you can tell the speakers, name them above and use speaker_folds."
      ]
    }
    let speakers = split.labeled.speakers.count
    switch split.options.within {
    case .leaveOneSpeakerOut, .speakerFolds(speakers):
      return [
        "Each of the \(speakers) speakers is the test of networks that never heard them: "
          + "\(split.folds) folds."
      ]
    case .speakerFolds(let count):
      let bound = count < 5 ? " More groups would leave a test without a class." : ""
      return [
        "Each of \(count) groups of the \(speakers) speakers is the test of networks that never heard "
          + "them.\(bound)"
      ]
    default: return ["The split is the one that the table gives in its column split."]
    }
  }

  /// Files that cannot be used or are none of the corpus, by name.
  var oddFiles: [String] {
    let odd = survey.odd.map { "\($0.id): \(reason($0))" }
    let skipped = layout.corpus.skipped.map { "\($0.id): \($0.reason)" }
    var lines = list("Cannot be used and is dropped:", "Cannot be used and are dropped:", odd)
    lines += list("Not read:", "Not read:", skipped)
    lines += list("Not audio:", "Not audio:", layout.otherFiles)
    if !survey.isDecoded {
      lines += comment([
        "There is too much speech to decode all of it here, so a damaged or silent file shows at the "
          + "first run; audio: {unreadable: drop} would leave such files out."
      ])
    }
    return lines
  }

  /// Why a file cannot be used, without the path before it.
  private func reason(_ odd: AudioSurvey.Odd) -> String {
    guard let start = odd.reason.range(of: ": ") else { return odd.reason }
    return String(odd.reason[start.upperBound...])
  }

  private func list(_ one: String, _ many: String, _ items: [String]) -> [String] {
    guard !items.isEmpty else { return [] }
    let shown = items.prefix(10).map { "#   \($0.replacing("\n", with: " "))" }
    let more = items.count > 10 ? ["#   … and \(items.count - 10) more"] : []
    return ["# \(items.count == 1 ? one : many)"] + shown + more
  }
}
