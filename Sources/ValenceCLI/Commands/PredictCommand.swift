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
      is decoded, cut and normalized as in training; with --windows a long recording is heard in \
      windows that overlap by half, and each gets a row.

      Examples:
        valence predict Results/quickstart/trials/0a1b2c calls/*.wav
        valence predict model.safetensors interview.flac --windows --json
        find calls -name '*.wav' | valence predict model.safetensors -

      A file that cannot be used is named on standard error, and the exit status is 1 then.
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model"), completion: .file())
  var model: String

  @Argument(help: ArgumentHelp("Audio files.", valueName: "audio"), completion: .file())
  var audio: [String]

  @Flag(help: "A row for each window of a recording that is longer than the network's clips.")
  var windows = false

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    let predictor = try Predictor(
      model: URL(filePath: model), threads: ProcessInfo.processInfo.activeProcessorCount)
    let results = predictor.predict(files.map { URL(filePath: $0) }, windows: windows)
    if let remark = predictor.remark { note("Note: \(remark)") }
    var answers: [Predictor.Answer] = []
    for result in results {
      switch result {
      case .success(let found): answers += found
      case .failure(let error): note("Error: \(error)")
      }
    }
    if json {
      try printJSON(answers)
    } else {
      print(table(answers, classes: predictor.classes).text, terminator: "")
    }
    if results.contains(where: { (try? $0.get()) == nil }) { throw ExitCode(1) }
  }

  /// The files that were named; `-` stands for those that standard input names, one a line.
  private var files: [String] {
    audio.flatMap { name in
      name == "-" ? Array(AnyIterator { readLine() }).filter { !$0.isEmpty } : [name]
    }
  }

  private func table(_ answers: [Predictor.Answer], classes: [String]) -> ReportTable {
    let times: [ReportTable.Column] = windows ? [.init("start", .right), .init("end", .right)] : []
    return ReportTable(
      columns: [.init("file")] + times + [.init("prediction")]
        + classes.map { .init($0, .right) },
      rows: answers.map { answer in
        let span = windows ? [answer.startS, answer.endS].map { String(format: "%.2f", $0) } : []
        return [answer.file] + span + [answer.prediction ?? "(silence)"]
          + classes.map { name in
            answer.probabilities[name].map { String(format: "%.3f", $0) } ?? ""
          }
      })
  }

  private func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
