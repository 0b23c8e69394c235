import ArgumentParser
import Foundation
import ValenceFigures
import ValenceRunner
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
    for summary in summaries { show(summary) }
  }

  private func show(_ corpus: CorpusSummary) {
    let durations = corpus.durationsS
    print(
      "\(corpus.name): \(corpus.counts.reduce(0, +)) utterances, \(corpus.speakers.count) speakers")
    for remark in corpus.remarks { print("  Note: \(remark)") }
    if let shortest = durations.first, let longest = durations.last {
      let total = durations.reduce(0, +) / 60
      print(
        String(
          format: "  durations: %.2f to %.2f s, median %.2f s, in all %.1f min", shortest, longest,
          durations[durations.count / 2], total))
    }
    if let sound = corpus.soundText { print("  \(sound.dropFirst(corpus.name.count + 2))") }
    var rows = zip(corpus.classes, corpus.counts).map { name, count in
      let labels = corpus.mapped.filter { $0.value == name }.map(\.key).sorted()
      return [name, "\(count)", labels.joined(separator: ", ")]
    }
    rows += corpus.dropped.sorted { $0.key < $1.key }.map { ["(left out)", "\($0.value)", $0.key] }
    let table = ReportTable(
      columns: [.init("class"), .init("utterances", .right), .init("native labels")], rows: rows)
    print(table.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    let shown = 20
    if corpus.skipped > 0 { print("  \(corpus.skipped) files are no utterances of this corpus") }
    for reason in (corpus.skippedFiles ?? []).prefix(shown) { print("    \(reason)") }
    if corpus.skipped > shown { print("    … and \(corpus.skipped - shown) more files") }
    for sentence in corpus.oddLengths ?? [] { print("  odd lengths: \(sentence)") }
    for reason in corpus.unreadable.prefix(shown) { print("  unreadable: \(reason)") }
    if corpus.unreadable.count > shown {
      print("  unreadable: … and \(corpus.unreadable.count - shown) more files")
    }
    print()
  }
}
