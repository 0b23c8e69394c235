import Foundation
import ValenceCore
import ValenceCorpora

/// What was found in the folder, in words.
extension ExperimentDraft {
  /// What the folder holds, in lines for a person.
  var findings: [String] {
    let counts = zip(split.space.classes, split.labeled.classCounts).map { "\($0) \($1)" }
    let classes = "Classes: \(counts.joined(separator: ", "))."
    let lines = comment([found] + layout.findings + [classes] + speakers) + oddFiles
    return lines.map { String($0.dropFirst(2)) }
  }

  /// The adapter's word.
  var adapter: String {
    switch layout.options.adapter {
    case .folders: return "folders"
    case .manifest: return "manifest"
    case let adapter:
      return CorpusOptions.Adapter.published.first { $0.adapter == adapter }?.name ?? "folders"
    }
  }

  /// How much speech there is, of which kind.
  var found: String {
    let count = layout.corpus.utterances.count
    var parts = [String(format: "\(count) utterances, %.0f min", (survey.totalS / 60).rounded(.up))]
    parts.append(tally(survey.formats) { $0 })
    parts.append(tally(survey.rates) { "\($0) Hz" })
    parts.append(
      tally(survey.channels) { $0 == 1 ? "mono" : $0 == 2 ? "stereo" : "\($0) channels" })
    if let first = survey.durationsS.first, let last = survey.durationsS.last,
      let middle = survey.durationS(share: 0.5)
    {
      parts.append(String(format: "%.1f to %.1f s, median %.1f s", first, last, middle))
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

  /// A sentence on the speakers; none where they are unknown, which the layout's findings say.
  var speakers: [String] {
    let names = split.labeled.speakers
    if names.isEmpty { return [] }
    let shown = names.prefix(12).joined(separator: ", ")
    return ["Speakers (\(names.count)): \(shown)\(names.count > 12 ? ", …" : "")."]
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

  /// Why a file cannot be used, without its path, which stands before it.
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
