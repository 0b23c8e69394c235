import ArgumentParser
import Foundation
import ValenceCore
import ValenceFigures
import ValenceLive
import ValencePredict

/// `valence predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Asks trained networks about audio files: class and probabilities for each.",
    discussion: """
      MODEL is a model.safetensors, or the folder of a trial (Results/NAME/trials/KEY). Each file \
      is decoded, cut and normalized as in training; with --windows a recording is heard in windows, \
      each a clip of its own whose quiet edges are kept, and each gets a row. With --running each \
      file is heard as listen hears a stream.

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

  @OptionGroup var modelArguments: ModelArguments

  @Argument(help: ArgumentHelp("Audio files.", valueName: "audio"), completion: .file())
  var audio: [String]

  @OptionGroup var windowArguments: WindowArguments

  @Flag(help: "A row for each window of a recording.")
  var windows = false

  @Flag(
    help: ArgumentHelp(
      "With --windows: hear each file as a stream, through the voice gate, and with running statistics where "
        + "a network was trained with those of each corpus or speaker."))
  var running = false

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func validate() throws {
    if windows { return }
    if running { throw ValidationError("--running is of windows; give --windows too.") }
    if windowArguments.options != WindowOptions() {
      throw ValidationError("--window and --hop are of windows; give --windows too.")
    }
  }

  func run() throws {
    let predictor = try modelArguments.predictor()
    let urls = files.map { URL(filePath: $0) }
    let options = windows ? windowArguments.options : nil
    if let options { try predictor.check(options) }
    let replies: [Predictor.Reply]
    if running, let options {
      var live = LiveOptions()
      live.windows = options
      replies = predictor.hear(urls, options: live)
    } else {
      replies = predictor.predict(urls, windows: options)
      for remark in predictor.remarks(windows: options) { note("Note: \(remark)") }
    }
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
