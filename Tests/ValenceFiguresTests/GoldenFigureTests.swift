import Foundation
import Testing
import ValenceFigures
import ValenceTestSupport

@Suite("Figures as script and data")
struct GoldenFigureTests {
  @Test(
    "each kind of figure makes the script and data on record",
    arguments: SampleFigures.all.map(\.name))
  func golden(name: String) throws {
    let figure = try SampleFigures.named(name)
    let texts = [
      "\(figure.name).gp": figure.script(formats: FigureOptions.Format.allCases),
      "\(figure.name).dat": figure.data,
    ]
    for (name, text) in texts {
      if ProcessInfo.processInfo.environment["VALENCE_RECORD"] == "1" {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        try Data(text.utf8).write(to: folder.appending(path: "Fixtures/golden/\(name)"))
        Issue.record("recorded \(name): look at it, then run again without VALENCE_RECORD")
        continue
      }
      let url = Fixture(.module).folder.appending(path: "golden/\(name)")
      let expected = try String(contentsOf: url, encoding: .utf8)
      let difference = zip(lines(text), lines(expected)).enumerated().first { $1.0 != $1.1 }
      let place = difference.map { "line \($0 + 1): \($1.0)\nexpected: \($1.1)" } ?? "the length"
      #expect(text == expected, "\(name) differs in \(place)")
    }
  }

  @Test("the same input makes the same figure")
  func deterministic() {
    let texts = { SampleFigures.all.map { $0.script(formats: [.svg]) + $0.data } }
    #expect(texts() == texts())
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
