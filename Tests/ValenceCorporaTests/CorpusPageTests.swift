import Foundation
import Testing

@testable import ValenceCorpora

@Suite("The page of corpora")
struct CorpusPageTests {
  @Test("has a row for each adapter, under the word that chooses it")
  func rows() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/ValenceCLI/Valence.docc/Corpora.md").standardizedFileURL
    let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `") }.map { $0.prefix { $0 != "(" } }
    for word in CorpusOptions.Adapter.words {
      #expect(rows.contains { $0.contains("`\(word)`") }, "Corpora.md has no row for \(word)")
    }
    #expect(Set(CorpusOptions.Adapter.words).count == CorpusOptions.Adapter.words.count)
  }
}
