import ArgumentParser
import Foundation
import ValenceRunner
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
    do {
      let report = try store.readingOnly { canWrite in
        let report = try ReportBuilder(store, plots: folders.plots)
          .report(control: control, writesTables: canWrite)
        if !canWrite {
          control.report(
            .remark(
              "\(store.folder.relativePath): this folder cannot be written, so the tables stay as they "
                + "are; what follows is made of what lies there."))
        }
        return report
      }
      Self.show(report)
      if !report.failures.isEmpty { throw ExitCode(1) }
    } catch let error as StoreError where error.isUnwritable {
      throw UnwritableResults(sentence: "\(error)")
    }
  }

  /// Prints the table, says which files to open, and on standard error which figures failed and why.
  static func show(_ report: ReportBuilder.Report) {
    print(report.table)
    if !report.files.isEmpty { print("Tables:") }
    for file in report.files { print("  \(file.relativePath)") }
    if !report.figures.isEmpty {
      print("Figures:")
      for figure in report.figures { print("  \(figure.relativePath)") }
    }
    if !report.removed.isEmpty {
      print("Removed figures of earlier results: \(report.removed.joined(separator: ", "))")
    }
    for failure in report.failures { FileHandle.standardError.write(Data((failure + "\n").utf8)) }
  }
}
