import Foundation
import Testing
import ValenceCore
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData

@Suite("Reports on one setting at a time")
struct FactorEffectTests {
  private static let sweep =
    "sweep: {one_at_a_time: {features.mel.bands: [8], model.rnn.hidden: [2, 8]}}\n"

  private func block(_ name: String, in data: String) throws -> [[Double]] {
    let text = try #require(data.components(separatedBy: "# \(name): ").dropFirst().first)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      .prefix { !$0.isEmpty }.map { line in
        line.prefix { $0 != "#" }.split(separator: " ").compactMap { Double($0) }
      }
  }

  @Test("differences from the base are those of the table, and stand in figure and summary")
  func figure() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 3, seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], Self.sweep)
      try laboratory.run(
        text,
        [
          "training.epochs=2", "seeds=[1, 2]", "train_on=[one]", "report.figures=[ablation]",
          "report.formats=[svg]",
        ])
      let rows = try Table(contentsOf: laboratory.url("Results/study/results.csv")).rows
      func uar(_ variant: String, _ test: String) -> Double {
        let values = rows.filter {
          $0[0] == variant && $0[2] == test && $0[5] == "uar"
            && ($0[3] == "pooled") == (test == "one")
        }.compactMap { Double($0[6]) }
        return values.reduce(0, +) / Double(values.count)
      }
      let data = try laboratory.text("Plots/study/factors.dat")
      for (number, test) in [(1, "one"), (2, "two")] {
        let effects = try block("effects\(number)", in: data)
        #expect(effects.count == 3)
        for (row, variant) in zip(effects, ["bands=8", "hidden=2", "hidden=8"]) {
          #expect(abs(row[1] - 100 * (uar(variant, test) - uar("base", test))) < 1e-3)
          #expect(row[2] <= row[1] && row[1] <= row[3])
          #expect(row[4] == 2, "a difference for each seed")
        }
      }
      let script = try laboratory.text("Plots/study/factors.gp")
      #expect(script.contains("one → two (base "))
      #expect(script.contains("base: 12") && script.contains("base: 4"))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("## Effects of single settings"))
      #expect(summary.contains("| hidden  | 4    | 8       | one → two    |"))
      #expect(try laboratory.files("Plots").keys.contains("study/ablation.svg"))
    }
  }

  @Test("without its base, or with other networks than the base's, a variant has no difference")
  func unfinished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan("study", Self.sweep)
      let settings = ["training.epochs=1", "report.figures=[ablation]", "report.formats=[svg]"]
      try laboratory.run(text, settings, .init(only: { $0.variant.name != "base" }))
      #expect(try !laboratory.files("Plots").keys.contains("study/factors.svg"))
      try laboratory.run(
        text, settings, .init(only: { $0.variant.name == "base" && $0.fold.name == "1" }))
      let data = try laboratory.text("Plots/study/factors.dat")
      #expect(try block("missing1", in: data).count == 3)
      try laboratory.run(text, settings)
      #expect(try block("effects1", in: laboratory.text("Plots/study/factors.dat")).count == 3)
    }
  }
}
