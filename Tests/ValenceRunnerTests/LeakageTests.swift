import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceRunner

@Suite("Nothing of the test speech reaches training")
struct LeakageTests {
  /// The network and history of the only trial of a run under a published split.
  private func trained(
    _ laboratory: Laboratory, _ corpus: ToneCorpus, in results: String, _ overrides: [String] = []
  ) throws -> [Data] {
    try laboratory.write(corpus, as: "one")
    try laboratory.run(
      laboratory.plan(),
      ["protocol.within={csv: one/manifest.csv}", "training.epochs=3"] + overrides,
      .init(results: results))
    let store = laboratory.store("study", in: results)
    let record = try #require(try store.records().first)
    return try ["model.safetensors", "history.csv"].map {
      try Data(contentsOf: store.trialFolder(record.key).appending(path: $0))
    }
  }

  private func corpus() -> ToneCorpus {
    var corpus = ToneCorpus()
    corpus.split()
    return corpus
  }

  @Test("test labels have no influence on the network")
  func labels() throws {
    try Laboratory.with { laboratory in
      var corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before")
      for index in corpus.rows.indices where corpus.rows[index].split == "test" {
        let label = corpus.rows[index].label
        corpus.rows[index].label = label == "low" ? "mid" : label == "mid" ? "high" : "low"
      }
      let after = try trained(laboratory, corpus, in: "after")
      #expect(before == after)
      // The comparison can fail: training labels do have an influence.
      let first = try #require(corpus.rows.firstIndex { $0.split == "train" })
      corpus.rows[first].label = "high"
      #expect(try trained(laboratory, corpus, in: "other") != before)
    }
  }

  @Test("normalization by train looks at the training utterances alone")
  func normalization() throws {
    try Laboratory.with { laboratory in
      let corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before")
      let withCorpus = try trained(
        laboratory, corpus, in: "before-corpus", ["features.normalization=corpus"])
      var random = RandomStream(seed: 9, "noise")
      for row in corpus.rows where row.split == "test" {
        let noise = (0..<4000).map { _ in Float(0.1 * random.normal()) }
        try ToneCorpus.wav(noise).write(to: laboratory.url("one/\(row.file)"))
      }
      #expect(try trained(laboratory, corpus, in: "after") == before)
      // By definition the statistics of the corpus do follow its test speech.
      let after = try trained(
        laboratory, corpus, in: "after-corpus", ["features.normalization=corpus"])
      #expect(after != withCorpus)

      let row = try #require(corpus.rows.first { $0.split == "train" })
      let noise = (0..<4000).map { _ in Float(0.1 * random.normal()) }
      try ToneCorpus.wav(noise).write(to: laboratory.url("one/\(row.file)"))
      #expect(try trained(laboratory, corpus, in: "other") != before)
    }
  }
}
