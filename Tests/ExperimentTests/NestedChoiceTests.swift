import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport
@testable import ValenceTraining

@Suite("A variant for each tested corpus, chosen without it")
struct NestedChoiceTests {
  private static let sweep =
    "sweep={variants: {weak: {model.classic: {name: lda, shrinkage: 1}}, "
    + "strong: {model.classic: {name: ridge, penalty: 0.1}}, other: {model.classic: {name: ridge, penalty: 30}}}}"

  /// Three corpora; in the last one classes are swapped, so that what serves the others does not serve it.
  private func prepared(_ body: (Laboratory, String) throws -> Void) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      var swapped = ToneCorpus(speakers: 4, clips: 2, seed: 3)
      for index in swapped.rows.indices where index % 3 == 0 { swapped.rows[index].label = "mid" }
      try laboratory.write(swapped, as: "three")
      try body(laboratory, laboratory.plan(corpora: ["one", "two", "three"]))
    }
  }

  private func uar(_ cells: ResultCells, _ variant: String, _ train: String, _ test: String)
    -> Double
  {
    cells[variant, train, test]?.headline(.uar).mean ?? .nan
  }

  private func cells(_ laboratory: Laboratory) throws -> ResultCells {
    let store = laboratory.store()
    return try ResultCells(
      store, spec: store.read(ReportSpec.self, from: .reportSpec), corpora: [])
  }

  @Test("leave-one-corpus-out: by models of all corpora but two, whose rows no table has")
  func leaveOneOut() throws {
    try prepared { laboratory, text in
      let settings = [Self.sweep, "protocol.across={kind: leave_one_corpus_out, nested: true}"]
      let experiment = try laboratory.experiment(text, settings)
      #expect(
        experiment.trials.prefix(6).map(\.train) == [
          "two+three", "one+three", "one+two", "three", "two", "one",
        ])
      #expect(
        experiment.trials.prefix(6).map { $0.tests.map(\.name) } == [
          ["one"], ["two"], ["three"], ["one", "two"], ["one", "three"], ["two", "three"],
        ])
      try laboratory.run(text, settings)
      let cells = try cells(laboratory)
      #expect(cells.spec.inner == ["three", "two", "one"])
      let family = try #require(NestedChoice(cells).families.first)
      #expect(family.name == "chosen, no test speech")
      let names = cells.spec.variants
      for (held, chosen) in zip(cells.spec.test, family.chosen) {
        let rest = cells.spec.test.filter { $0 != held }
        let scores = names.map { variant in
          rest.reduce(0) { sum, test in
            sum + uar(cells, variant, rest.first { $0 != test } ?? "", test) / 2
          }
        }
        let best = scores.max() ?? .nan
        #expect(chosen == zip(names, scores).first { $0.1 >= best - 1e-9 }?.0)
      }
      let row = try #require(AcrossScores(cells)?.rows.last)
      let expected = zip(cells.spec.test, family.chosen).map { held, chosen in
        uar(
          cells, chosen ?? "",
          cells.spec.test.filter { $0 != held }.joined(separator: "+"), held)
      }
      #expect(row.scores == expected)
      #expect(row.mean == expected.reduce(0, +) / 3)
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("chosen, no test speech"))
      #expect(summary.contains("variants are chosen for each held-out corpus by models of all"))
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(Set(table.rows.map { $0[1] }) == ["two+three", "one+three", "one+two"])
    }
  }

  @Test("pairs: by the cells that the tested corpus has no part in")
  func pairs() throws {
    try prepared { laboratory, text in
      let settings = [Self.sweep, "protocol.across={kind: pairs, train: all}"]
      try laboratory.run(text, settings)
      let cells = try cells(laboratory)
      let family = try #require(NestedChoice(cells).families.first)
      for (held, chosen) in zip(cells.spec.test, family.chosen) {
        let rest = cells.spec.test.filter { $0 != held }
        func inner(_ variant: String) -> Double {
          (uar(cells, variant, rest[0], rest[1]) + uar(cells, variant, rest[1], rest[0])) / 2
        }
        let best = cells.spec.variants.map(inner).max() ?? .nan
        #expect(chosen == cells.spec.variants.first { inner($0) >= best - 1e-9 })
      }
      let row = try #require(AcrossScores(cells)?.rows.last)
      let first = try #require(family.chosen.first ?? nil)
      let mean = (uar(cells, first, "two", "one") + uar(cells, first, "three", "one")) / 2
      #expect(abs(try #require(row.scores.first ?? nil) - mean) < 1e-12)
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "UAR on corpora that are not trained on, by method"))
    }
  }

  @Test("nothing is chosen while a cell that the choice needs is missing")
  func missing() throws {
    try prepared { laboratory, text in
      let settings = [Self.sweep, "protocol.across={kind: leave_one_corpus_out, nested: true}"]
      let experiment = try laboratory.experiment(text, settings)
      _ = try laboratory.run(experiment, .init(only: { $0.number != 4 }))
      try laboratory.report()
      let family = try #require(NestedChoice(try cells(laboratory)).families.first)
      #expect(family.chosen.map { $0 == nil } == [true, true, false])
    }
  }
}
