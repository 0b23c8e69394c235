import ArgumentParser
import Foundation
import ValenceCore
import ValenceFigures
import ValencePredict

/// `valence predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Asks trained networks about audio files: class and probabilities for each.",
    discussion: """
      MODEL is a model.safetensors, or the folder of a trial (Results/NAME/trials/KEY). Each file \
      is decoded, cut and normalized as in training; with --windows a long recording is heard in \
      windows that overlap by half, and each gets a row.

      With --also several networks are asked: a row for each, and if they have the same classes \
      one of their mean probabilities, called ensemble. Networks with other classes answer for \
      themselves alone.

      Examples:
        valence predict Results/quickstart/trials/0a1b2c calls/*.wav
        valence predict model.safetensors interview.flac --windows --json
        find calls -name '*.wav' | valence predict model.safetensors -
        valence predict Results/a/trials/0a1b2c call.wav --also Results/b/trials/*

      A file that a network cannot be asked about is named on standard error, and the exit status \
      is 1 then.
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model"), completion: .file())
  var model: String

  @Argument(help: ArgumentHelp("Audio files.", valueName: "audio"), completion: .file())
  var audio: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Further networks, up to the next option; one that is named twice is asked once.",
      valueName: "model"),
    completion: .file())
  var also: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder of the encoder that the network hears through; by default the one in "
        + "VALENCE_ENCODERS that it was trained with.", valueName: "folder"),
    completion: .directory)
  var encoder: String?

  @Flag(help: "A row for each window of a recording that is longer than the network's clips.")
  var windows = false

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    let predictor = try Predictor(
      models: ([model] + also).map { URL(filePath: $0) },
      encoder: encoder.map { URL(filePath: $0, directoryHint: .isDirectory) },
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let replies = predictor.predict(files.map { URL(filePath: $0) }, windows: windows)
    for remark in predictor.remarks(windows: windows) { note("Note: \(remark)") }
    for fault in replies.flatMap(\.faults) { note("Error: \(fault)") }
    let answers = replies.flatMap(\.answers)
    if json {
      try printJSON(answers)
    } else {
      try say(table(answers, of: predictor).text, terminator: "")
    }
    if replies.contains(where: { !$0.faults.isEmpty }) { throw ExitCode(1) }
  }

  /// The files that were named; `-` means those that standard input names, one on each line.
  private var files: [String] {
    audio.flatMap { name in
      name == "-" ? Array(AnyIterator { readLine() }).filter { !$0.isEmpty } : [name]
    }
  }

  private func table(_ answers: [Predictor.Answer], of predictor: Predictor) -> ReportTable {
    let models: [ReportTable.Column] = predictor.asksSeveral ? [.init("model")] : []
    let times: [ReportTable.Column] = windows ? [.init("start", .right), .init("end", .right)] : []
    let columns =
      [.init("file")] + models + times + [.init("prediction")]
      + predictor.classes.map { .init($0, .right) }
    return ReportTable(columns: columns, rows: answers.map { row($0, of: predictor) })
  }

  private func row(_ answer: Predictor.Answer, of predictor: Predictor) -> [String] {
    var row = [answer.file]
    if let model = answer.model { row.append(model) }
    if windows { row += [answer.startS, answer.endS].map { NumberText.decimal(Double($0), 2) } }
    row.append(answer.prediction ?? "(silence)")
    for name in predictor.classes {
      row.append(answer.probabilities[name].map { NumberText.decimal(Double($0), 3) } ?? "")
    }
    return row
  }

  private func note(_ line: String) {
    Terminal.complain(line)
  }
}
