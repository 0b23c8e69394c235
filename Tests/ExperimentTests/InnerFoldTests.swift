import Testing
import ValenceCore
import ValenceCorpora
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Scores on speakers of the training side")
struct InnerFoldTests {
  private static let inner = ["protocol.scored=inner", "protocol.within={speaker_folds: 4}"]

  @Test("each speaker is scored once, by a network whose fold tests somebody else")
  func folds() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      func sides(_ overrides: [String]) throws -> [[Set<String>]] {
        let experiment = try laboratory.experiment(laboratory.plan(), overrides)
        let corpus = experiment.corpora[0]
        return corpus.folds.map { fold in
          [fold.train, fold.validation, fold.test].map { side in
            Set(side.compactMap { corpus.labeled.utterances[$0].utterance.speaker })
          }
        }
      }
      let (outer, inner) = (try sides(Array(Self.inner.dropFirst())), try sides(Self.inner))
      #expect(outer.count == 4 && inner.count == 4)
      for (index, fold) in inner.enumerated() {
        #expect(fold[2] == outer[(index + 1) % 4][2])
        let everybody = fold.reduce(Set()) { $0.union($1) }
        #expect(everybody.isDisjoint(with: outer[index][2]))
        #expect(everybody.count == 3 && fold.map(\.count) == [1, 1, 1])
      }
      #expect(Set(inner.flatMap { $0[2] }).count == 4)
    }
  }

  @Test("every result says that it is no test score")
  func remark() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.inner + ["training.epochs=1"])
      let said =
        "one: these are no test scores: each fold leaves its test side out, and scores the "
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let notes = try #require(results.column("notes"))
      #expect(results.rows.allSatisfy { $0[notes].contains(said) })
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains(said))
      #expect(summary.contains("of each the test side left out"))
      // Pooled over folds, each utterance once.
      let fold = try #require(results.column("fold"))
      let count = try #require(results.column("utterances"))
      #expect(results.rows.filter { $0[fold] == "pooled" }.allSatisfy { $0[count] == "36" })
    }
  }

  @Test("too few folds, and folds that do not lie within each other, are refused")
  func refused() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      corpus.split()
      try corpus.write(to: laboratory.url("one"))
      func complaint(_ overrides: [String]) -> String? {
        laboratory.sentence {
          _ = try laboratory.experiment(laboratory.plan(), ["protocol.scored=inner"] + overrides)
        }
      }
      #expect(
        complaint([])?.hasSuffix(
          "protocol.scored: corpus one: inner leaves one fold out and scores the next, so it needs at least "
            + "three folds, but there are 2; choose more in protocol.within.") == true)
      #expect(
        complaint(["protocol.within=official"])?.contains("but there is 1;") == true)
      var rows = ["file,fold,split"]
      for fold in 1...3 {
        for row in corpus.rows {
          let side = row.speaker == "s\(fold)" ? "test" : row.speaker == "s4" ? "train" : ""
          if !side.isEmpty { rows.append("\(row.file),\(fold),\(side)") }
        }
      }
      try laboratory.folder.write(["folds.csv": rows.joined(separator: "\n") + "\n"])
      let said = complaint(["protocol.within={csv: folds.csv}"])
      #expect(
        said?.hasSuffix(
          "protocol.scored: corpus one: inner scores the test side of fold 2 within the training side of "
            + "fold 1, but 9 utterances of it are not there; use folds that test each speaker once."
        )
          == true,
        "\(said ?? "")")
    }
  }
}
