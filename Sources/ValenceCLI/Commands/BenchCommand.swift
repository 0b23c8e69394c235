import ArgumentParser
import Foundation
import ValenceBench
import ValenceCore
import ValencePlan

/// `valence bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures the speed of this machine.",
    discussion: """
      Every bench first computes something of what it times by plain C as well, and times nothing \
      if the two differ. Time on an otherwise idle machine, several times, and compare medians.
      """,
    subcommands: [Train.self, Infer.self, Features.self, Encode.self, Sweep.self])

  /// `valence bench train`.
  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times training steps of a network on random three-second clips.",
      discussion: """
        Each key=value puts a setting of model or features over the size's, as in an experiment file.

        Examples:
          valence bench train --ragged
          valence bench train --size small model.rnn.cell=gru
          valence bench train features.fusion=stack features.mfcc.coefficients=64
        """)

    @OptionGroup var network: NetworkArguments
    @OptionGroup var amount: BenchArguments

    func run() throws { try amount.timing.show(Bench.train(network.put(on: amount.options))) }
  }

  /// `valence bench infer`.
  struct Infer: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times answers of a network to random three-second clips.",
      discussion: """
        Each key=value puts a setting of model or features over the size's, as in an experiment file.

        Examples:
          valence bench infer --batch 1 --threads 1
          valence bench infer model.rnn.cell=gru
        """)

    @OptionGroup var network: NetworkArguments
    @OptionGroup var amount: BenchArguments

    func run() throws { try amount.timing.show(Bench.infer(network.put(on: amount.options))) }
  }

  /// `valence bench features`.
  struct Features: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times the extraction of features from synthetic three-second clips.",
      discussion: """
        Log-mel and MFCC as an experiment file has them by default, from waveforms in memory; \
        nothing is decoded. Each key=value changes a setting of features.

        Examples:
          valence bench features --threads 1
          valence bench features features.mfcc.deltas=2
        """)

    @Flag(help: "Extract prosody too: the same as features.prosody=true.")
    var prosody = false

    @OptionGroup var amount: BenchArguments

    func run() throws {
      var options = amount.options
      if prosody { options.overrides.append("features.prosody=true") }
      try amount.timing.show(Bench.features(options))
    }
  }

  /// `valence bench encode`.
  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times a published encoder's hidden states of random clips.",
      discussion: """
        One clip is encoded by all threads, several side by side by a thread each.

        Examples:
          valence bench encode --encoder encoders/whisper-base --seconds 10 --threads 1
          valence bench encode --encoder encoders/whisper-base --clips 16
        """)

    @OptionGroup var arguments: EncodeArguments

    func run() throws { try arguments.timing.show(Bench.encode(arguments.options)) }
  }

  /// `valence bench sweep`.
  struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times an experiment from raw audio to figures.",
      discussion: """
        Runs all of it with an empty feature cache and results of its own, which are deleted \
        afterwards.

        Example:
          valence bench sweep Experiments/quickstart.yaml training.epochs=3
        """)

    @OptionGroup var plan: PlanArguments

    @Option(
      help: ArgumentHelp(
        "How many trials run side by side; default: one a core.", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Threads of all; default: one a core.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Print JSON for a program to read, on one line.")
    var json = false

    func validate() throws {
      try TimingArguments.refuseBelowOne([("jobs", jobs ?? 1), ("threads", threads ?? 1)])
    }

    func run() throws {
      let plan = try plan.read()
      let terminal = Terminal.standardError(environment: ProcessInfo.processInfo.environment)
      let progress = ProgressDisplay(terminal: terminal)
      let interruption = Interruption()
      defer { interruption.end() }
      let control = RunControl(stop: interruption.listen()) { progress.show($0) }
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let times = try progress.finishing {
        do {
          return try Bench.sweep(
            plan, jobs: jobs ?? cores, threads: threads ?? cores, control: control)
        } catch is CancellationError {
          throw ExitCode(Interruption.status)
        }
      }
      if json { return try printJSON(times, onOneLine: true) }
      try say(times.text, terminator: "")
    }
  }
}

/// How often a step is timed, on how many threads, and how that is shown.
struct TimingArguments: ParsableArguments {
  @Option(help: "Threads of the step; default: one a core.")
  var threads: Int?

  @Option(help: "Timed steps, after three that are not timed.")
  var repeats = 10

  @Flag(help: "Print JSON for a program to read, on one line.")
  var json = false

  func validate() throws {
    try Self.refuseBelowOne([("threads", threads ?? 1), ("repeats", repeats)])
  }

  static func refuseBelowOne(_ numbers: [(name: String, value: Int)]) throws {
    for (name, value) in numbers where value < 1 {
      throw ValidationError("--\(name) \(value): give a whole number from 1.")
    }
  }

  /// The threads, of which there is one a core unless told otherwise.
  var cores: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func show(_ result: BenchResult) throws {
    if json { return try printJSON(result, onOneLine: true) }
    try say(result.text, terminator: "")
  }
}

/// Which network is timed.
struct NetworkArguments: ParsableArguments {
  @Option(help: "The network: small, reference or large; default: reference.", transform: Self.size)
  var size = BenchOptions.Size.reference

  @Flag(help: "Clips of a quarter to the full length instead of the full length each.")
  var ragged = false

  private static func size(_ word: String) throws -> BenchOptions.Size {
    guard let size = BenchOptions.Size(rawValue: word) else {
      let words = NearestWord(among: BenchOptions.Size.allCases.map(\.rawValue))
      throw ValidationError("--size \(word): no such network; \(words.hint(for: word))")
    }
    return size
  }

  func put(on options: BenchOptions) -> BenchOptions {
    var options = options
    (options.size, options.ragged) = (size, ragged)
    return options
  }
}

/// Which encoder is timed, and at what.
struct EncodeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with config.json, preprocessor_config.json and weights.", valueName: "folder"))
  var encoder: String

  @Option(help: "The length of a clip in seconds.")
  var seconds = 3.0

  @Option(help: "The deepest layer; default: all, and the final norm.")
  var layer: Int?

  @Option(help: "Clips a step.")
  var clips = 1

  @OptionGroup var timing: TimingArguments

  func validate() throws {
    try TimingArguments.refuseBelowOne([("clips", clips)])
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): give a number above 0 and up to 3600.")
    }
  }

  var options: EncodeBenchOptions {
    var options = EncodeBenchOptions(encoder: URL(filePath: encoder))
    (options.seconds, options.layer, options.clips) = (seconds, layer, clips)
    (options.threads, options.repeats) = (timing.cores, timing.repeats)
    return options
  }
}

/// The size of the timed work and the number of repetitions.
struct BenchArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Settings that replace the defaults, for example features.fusion=mel.",
      valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "Clips a step.")
  var batch = 32

  @OptionGroup var timing: TimingArguments

  func validate() throws {
    try TimingArguments.refuseBelowOne([("batch", batch)])
  }

  var options: BenchOptions {
    var options = BenchOptions()
    (options.overrides, options.batch, options.repeats) = (overrides, batch, timing.repeats)
    options.threads = timing.cores
    return options
  }
}
