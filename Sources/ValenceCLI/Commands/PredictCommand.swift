import ArgumentParser
import Foundation
import ValenceFigures
import ValenceRunner

/// `valence predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Asks a trained network about audio files: class and probabilities for each.",
    discussion: """
      MODEL is a model.safetensors, or the folder of a trial (Results/NAME/trials/KEY). Each file \
      is decoded, cut and normalized as in training.
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model"), completion: .file())
  var model: String

  @Argument(help: ArgumentHelp("Audio files.", valueName: "audio"), completion: .file())
  var audio: [String]

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    let predictor = try Predictor(
      model: URL(filePath: model), threads: ProcessInfo.processInfo.activeProcessorCount)
    let answers = try predictor.predict(audio.map { URL(filePath: $0) })
    if let remark = predictor.remark {
      FileHandle.standardError.write(Data("Note: \(remark)\n".utf8))
    }
    if json { return try printJSON(answers) }
    let rows = answers.map { answer in
      [answer.file, answer.prediction]
        + predictor.classes.map { String(format: "%.3f", answer.probabilities[$0] ?? 0) }
    }
    print(
      ReportTable(
        columns: [.init("file"), .init("prediction")]
          + predictor.classes.map { .init($0, .right) },
        rows: rows
      ).text, terminator: "")
  }
}
