import ArgumentParser
import Foundation
import ValenceCore
import ValenceLive
import ValencePredict

/// `valence listen`.
struct ListenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen",
    abstract: "Asks trained networks about a live stream of sound on standard input.",
    discussion: """
      MODEL is a model.safetensors, or the folder of a trial (Results/NAME/trials/KEY). Standard \
      input is raw PCM, as a recorder writes it. A gate tells voice from pauses by its level; each \
      window with voice gets an answer, as predict --windows gives it, and each utterance one that \
      is the mean over its windows.

      On a terminal there is a bar for each class, and a line for each utterance; elsewhere, or \
      with --json, a line of JSON for each event: start, onset, window, offset, final, end.

      Networks that were trained with statistics of each speaker or corpus are normalized by those \
      of what the stream has said so far, or of the recordings of --enroll.

      Examples:
        arecord -t raw -f S16_LE -r 16000 -c 1 | valence listen model.safetensors
        ffmpeg -v error -i talk.mp4 -f s16le -ac 1 -ar 16000 - | valence listen model.safetensors --json
        … | valence listen model.safetensors --hop 0.5 --enroll anna/*.wav --also other.safetensors
      """)

  @OptionGroup var modelArguments: ModelArguments

  @Argument(help: ArgumentHelp("Standard input, which is the default.", valueName: "-"))
  var input = "-"

  @Option(
    help: ArgumentHelp("The rate of the stream in samples a second.", valueName: "hertz"))
  var rate = 16000

  @Option(
    help: "How samples are written, little endian: 16 bits, or 32-bit numbers between -1 and 1.")
  var encoding = PCMDecoder.Encoding.s16le

  @Option(help: "How many channels are interleaved; they are averaged.")
  var channels = 1

  @OptionGroup var windowArguments: WindowArguments

  @Option(
    help: ArgumentHelp(
      "The time in which a window's weight among the smoothed probabilities falls to a half.",
      valueName: "seconds"))
  var halfLife = LiveOptions().halfLifeS

  @Option(
    help: ArgumentHelp(
      "How much speech running statistics need until answers say that they are warm.",
      valueName: "seconds"))
  var warmUp = LiveOptions().warmUpS

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Recordings of the speaker, whose statistics are used from the start instead of running ones.",
      valueName: "audio"),
    completion: .file())
  var enroll: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Tell voice from pauses; without, every window is scored.")
  var gate = true

  @Flag(help: "Print JSON lines on a terminal, too.")
  var json = false

  func validate() throws {
    if input != "-" {
      throw ValidationError(
        "listen hears standard input alone ('-'); ask predict about files, such as '\(input)'.")
    }
  }

  func run() throws {
    var options = LiveOptions()
    options.windows = windowArguments.options
    (options.halfLifeS, options.warmUpS) = (halfLife, warmUp)
    if !gate { options.gate = nil }
    var decoder = try PCMDecoder(encoding, channels: channels)
    let predictor = try modelArguments.predictor()
    let session = try LiveSession(
      predictor, rateHz: rate, options: options, enrolled: try statistics(predictor))
    guard isatty(STDIN_FILENO) == 0 else { throw ListenFault.terminal }
    let stop = Interruption().listen()
    var display = LiveDisplay(
      showsBars: !json && isatty(STDOUT_FILENO) == 1, classes: predictor.classes)
    try display.show(session.opening)
    var isFirst = true
    while !stop.isMade {
      let bytes = FileHandle.standardInput.availableData
      let arrival = ContinuousClock.now
      if bytes.isEmpty { break }
      if isFirst, bytes.starts(with: Data("RIFF".utf8)) || bytes.starts(with: Data("fLaC".utf8)) {
        throw ListenFault.file
      }
      isFirst = false
      let samples = try decoder.samples(bytes)
      for event in try session.hear(samples, by: predictor, since: arrival) {
        try display.show(event)
      }
    }
    for event in try session.end(by: predictor) { try display.show(event) }
    if !stop.isMade { try decoder.end() }
  }

  /// The statistics of the recordings of `--enroll` for each group of models; nil without any.
  private func statistics(_ predictor: Predictor) throws -> [StreamStatistics]? {
    if enroll.isEmpty { return nil }
    let groups = Set(predictor.inputs.map(\.group)).sorted()
    return try groups.map { group in
      try predictor.statistics(of: enroll.map { URL(filePath: $0) }, group: group)
    }
  }
}

extension PCMDecoder.Encoding: ExpressibleByArgument {}

/// Why standard input is no stream.
enum ListenFault: Error, CustomStringConvertible {
  case terminal
  case file

  var description: String {
    switch self {
    case .terminal:
      "standard input: this is a terminal; pipe raw sound into the command, for example from "
        + "arecord -t raw -f S16_LE -r 16000 -c 1."
    case .file:
      "standard input: this is a sound file and no raw stream; give its name to valence predict, or its "
        + "samples alone (arecord -t raw, ffmpeg … -f s16le -)."
    }
  }
}
