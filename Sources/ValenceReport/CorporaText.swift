import ValenceCore
import ValenceFigures

/// The corpora of an experiment in numbers: a section of the summary.
struct CorporaText {
  let corpora: [CorpusSummary]
  let classes: [String]
  /// The number of files and labels left out, by corpus.
  let dropped: [String: Int]

  var markdown: String { table.markdown + "\n" + soundText + droppedText }

  private var table: ReportTable {
    let rows = corpora.map { corpus in
      let minutes = corpus.durationsS.reduce(0, +) / 60
      return [corpus.name, "\(corpus.counts.reduce(0, +))", "\(corpus.speakers.count)"]
        + corpus.counts.map(String.init)
        + [NumberText.decimal(minutes, 1), "\(dropped[corpus.name] ?? 0)"]
    }
    return ReportTable(
      columns: [.init("corpus"), .init("utterances", .right), .init("speakers", .right)]
        + classes.map { .init($0, .right) }
        + [.init("minutes", .right), .init("left out", .right)],
      rows: rows)
  }

  /// The sampling rates and bandwidths of the corpora, a line each; empty if none are known.
  private var soundText: String {
    let lines = corpora.compactMap { $0.soundText.map { text in "- \(text)" } }
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n"
  }

  /// The labels left out, and implausible lengths.
  private var droppedText: String {
    let lines = corpora.flatMap { corpus in
      corpus.dropped.sorted { $0.key < $1.key }.map {
        "- \(corpus.name): \($0.value) × '\(escaped($0.key))', for which the label space has no class"
      }
    }
    let odd = corpora.flatMap { corpus in
      (corpus.oddLengths ?? []).map { "- \(corpus.name): \(escaped($0))" }
    }
    return [
      ("\nLeft out (each file is listed in `dropped.csv`):\n\n", lines),
      ("\nImplausible lengths:\n\n", odd),
    ].filter { !$0.1.isEmpty }.map { $0.0 + $0.1.joined(separator: "\n") }.joined(separator: "\n")
  }
}
