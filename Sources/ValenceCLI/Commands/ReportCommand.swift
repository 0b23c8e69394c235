import ArgumentParser
import Foundation
import ValenceRunner
import ValenceStore

/// `valence report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes the tables and figures of an experiment again, from stored predictions.")

  @Argument(help: ArgumentHelp("The experiment's name.", valueName: "name"))
  var name: String

  @OptionGroup var folders: FolderOptions

  func run() throws {
    let store = try RunStore.existing(results: folders.results, name: name)
    Self.show(
      try store.exclusively { try ReportBuilder(store, plots: folders.plots).report() })
  }

  /// Prints the table, and says which files to open.
  static func show(_ report: ReportBuilder.Report) {
    print(report.table)
    print("Tables:")
    for file in report.files { print("  \(file.relativePath)") }
    guard !report.figures.isEmpty else { return }
    print("Figures:")
    for figure in report.figures { print("  \(figure.relativePath)") }
  }
}
