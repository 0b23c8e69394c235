import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport

@Suite("The networks of all seeds, asked together")
struct EnsembleRowTests {
  private static let seeds = ["seeds=[3, 1, 2]", "training.epochs=1", "report.ensemble=true"]

  /// The value of a row of `results.csv`.
  private func value(
    _ results: Table, _ variant: String, fold: String, seed: String, _ metric: String = "uar"
  ) -> Double? {
    results.rows.first {
      $0[0] == variant && $0[3] == fold && $0[4] == seed && $0[5] == metric
    }.flatMap { Double($0[6]) }
  }

  /// UAR of rows of (truth, probabilities), in plain arithmetic.
  private func uar(_ rows: [(truth: Int, probabilities: [Double])]) -> Double {
    var (right, all) = ([0.0, 0, 0], [0.0, 0, 0])
    for row in rows {
      all[row.truth] += 1
      let best = row.probabilities.max() ?? 0
      if row.probabilities.firstIndex(of: best) == row.truth { right[row.truth] += 1 }
    }
    return zip(right, all).map { $0 / $1 }.reduce(0, +) / 3
  }

  @Test("rows of their own, by hand from the stored predictions")
  func byHand() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.seeds)
      let store = laboratory.store()
      var folds: [String: [String: (truth: Int, probabilities: [Double])]] = [:]
      for listing in try store.read([TrialListing].self, from: .trials) {
        let record = try #require(try store.trial(listing.key))
        for row in try store.predictions(of: record, on: "one") {
          var sum = folds[listing.name.fold]?[row.id]?.probabilities ?? [0, 0, 0]
          for index in sum.indices { sum[index] += Double(row.probabilities[index]) / 3 }
          folds[listing.name.fold, default: [:]][row.id] = (row.truth, sum)
        }
      }
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let name = "base (ensemble)"
      for (fold, rows) in folds {
        let found = try #require(value(results, name, fold: fold, seed: "1+2+3"))
        #expect(abs(found - uar(Array(rows.values))) < 1e-12)
      }
      let pooled = try #require(value(results, name, fold: "pooled", seed: "1+2+3"))
      #expect(abs(pooled - uar(folds.values.flatMap { Array($0.values) })) < 1e-12)
      // The rows of the networks are what they were.
      try laboratory.run(
        laboratory.plan(), Self.seeds.dropLast() + ["report.ensemble=false"])
      let plain = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(plain.rows == results.rows.filter { $0[0] == "base" })
      #expect(ResultCells.networks(in: results) == 6 && ResultCells.networks(in: plain) == 6)
    }
  }

  @Test("the table has its score with an interval over speakers, and says what it is")
  func table() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let sweep = "sweep: {grid: {model.rnn.hidden: [2, 4]}}\n"
      try laboratory.run(laboratory.plan("study", sweep), Self.seeds)
      let summary = try laboratory.text("Results/study/summary.md")
      let rows = summary.split(separator: "\n").filter { $0.contains("(ensemble)") }
        .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
      #expect(rows.count == 2)
      #expect(rows.map { $0[0] } == ["hidden=2 (ensemble)", "hidden=4 (ensemble)"])
      for row in rows {
        #expect(row[3] == "–" && row.contains("6") && row.contains("4 speakers"), "\(row)")
      }
      #expect(summary.contains("Ensemble: the mean of the probabilities"))
      #expect(!summary.contains("chooses **hidden=2 (ens"))
    }
  }

  @Test("without one network there is no ensemble")
  func unfinished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.seeds, .init(only: { $0.number != 2 }))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(!summary.contains("(ensemble)"))
    }
  }

  @Test("across corpora the seeds of each fold are one network")
  func across() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), Self.seeds)
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let rows = results.rows.filter {
        $0[0] == "base (ensemble)" && $0[1] == "one" && $0[2] == "two" && $0[5] == "uar"
      }
      #expect(rows.map { $0[3] } == ["1", "2"])
    }
  }
}
