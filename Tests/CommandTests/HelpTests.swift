import Foundation
import Testing
import ValenceTestSupport

@Suite("The help of each command")
struct HelpTests {
  @Test(
    "is what is committed",
    arguments: [
      "valence", "init", "plan", "run", "report", "compare", "runs", "corpora", "features",
      "predict", "listen", "serve", "card", "bundle", "mcp", "schema", "doctor", "bench",
      "bench train",
      "bench infer",
      "bench features", "bench encode",
      "bench sweep",
    ])
  func golden(name: String) throws {
    try TemporaryFolder.with { folder in
      let command = Command(folder: folder.url)
      let words = name == "valence" ? [] : name.split(separator: " ").map(String.init)
      let outcome =
        switch words.count {
        case 0: try command("--help")
        case 1: try command(words[0], "--help")
        default: try command(words[0], words[1], "--help")
        }
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
      let file = "\(words.isEmpty ? "valence" : words.joined(separator: "-")).txt"
      if ProcessInfo.processInfo.environment["VALENCE_RECORD"] == "1" {
        let source = URL(filePath: #filePath).deletingLastPathComponent()
        try Data(outcome.output.utf8).write(to: source.appending(path: "Fixtures/help/\(file)"))
        Issue.record("\(file) was recorded; a recorded run proves nothing.")
        return
      }
      let expected = Fixture(.module).folder.appending(path: "help/\(file)")
      #expect(try outcome.output == String(contentsOf: expected, encoding: .utf8))
    }
  }

  @Test("the version is one line on standard output")
  func version() throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(folder: folder.url)("--version")
      #expect(outcome.status == 0)
      #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
      #expect(outcome.errors == "")
    }
  }
}
