import ArgumentParser
import Foundation
import ValencePlan
import ValencePredict

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

/// Where windows lie, as several commands take it.
struct WindowArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The length of a window in seconds; by default, and at most, that of the network's clips.",
      valueName: "seconds"))
  var window: Double?

  @Option(
    help: ArgumentHelp(
      "The time from one window to the next in seconds; by default half a window.",
      valueName: "seconds"))
  var hop: Double?

  var options: WindowOptions { WindowOptions(windowS: window, hopS: hop) }
}

/// Trained models, as several commands take them.
struct ModelArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The network.", valueName: "model"), completion: .file())
  var model: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Further networks, up to the next option; one that is named twice is asked once.",
      valueName: "model"),
    completion: .file())
  var also: [String] = []

  @OptionGroup var encoders: EncoderOption

  /// All models, in the order in which they were named.
  var models: [URL] { ([model] + also).map { URL(filePath: $0) } }

  /// The folder of the encoder, if one was named.
  var encoderFolder: URL? { encoders.folder }

  /// Reads the models.
  ///
  /// - Throws: a sentence that names the file that is none.
  func predictor() throws -> Predictor {
    try Predictor(
      models: models, encoder: encoderFolder,
      threads: ProcessInfo.processInfo.activeProcessorCount)
  }
}

/// Where the encoder is that a model hears through.
struct EncoderOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the encoder that the model hears through; by default that of a bundle, or the one in "
        + "VALENCE_ENCODERS that it was trained with.", valueName: "folder"),
    completion: .directory)
  var encoder: String?

  /// The folder, if one was named.
  var folder: URL? { encoder.map { URL(filePath: $0, directoryHint: .isDirectory) } }
}
