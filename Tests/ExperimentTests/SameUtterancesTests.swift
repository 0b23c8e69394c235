import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceTraining

@Suite("A column of the generalization map scores the same utterances")
struct SameUtterancesTests {
  private static let short = ["training.epochs=1"]

  private func split(seed: UInt64) -> ToneCorpus {
    var corpus = ToneCorpus(clips: 2, seed: seed)
    corpus.split()
    return corpus
  }

  /// The files that are scored in each cell, by training set and test corpus.
  private func scored(
    _ laboratory: Laboratory, _ corpora: [String], _ overrides: [String]
  ) throws -> [String: [String]] {
    try? FileManager.default.removeItem(at: laboratory.url("Results"))
    try laboratory.run(laboratory.plan(corpora: corpora), Self.short + overrides)
    let store = laboratory.store()
    let listings = try store.read([TrialListing].self, from: .trials)
    var cells: [String: [String]] = [:]
    for listing in listings {
      let record = try #require(try store.trial(listing.key))
      for evaluation in record.evaluations {
        let files = try store.predictions(of: record, on: evaluation.corpus).map(\.segment.file)
        #expect(files.count == evaluation.utterances)
        let cell = "\(listing.name.train) → \(evaluation.corpus)"
        if evaluation.within || cells[cell] == nil {
          cells[cell, default: []] += files
        } else {
          #expect(cells[cell] == files)
        }
      }
    }
    return cells.mapValues { $0.sorted() }
  }

  private func files(_ corpus: ToneCorpus, _ isChosen: (ToneCorpus.Row) -> Bool) -> [String] {
    corpus.rows.filter(isChosen).map(\.file).sorted()
  }

