import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@Suite("What numbers were made with")
struct ProvenanceTests {
  private static let short = ["plan.yaml", "training.epochs=1"]

  /// Each file of the experiment with its bytes and the time of its last change.
  private func files(_ command: Command, _ path: String) throws -> [String: (Data, Date?)] {
    let root = command.folder.appending(path: path)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).reduce(into: [:]) {
      let file = root.appending(path: $1)
      let values = try file.resourceValues(
        forKeys: [.isRegularFileKey, .contentModificationDateKey])
      guard values.isRegularFile == true else { return }
      $0[$1] = (try Data(contentsOf: file), values.contentModificationDate)
    }
  }

  private struct Listed: Decodable {
    struct Made: Decodable {
      struct With: Decodable {
        var kernels: [String: String]
        var version: String
      }
      var trained: Int
      var scored: Int?
      var with: With
      var isPlain: Bool { with.kernels["convolution"] == "plain C" }
    }
    var made: [Made]
  }

  private func listed(_ command: Command) throws -> [Listed.Made] {
    let file = command.folder.appending(path: "Results/study/provenance.json")
    return try JSONDecoder().decode(Listed.self, from: Data(contentsOf: file)).made
  }

  private func plainly(_ command: Command) -> Command {
    var other = command
    other.environment["VALENCE_KERNELS"] = "plain"
    return other
  }

  @Test("a run that trains nothing rewrites nothing, whatever it would have trained with")
  func nothingRewritten() throws {
    try Command.with { command in
      #expect(try command("run", Self.short).status == 0)
      let before = try files(command, "Results/study")
      #expect(before.count > 10)
      for again in [command, plainly(command)] {
        let run = try again("run", Self.short)
        #expect(run.errors.contains("0 trials to train, 2 finished before"))
        let after = try files(command, "Results/study")
        #expect(Set(after.keys) == Set(before.keys))
        for (path, file) in after {
          #expect(file.0 == before[path]?.0, "\(path)")
          #expect(file.1 == before[path]?.1, "\(path)")
        }
      }
      let made = try listed(command)
      #expect(made.map(\.trained) == [2])
      #expect(made.map(\.isPlain) == [false])
    }
  }

  @Test("trials of two kinds of kernels are told apart: in provenance.json and beside the numbers")
  func kinds() throws {
    try Command.with { command in
      #expect(try command("run", Self.short).status == 0)
      #expect(try !command("report", ["study"]).output.contains("kernels of"))
      let trials = command.folder.appending(path: "Results/study/trials")
      let key = try #require(
        try FileManager.default.contentsOfDirectory(atPath: trials.path).sorted().first)
      try FileManager.default.removeItem(at: trials.appending(path: key))
      let features = try files(command, "cache").keys.count { $0.hasSuffix(".floats") }
      let run = try plainly(command)("run", Self.short)
      #expect(run.errors.contains("1 trial to train, 1 finished before"))
      let made = try listed(command)
      #expect(made.count == 2)
      #expect(made.map(\.trained) == [1, 1])
      #expect(Set(made.map(\.isPlain)) == [true, false])
      for output in [run.output, try command("report", ["study"]).output] {
        #expect(
          output.contains("computed by kernels of 2 kinds, whose last digits differ: 1 trial by"))
      }
      let notes = try String(
        contentsOf: command.folder.appending(path: "Results/study/results.csv"), encoding: .utf8)
      #expect(notes.contains("kernels of 2 kinds"))
      // Features of one kind are not read by the other.
      #expect(try files(command, "cache").keys.count { $0.hasSuffix(".floats") } == 2 * features)
    }
  }

  @Test("an evaluation that was added later says what it was scored with, if with something else")
  func scoredLater() throws {
    try Command.with { command in
      #expect(try command("run", Self.short).status == 0)
      try ToneCorpus(speakers: 2, seed: 2).write(to: command.folder.appending(path: "two"))
      let more = Self.short + ["corpora.two={adapter: manifest, path: two}", "train_on=[one]"]
      let run = try plainly(command)("run", more)
      #expect(run.errors.contains("0 trials to train, 2 to score on other speech"))
      let made = try listed(command)
      #expect(made.map(\.trained) == [2, 0])
      #expect(made.map(\.scored) == [nil, 2])
      #expect(made.map(\.isPlain) == [false, true])
      #expect(run.output.contains("kernels of 2 kinds"))
    }
  }
}
