import ArgumentParser
import Foundation
import ValenceCore
import ValenceData
import ValenceFigures
import ValenceReport
import ValenceStore

/// `valence corpora`.
struct CorporaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpora",
    abstract: "Shows each corpus: utterances by class, speakers, durations, unreadable files.")

  @OptionGroup var plan: PlanArguments

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let experiment = try Experiment(plan.read(), cache: .ofUser(environment: environment))
    let summaries = CorpusSummary.all(of: experiment)
    if json { return try printJSON(summaries) }
    for summary in summaries { try show(summary) }
  }

  private func show(_ corpus: CorpusSummary) throws {
    let durations = corpus.durationsS
    try say(
      "\(corpus.name): \(corpus.counts.reduce(0, +)) utterances, \(corpus.speakers.count) speakers")
    for remark in corpus.remarks { try say("  Note: \(remark)") }
    if let shortest = durations.first, let longest = durations.last {
      let total = durations.reduce(0, +) / 60
      try say(
        String(
          format: "  durations: %.2f to %.2f s, median %.2f s, in all %.1f min", shortest, longest,
          Quantiles(durations).median, total))
    }
    if let sound = corpus.soundText { try say("  \(sound.dropFirst(corpus.name.count + 2))") }
    var rows = zip(corpus.classes, corpus.counts).map { name, count in
      let labels = corpus.mapped.filter { $0.value == name }.map(\.key).sorted()
      return [name, "\(count)", labels.joined(separator: ", ")]
    }
    rows += corpus.dropped.sorted { $0.key < $1.key }.map { ["(left out)", "\($0.value)", $0.key] }
    let table = ReportTable(
      columns: [.init("class"), .init("utterances", .right), .init("native labels")], rows: rows)
    try say(table.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    let shown = 20
    if corpus.skipped > 0 {
      try say("  \(corpus.skipped) files are no utterances of this corpus")
    }
    for reason in (corpus.skippedFiles ?? []).prefix(shown) { try say("    \(reason)") }
    if corpus.skipped > shown { try say("    … and \(corpus.skipped - shown) more files") }
    for sentence in corpus.oddLengths ?? [] { try say("  odd lengths: \(sentence)") }
    for reason in corpus.unreadable.prefix(shown) { try say("  unreadable: \(reason)") }
    if corpus.unreadable.count > shown {
      try say("  unreadable: … and \(corpus.unreadable.count - shown) more files")
    }
    try say()
  }
}
