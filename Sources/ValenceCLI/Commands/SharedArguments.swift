import ArgumentParser
import Foundation
import ValencePlan

/// The experiment file and its overrides, as several commands take them.
struct PlanArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The experiment file.", valueName: "file"), completion: .file())
  var file: String

  @Argument(
    help: ArgumentHelp(
      "Settings that replace those of the file, for example features.fusion=mel.",
      valueName: "key=value"))
  var overrides: [String] = []

  /// Reads and checks the plan.
  ///
  /// - Throws: `Problems`.
  func read() throws -> Plan {
    try PlanReader(PlanDocument(contentsOf: file, overrides: overrides)).read()
  }
}

/// Where results are.
struct ResultsOption: ParsableArguments {
  @Option(
    name: .customLong("results"),
    help: ArgumentHelp("The folder of results.", valueName: "folder"), completion: .directory)
  var resultsPath = "Results"

  /// The folder of results.
  var results: URL { URL(filePath: resultsPath, directoryHint: .isDirectory) }
}

/// Where results and figures go.
struct FolderOptions: ParsableArguments {
  @OptionGroup var resultsOption: ResultsOption

  @Option(
    name: .customLong("plots"),
    help: ArgumentHelp("The folder of figures.", valueName: "folder"), completion: .directory)
  var plotsPath = "Plots"

  /// The folder of results.
  var results: URL { resultsOption.results }
  /// The folder of figures.
  var plots: URL { URL(filePath: plotsPath, directoryHint: .isDirectory) }
}
