import ArgumentParser
import Foundation
import ValenceCore
import ValenceReport
import ValenceStore

/// `valence report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes the tables and figures of an experiment again, from stored predictions.",
    discussion: """
      Networks are not needed, predictions are. Where no trial is finished, tables and figures stay as they \
      are. Where the results cannot be written, the table is printed and figures go to --plots alone.

      Examples:
        valence report fusion-ablation
        valence report fusion-ablation --results /archive/Results --plots figures
      """)

  @Argument(help: ArgumentHelp("The experiment's name.", valueName: "name"))
  var name: String

  @OptionGroup var folders: FolderOptions

  func run() throws {
    let store = try RunStore.existing(results: folders.results, name: name)
    let progress = ProgressDisplay(
      terminal: Terminal.standardError(environment: ProcessInfo.processInfo.environment))
    let interruption = Interruption()
    defer { interruption.end() }
    let control = RunControl(stop: interruption.listen()) { progress.show($0) }
    let report = try store.readingOnly { canWrite in
      let report = try ReportBuilder(store, plots: folders.plots)
        .report(control: control, writesTables: canWrite)
      if !canWrite {
        control.report(
          .remark(
            "\(store.folder.relativePath): this folder cannot be written, so the tables stay as they "
              + "are; the output below is made from the stored results."))
      }
      return report
    }
    try Self.show(report)
    if !report.failures.isEmpty { throw ExitCode(1) }
  }

  /// Prints the table, says which files to open, and on standard error which figures failed and why.
  static func show(_ report: ReportBuilder.Report) throws {
    try say(report.table)
    if !report.files.isEmpty { try say("Tables:") }
    for file in report.files { try say("  \(file.relativePath)") }
    if !report.figures.isEmpty {
      try say("Figures:")
      for figure in report.figures { try say("  \(figure.relativePath)") }
    }
    if !report.removed.isEmpty {
      try say("Removed figures of earlier results: \(report.removed.joined(separator: ", "))")
    }
    for failure in report.failures { Terminal.complain(failure) }
  }
}
