import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Statistics that a corpus declares for itself")
struct DeclaredStatisticsTests {
  private static let declared = [
    "training.epochs=1", "features.normalization=speaker", "corpora.two.normalization=corpus",
  ]

  private func prepared(_ body: (Laboratory, String) throws -> Void) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      try body(laboratory, laboratory.plan(corpora: ["one", "two"]))
    }
  }

  @Test("a corpus is normalized by what it declares, the others by what the features say")
  func numbers() throws {
    try prepared { laboratory, text in
      let experiment = try laboratory.experiment(
        text, Self.declared + ["protocol.across=pooled"])
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let corpora = experiment.corpora
      let source = try ClipSource(
        corpora, variant: experiment.plan.variants[0], library: library, training: nil)
      func mean(_ indices: [Int]) throws -> Double {
        let values = try indices.flatMap { index in
          let matrix = try #require(try source.features(of: index)[.mel])
          return (0..<matrix.frames).map { Double(matrix.values[$0 * matrix.bins]) }
        }
        return abs(values.reduce(0, +) / Double(values.count))
      }
      let count = corpora[0].contents.count
      let clips = [Array(0..<count), Array(count..<count + corpora[1].contents.count)]
      let lone = clips.map { $0.filter { source.utterance(of: $0).speaker == "s1" } }
      #expect(try mean(lone[0]) < 1e-4)
      #expect(try mean(lone[1]) > 1e-3)
      #expect(try mean(clips[1]) < 1e-4)
    }
  }

  @Test("only what hears the corpus becomes another trial or is scored anew; every result says it")
  func identity() throws {
    try prepared { laboratory, text in
      let plain = Array(Self.declared.dropLast())
      try laboratory.run(text, plain)
      let before = try laboratory.store().records()
      let again = try laboratory.run(text, Self.declared)
      // Two folds of each corpus: those of the first are scored anew on the second.
      #expect((again.trained, again.scored, again.reused) == (2, 2, 0))
      let after = try laboratory.store().records()
      #expect(after.map(\.key).prefix(2) == before.map(\.key).prefix(2))
      let sentence =
        "two is normalized by statistics of each corpus instead, unlabeled test speech included"
      for record in after {
        #expect(
          record.warnings.contains { $0.isOfDeclaredStatistics && $0.rawValue.hasSuffix(sentence) })
        #expect(record.warnings.contains(.testStatistics(of: "speaker")))
      }
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      for row in table.rows {
        #expect(row[9].contains(sentence) == row[1...2].contains("two"))
      }
      #expect(try laboratory.text("Results/study/summary.md").contains(sentence))
      try laboratory.run(text, Self.declared, .init(results: "fresh"))
      // The trials of other statistics stay beside them.
      let fresh = try laboratory.files("fresh")
      try expectSame(
        fresh, laboratory.files("Results").filter { fresh[$0.key] != nil })
    }
  }

  @Test("a corpus that is heard alone says its own statistics and no others")
  func alone() throws {
    try prepared { laboratory, text in
      try laboratory.run(
        text, Self.declared + ["train_on=[two]", "test_on=[two]", "protocol.across=none"])
      let record = try #require(try laboratory.store().records().first)
      #expect(record.warnings == [.declaredStatistics(of: "corpus", corpus: "two")])
    }
  }

  @Test("a corpus without speakers can declare its own statistics beside those of speakers")
  func speakerless() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var corpus = ToneCorpus(seed: 2)
      for index in corpus.rows.indices { corpus.rows[index].speaker = "" }
      try laboratory.write(corpus, as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], "train_on: [one]\n")
      let said = laboratory.sentence {
        _ = try laboratory.experiment(text, Array(Self.declared.dropLast()))
      }
      #expect(said?.contains("'speaker' needs to know who speaks") == true)
      #expect(try laboratory.run(text, Self.declared).trained == 2)
    }
  }
}
