import Foundation
import Testing
import ValenceTestSupport

@Suite("The benches as commands")
struct BenchCommandTests {
  private static let tiny = [
    "--size", "small", "--batch", "1", "--threads", "1", "--repeats", "1", "features.window_ms=200",
    "features.hop_ms=100",
  ]

  @Test("a result is a few lines, or one line of JSON with the keys of the PyTorch reference")
  func output() throws {
    try TemporaryFolder.with { folder in
      let valence = Command(folder: folder.url)
      let text = try valence("bench", ["infer"] + Self.tiny)
      #expect((text.status, text.errors) == (0, ""))
      let lines = text.output.split(separator: "\n").map(String.init)
      #expect(
        lines.first
          == "infer: small network, 1 clip, 1 thread; features.window_ms=200; features.hop_ms=100")
      #expect(
        lines.dropFirst().map { $0.split(separator: " ").first.map(String.init) }
          == ["time", "speed", "memory", "check", "work", "machine"])
      let json = try valence("bench", ["train", "--json"] + Self.tiny)
      #expect((json.status, json.errors) == (0, ""))
      #expect(json.output.split(separator: "\n").count == 1)
      let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let result = try #require(value as? [String: Any])
      #expect(result["what"] as? String == "train")
      #expect(result["size"] as? String == "small")
      #expect((result["batch"] as? Int, result["threads"] as? Int) == (1, 1))
      for key in ["median_ms", "min_ms", "clips_per_s", "peak_mib"] {
        #expect(try #require(result[key] as? Double) > 0, "\(key)")
      }
      let prosody = ["features", "--prosody", "--batch", "1", "--threads", "1", "--repeats", "1"]
      let features = try valence("bench", prosody)
      #expect(
        features.output.hasPrefix("features: 1 clip, 1 thread; features.prosody=true\n  time     "))
      #expect(features.output.contains(" times real time\n"))
    }
  }

  @Test("wrong arguments end with 2 and a sentence, and nothing is timed")
  func wrong() throws {
    try TemporaryFolder.with { folder in
      let valence = Command(folder: folder.url)
      func expect(_ sentence: String, _ arguments: String...) throws {
        let outcome = try valence("bench", arguments)
        #expect((outcome.status, outcome.output) == (2, ""))
        #expect(outcome.errorLines.first == sentence)
      }
      try expect("Error: --batch 0: give a whole number from 1.", "train", "--batch", "0")
      try expect("Error: --threads 0: give a whole number from 1.", "infer", "--threads", "0")
      try expect("Error: --repeats -1: give a whole number from 1.", "features", "--repeats=-1")
      try expect("Error: --jobs 0: give a whole number from 1.", "sweep", "plan.yaml", "--jobs=0")
      try expect(
        "Error: The value 'smal' is invalid for '--size <size>': --size smal: no such network; did "
          + "you mean small?", "infer", "--size", "smal")
      try expect(
        "command line: features.prosody: this key is given twice.", "features", "--prosody",
        "features.prosody=false")
      try expect(
        "command line: 'gru' is not of the form key=value, as in seeds=[1].", "train", "gru")
      try expect(
        "plan.yaml: this file cannot be read; is the path right?", "sweep", "plan.yaml")
    }
  }

  @Test("a sweep says its times on standard output and its progress on standard error")
  func sweep() throws {
    try Command.with { valence in
      let sweep = try valence(
        "bench", ["sweep", "plan.yaml", "training.epochs=1", "--jobs", "1", "--json"])
      #expect(sweep.status == 0, "\(sweep.errors)")
      let value = try JSONSerialization.jsonObject(with: Data(sweep.output.utf8))
      let times = try #require(value as? [String: Any])
      #expect((times["name"] as? String, times["trials"] as? Int) == ("study", 2))
      #expect(sweep.errorLines.contains("2 trials to train, 0 finished before"))
      let left = try FileManager.default.contentsOfDirectory(atPath: valence.folder.path)
      #expect(!left.contains("Results") && !left.contains("Plots") && !left.contains("cache"))
    }
  }
}