  @Test("the publisher's test side, whoever trains; all of a corpus with test: whole")
  func official() throws {
    try Laboratory.with { laboratory in
      let (one, two) = (split(seed: 1), split(seed: 2))
      try laboratory.write(one, as: "one")
      try laboratory.write(two, as: "two")
      let official = ["protocol.within=official"]
      let cells = try scored(laboratory, ["one", "two"], official)
      let held = files(one) { $0.split == "test" }
      #expect(held.count == 6)
      #expect(
        cells == [
          "one → one": held, "one → two": held, "two → one": held, "two → two": held,
        ])
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let utterances = try #require(table.column("utterances"))
      #expect(Set(table.rows.map { $0[utterances] }) == ["6"])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("the test sides of all its folds are scored together"))

      let whole = try scored(
        laboratory, ["one", "two"], official + ["protocol.across={kind: pairs, test: whole}"])
      let all = files(one) { _ in true }
      #expect(
        whole == ["one → one": held, "one → two": all, "two → one": all, "two → two": held])
    }
  }

  @Test("all test sides together where there are folds, without what they leave out")
  func folds() throws {
    try Laboratory.with { laboratory in
      let (one, two) = (split(seed: 1), split(seed: 2))
      try laboratory.write(one, as: "one")
      try laboratory.write(two, as: "two")
      // Two folds that test s3 and s4; s1 and s2 are never tested.
      let rows = [("1", "s3"), ("2", "s4")].flatMap { fold, tested in
        one.rows.map { row in
          [
            row.file, fold,
            row.speaker == tested ? "test" : row.speaker == "s1" ? "validation" : "train",
          ]
        }
      }
      try Data(Table(columns: ["file", "fold", "split"], rows: rows).text.utf8)
        .write(to: laboratory.url("folds.csv"))
      let cells = try scored(laboratory, ["one", "two"], ["protocol.within={csv: folds.csv}"])
      let held = files(one) { ["s3", "s4"].contains($0.speaker) }
      #expect(
        cells == [
          "one → one": held, "one → two": held, "two → one": held, "two → two": held,
        ])
      // Folds of speakers test every utterance of either.
      let speakers = try scored(laboratory, ["one", "two"], [])
      let all = files(one) { _ in true }
      #expect(Set(speakers.values) == [all])
    }
  }

  @Test("of a corpus that is only tested on: its published test side, or all where there is none")
  func onlyTested() throws {
    try Laboratory.with { laboratory in
      let (one, two) = (split(seed: 1), split(seed: 2))
      try laboratory.write(one, as: "one")
      try laboratory.write(two, as: "two")
      try laboratory.write(ToneCorpus(speakers: 2, clips: 1, seed: 3), as: "three")
      let corpora = ["one", "two", "three"]
      let official = ["protocol.within=official", "train_on=[one]"]
      let cells = try scored(laboratory, corpora, official)
      #expect(cells["one → two"] == files(two) { $0.split == "test" })
      #expect(cells["one → three"]?.count == 6)
      let note =
        "two: nothing is trained on it, and 6 of its 24 utterances are scored: the test side of its "
        + "published split."
      #expect(try laboratory.text("Results/study/summary.md").contains("- **Note:** \(note)\n"))
      let whole = try scored(laboratory, corpora, official + ["protocol.across.test=whole"])
      #expect(whole["one → two"] == files(two) { _ in true })
      #expect(try !laboratory.text("Results/study/summary.md").contains("nothing is trained on it"))
      // Folds of our own are published by nobody.
      let own = try scored(laboratory, corpora, ["train_on=[one]"])
      #expect(own["one → two"] == files(two) { _ in true })
      // A list that names no file of the corpus says nothing of it.
      let rows = one.rows.map { [$0.file, ["s3", "s4"].contains($0.speaker) ? "2" : "1"] }
      try Data(Table(columns: ["file", "fold"], rows: rows).text.utf8)
        .write(to: laboratory.url("folds.csv"))
      var four = ToneCorpus(speakers: 2, clips: 1, seed: 4)
      for index in four.rows.indices { four.rows[index].file = "low-x-\(index).wav" }
      try laboratory.write(four, as: "four")
      let listed = try scored(
        laboratory, ["one", "two", "four"],
        ["protocol.within={csv: folds.csv}", "train_on=[one]"])
      #expect(listed["one → two"] == files(two) { _ in true })
      #expect(listed["one → four"]?.count == 6)
    }
  }

  @Test("pooled networks score other corpora likewise; the corpus that is left out is scored whole")
  func united() throws {
    try Laboratory.with { laboratory in
      let corpora = [split(seed: 1), split(seed: 2), split(seed: 3)]
      for (name, corpus) in zip(["one", "two", "three"], corpora) {
        try laboratory.write(corpus, as: name)
      }
      let names = ["one", "two", "three"]
      let pooled = try scored(
        laboratory, names,
        ["protocol.within=official", "protocol.across=pooled", "train_on=[one, two]"])
      #expect(Set(pooled.values.map(\.count)) == [6])
      let left = try scored(
        laboratory, names, ["protocol.within=official", "protocol.across=leave_one_corpus_out"])
      #expect(left.count == 3)
      #expect(Set(left.values.map(\.count)) == [24])
    }
  }

  @Test("what is tested is no part of a trial: another choice scores the same networks anew")
  func rescored() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(split(seed: 1), as: "one")
      try laboratory.write(split(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = Self.short + ["protocol.within=official"]
      try laboratory.run(text, settings)
      let whole = settings + ["protocol.across.test=whole"]
      let summary = try laboratory.run(text, whole)
      #expect((summary.trained, summary.scored, summary.reused) == (0, 2, 0))
      try laboratory.run(text, whole, .init(results: "fresh"))
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
    }
  }

  @Test("classes are looked for on the side that is scored")
  func classes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(split(seed: 1), as: "one")
      var two = split(seed: 2)
      for index in two.rows.indices where two.rows[index].split == "test" {
        if two.rows[index].label == "low" { two.rows[index].label = "mid" }
      }
      try laboratory.write(two, as: "two")
      let settings = ["protocol.within=official", "train_on=[one]"]
      let text = laboratory.plan(corpora: ["one", "two"])
      let sentence = laboratory.sentence { _ = try laboratory.experiment(text, settings) }
      #expect(
        sentence?.contains("corpus two: no utterance of its test side is low") == true,
        "\(sentence ?? "")")
      _ = try laboratory.experiment(text, settings + ["protocol.across.test=whole"])
    }
  }
}
