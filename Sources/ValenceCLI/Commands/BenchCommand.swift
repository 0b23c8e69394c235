import ArgumentParser
import Foundation
import ValenceCore
import ValenceRunner

/// `valence bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures the speed of this machine.",
    subcommands: [Train.self])

  /// `valence bench train`.
  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Times training steps of a network on random three-second clips.",
      discussion: """
        Prints one line of JSON with the median over the timed steps. Time on an otherwise idle \
        machine, several times, and compare medians.
        """)

    @Option(help: "The network: small, reference or large.", transform: Self.size)
    var size = TrainBench.Size.reference

    @Option(help: "Clips a step.")
    var batch = 32

    @Option(help: "Threads of the step; default: one a core.")
    var threads: Int?

    @Option(help: "Timed steps, after three that are not timed.")
    var repeats = 10

    @Flag(help: "Clips of 75 to 300 frames instead of 300 each.")
    var ragged = false

    private static func size(_ word: String) throws -> TrainBench.Size {
      guard let size = TrainBench.Size(rawValue: word) else {
        let words = NearestWord(among: TrainBench.Size.allCases.map(\.rawValue))
        throw ValidationError("--size \(word): no such network; \(words.hint(for: word))")
      }
      return size
    }

    func validate() throws {
      let numbers = [("batch", batch), ("threads", threads ?? 1), ("repeats", repeats)]
      for (name, value) in numbers where value < 1 {
        throw ValidationError("--\(name) \(value): give a whole number from 1.")
      }
    }

    func run() throws {
      var bench = TrainBench()
      bench.size = size
      bench.batch = batch
      bench.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
      bench.repeats = repeats
      bench.ragged = ragged
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(bench.run()), as: UTF8.self))
    }
  }
}
