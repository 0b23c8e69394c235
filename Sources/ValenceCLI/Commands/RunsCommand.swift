import ArgumentParser
import Foundation
import ValenceCore
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
    if !FileManager.default.fileExists(atPath: folders.results.path + "/.") {
      Terminal.complain(
        "Note: \(folders.results.relativePath): there is no such folder, so nothing has run here yet."
      )
    }
    guard let name else { return try show(index.experiments) }
    if let fault = index.fault(of: name) { throw fault }
    try show(index.trials(of: name))
  }

  private func show(_ experiments: [ResultIndex.ExperimentStatus]) throws {
    if json { return try printJSON(experiments) }
    let rows = experiments.map {
      [
        $0.name, count($0, \.trials), count($0, \.finished),
        $0.withoutModel == 0 ? "" : "\($0.withoutModel) without their models", count($0, \.failed),
        $0.changed,
      ]
    }
    for fault in experiments.compactMap(\.fault) { Terminal.complain("Note: \(fault)") }
    try say(
      ReportTable(
        columns: [
          .init("experiment"), .init("trials", .right), .init("finished", .right), .init(""),
          .init("failed", .right), .init("changed"),
        ], rows: rows
      ).text, terminator: "")
  }

  /// A number of trials; a dash where they are not known.
  private func count(
    _ experiment: ResultIndex.ExperimentStatus, _ number: KeyPath<ResultIndex.ExperimentStatus, Int>
  ) -> String {
    experiment.fault == nil ? "\(experiment[keyPath: number])" : "–"
  }

  private func show(_ trials: [ResultIndex.TrialStatus]) throws {
    if json { return try printJSON(trials) }
    let rows = trials.map {
      [
        $0.key, $0.name.variant, $0.name.train, $0.name.fold, "\($0.name.seed)", $0.state,
        $0.trainingS.map { NumberText.decimal($0, 1) } ?? "–", $0.failure ?? "",
      ]
    }
    try say(
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
  try StandardOutput.write(JSON.encoded(value, onOneLine: onOneLine))
}
