import ArgumentParser
import Foundation
import ValenceFigures
import ValenceStore

/// `valence runs`.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Lists the experiments known here, newest first.")

  @Argument(help: ArgumentHelp("List the trials of this experiment instead.", valueName: "name"))
  var name: String?

  @OptionGroup var folders: FolderOptions

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    if let name { _ = try RunStore.existing(results: folders.results, name: name) }
    let index = ResultIndex(results: folders.results)
    // The database is for other programs; where it cannot be written, the files are read all the same.
    try? index.write()
    if let name { try show(index.trials(of: name)) } else { try show(index.experiments) }
  }

  private func show(_ experiments: [ResultIndex.Experiment]) throws {
    if json { return try printJSON(experiments) }
    let rows = experiments.map {
      [
        $0.name, "\($0.trials)", "\($0.finished)",
        $0.withoutModel == 0 ? "" : "\($0.withoutModel) without their models", "\($0.failed)",
        $0.changed,
      ]
    }
    print(
      ReportTable(
        columns: [
          .init("experiment"), .init("trials", .right), .init("finished", .right), .init(""),
          .init("failed", .right), .init("changed"),
        ], rows: rows
      ).text, terminator: "")
  }

  private func show(_ trials: [ResultIndex.Trial]) throws {
    if json { return try printJSON(trials) }
    let rows = trials.map {
      [
        $0.key, $0.variant, $0.train, $0.fold, "\($0.seed)", $0.state,
        $0.trainingS.map { String(format: "%.1f", $0) } ?? "–", $0.failure ?? "",
      ]
    }
    print(
      ReportTable(
        columns: [
          .init("trial"), .init("variant"), .init("corpus"), .init("fold"),
          .init("seed", .right), .init("state"), .init("training (s)", .right), .init(""),
        ], rows: rows
      ).text, terminator: "")
  }
}

/// Prints a value as JSON on standard output.
func printJSON(_ value: some Encodable, onOneLine: Bool = false) throws {
  try FileHandle.standardOutput.write(contentsOf: JSON.encoded(value, onOneLine: onOneLine))
}
