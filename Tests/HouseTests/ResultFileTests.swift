import Foundation
import Testing

@Suite("The files of a results folder")
struct ResultFileTests {
  private static let names = [
    "experiment.yaml", "outline.json", "corpora.json", "trials.json", "dropped.csv",
    "provenance.json", "results.csv", "summary.md", "trial.json", "history.csv", "metrics.json",
    "model.safetensors", "timing.json", "diverged.json", "bundle.json", "card.json", "card.md",
  ]
  private static let home = "ValenceStore/ResultFile.swift"

  @Test("each name is written once, in ResultFile and TrialFile, and nowhere else as a path")
  func once() throws {
    var places: [String: [String]] = [:]
    // The folder of a published encoder is no folder of results, though a file of it has the same name.
    for (path, lines) in try House.sources(["swift"]) where !path.hasPrefix("ValenceEncoders/") {
      for line in lines {
        for name in Self.paths(in: line) { places[name, default: []].append(path) }
      }
    }
    for name in Self.names { #expect(places[name] == [Self.home], "\(name)") }
  }

  @Test("a path is a literal that ends in the name; a sentence may name a file")
  func paths() {
    #expect(Self.paths(in: #"read(from: "trials.json")"#) == ["trials.json"])
    #expect(Self.paths(in: #"[folder + "\(name)/trials.json", "metrics.json"]"#).count == 2)
    #expect(Self.paths(in: #""it is not of the plan in outline.json""#) == [])
    #expect(Self.paths(in: "/// The content of `trial.json`.") == [])
  }

  /// The names in a line's string literals that are paths: without a space, and ending in the name.
  private static func paths(in line: String) -> [String] {
    line.components(separatedBy: "//")[0].matches(of: /"([^"\s]*)"/).compactMap { match in
      names.first { match.1 == $0 || match.1.hasSuffix("/\($0)") }
    }
  }
}
