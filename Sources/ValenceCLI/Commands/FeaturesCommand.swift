import ArgumentParser
import Foundation
import ValenceCore
import ValenceData
import ValenceStore

/// `valence features`.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Writes the feature matrices of a corpus, or of one audio file.",
    discussion: """
      FILE and its overrides say which features, how. A corpus becomes one safetensors file with an \
      array [frames, bins] for each feature and utterance, named as mel/03-01-05-01-01-01-01.wav, and \
      with every parameter, the labels and speakers in its metadata. One audio file becomes a CSV with \
      a row a frame: its time in seconds, then the bins by name. Features are as they are before \
      normalization; a sweep is not followed.

      Examples:
        valence features plan.yaml --corpus ravdess --out ravdess.safetensors
        valence features plan.yaml features.fusion=mel --clip anna.wav --out anna.csv
      """)

  @OptionGroup var plan: PlanArguments

  @Option(help: ArgumentHelp("A corpus of the plan.", valueName: "name"))
  var corpus: String?

  @Option(
    help: ArgumentHelp("An audio file, of the plan or not.", valueName: "audio"),
    completion: .file())
  var clip: String?

  @Option(
    help: ArgumentHelp(
      "The file to write: .safetensors for a corpus, .csv for an audio file.", valueName: "file"),
    completion: .file())
  var out: String

  func validate() throws {
    guard (corpus == nil) != (clip == nil) else {
      throw ValidationError("Give either --corpus or --clip: what the features are of.")
    }
    let ending = corpus == nil ? "csv" : "safetensors"
    guard URL(filePath: out).pathExtension == ending else {
      throw ValidationError(
        "--out \(out): the features of \(corpus == nil ? "an audio file" : "a corpus") are written "
          + "as .\(ending).")
    }
  }

  func run() throws {
    let export = try FeatureExport(plan.read())
    let file = URL(filePath: out)
    if let clip {
      let table = try export.clip(URL(filePath: clip))
      try OutputFile.write(Data(table.text.utf8), to: file)
      try say("\(out): \(table.rows.count) frames of \(table.columns.count - 1) bins")
      return
    }
    let environment = ProcessInfo.processInfo.environment
    let features = try export.corpus(
      corpus ?? "", cache: .ofUser(environment: environment),
      threads: ProcessInfo.processInfo.activeProcessorCount)
    try OutputFile.write(features.file.encoded(), to: file)
    for reason in features.leftOut { Terminal.complain("Left out: \(reason)") }
    try say("\(out): \(features.file.arrays.count) arrays of \(features.utterances) utterances")
  }
}

/// Writes files that a user names.
enum OutputFile {
  /// Writes a file whole or not at all.
  ///
  /// - Throws: `StoreError.unwritable`.
  static func write(_ data: Data, to file: URL) throws {
    do {
      try data.write(to: file, options: .atomic)
    } catch {
      throw StoreError.unwritable(path: file.relativePath, reason: error.localizedDescription)
    }
  }
}
