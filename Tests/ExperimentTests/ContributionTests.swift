import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport
@testable import ValenceTraining

@Suite("Reports on what groups of features add")
struct ContributionTests {
  /// Log-mel, MFCC and prosody: each alone, the first two, all.
  private static let sweep = """
    sweep:
      variants:
        mel: {features.fusion: mel}
        mfcc: {features.fusion: mfcc}
        prosody: {features.fusion: prosody}
        both: {features.fusion: concat}
        all: {features.fusion: concat, features.prosody: true}

    """
  private static let settings = ["report.figures=[contributions]", "report.formats=[svg]"]

  /// The plan with ridge regression over pooled frames, which has nothing to train.
  private func classic(_ laboratory: Laboratory, _ corpora: [String] = ["one"]) throws -> String {
    try laboratory.plan(corpora: corpora, Self.sweep)
      .replacing(Regex("training:\n(  .*\n)+"), with: "")
      .replacing(Regex("model:\n(  .*\n)+"), with: "model: {classic: ridge}\n")
  }

  /// The rows of a block, by what they are of; nil where the figure has no such block.
  private func block(_ name: String, in data: String) -> [String: [Double]]? {
    guard let text = data.components(separatedBy: "# \(name): ").dropFirst().first else {
      return nil
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      .prefix { !$0.isEmpty }.reduce(into: [:]) { rows, line in
        let parts = line.components(separatedBy: "  # ")
        rows[parts.last ?? ""] = parts[0].split(separator: " ").map { Double($0) ?? .nan }
      }
  }

  private func uar(_ variant: String, _ test: String, in laboratory: Laboratory) throws -> Double {
    let rows = try Table(contentsOf: laboratory.url("Results/study/results.csv")).rows
    let values = rows.filter {
      $0[0] == variant && $0[1] == $0[2] && $0[2] == test && $0[5] == "uar" && $0[3] == "pooled"
    }.compactMap { Double($0[6]) }
    return 100 * values.reduce(0, +) / Double(values.count)
  }

  @Test("scores and differences are those of the results, intervals those of a declared comparison")
  func figure() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(speakers: 5), as: "one")
      try laboratory.write(ToneCorpus(speakers: 4, seed: 2), as: "two")
      try laboratory.run(
        classic(laboratory, ["one", "two"]),
        Self.settings + [
          "protocol.across=none", "report.compare=[[mel, both], [both, all], [mel, mfcc]]",
        ])
      let data = try laboratory.text("Plots/study/contributions.dat")
      let pairs = try Comparison([laboratory.store()]).rows
      for (number, corpus) in [(1, "one"), (2, "two")] {
        let alone = try #require(block("alone\(number)", in: data))
        #expect(alone.count == 4)
        for name in ["mel", "mfcc", "prosody", "all"] {
          let row = try #require(alone["\(corpus): \(name)"])
          #expect(try abs(row[1] - uar(name, corpus, in: laboratory)) < 1e-3)
        }
        for (name, group, more, less) in [
          ("gained", "mfcc", "both", "mel"), ("lost", "prosody", "all", "both"),
        ] {
          let rows = try #require(block("\(name)\(number)", in: data))
          #expect(rows.count == 1)
          let row = try #require(rows["\(corpus): \(group)"])
          let expected =
            try uar(more, corpus, in: laboratory) - uar(less, corpus, in: laboratory)
          #expect(abs(row[1] - expected) < 1e-3)
          let pair = try #require(
            pairs.first {
              $0.test == corpus && $0.first.variant == less && $0.second.variant == more
            })
          let ends = try [#require(pair.low), #require(pair.high)].map { 100 * $0 }
          #expect(zip(row[2...], ends).allSatisfy { abs($0 - $1) < 1e-3 })
        }
      }
      let script = try laboratory.text("Plots/study/contributions.gp")
      for part in [
        "'Added to mel'", "'Left out of all'", "one (N = 45, 5 speakers, n = 2 models a score)",
        "two (N = 36, 4 speakers, n = 2 models a score)",
      ] { #expect(script.contains(part), "\(part)") }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("## What each group of features adds"))
      #expect(summary.contains("for the 4 tests of this table"))
      #expect(summary.contains("contributions.svg"))
    }
  }

  @Test("corrected p-values are at least those of the comparison without correction")
  func corrected() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(speakers: 5), as: "one")
      try laboratory.run(classic(laboratory), Self.settings)
      let summary = try laboratory.text("Results/study/summary.md")
      let rows = summary.split(separator: "\n").filter { $0.hasPrefix("| one") }
        .map { line in line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
      let row = try #require(rows.first { $0.count == 10 && $0[1] == "mfcc" })
      let adjusted = try #require(Double(row[6].replacing("< ", with: "")))
      let pair = try #require(
        Comparison([laboratory.store()]).rows.first { $0.second.variant == "both" })
      #expect(try adjusted + 1e-3 >= #require(pair.p))
      // Nothing is said of what the plan does not have.
      #expect(row[7...].allSatisfy { $0 == "–" })
      let all = try #require(rows.first { $0.count == 10 && $0[1] == "all" })
      #expect(all[4...].allSatisfy { $0.isEmpty })
    }
  }

  @Test("networks of one seed have intervals of these networks; what is missing is a dash")
  func networks() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(speakers: 5), as: "one")
      try laboratory.run(
        laboratory.plan("study", Self.sweep),
        Self.settings + ["training.epochs=1", "model.cnn.pool=[1]"],
        .init(only: { $0.variant.name != "both" }))
      var data = try laboratory.text("Plots/study/contributions.dat")
      #expect(block("gained1", in: data) == nil && block("lost1", in: data) == nil)
      #expect(block("gained-missing1", in: data)?.count == 1)
      #expect(block("lost-missing1", in: data)?.count == 1)
      try laboratory.run(
        laboratory.plan("study", Self.sweep),
        Self.settings + ["training.epochs=1", "model.cnn.pool=[1]"])
      data = try laboratory.text("Plots/study/contributions.dat")
      #expect(block("gained1", in: data)?.count == 1)
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("p are about these networks, with other test speakers"))
      #expect(!summary.contains("Without interval and p: There is only one seed"))
    }
  }

  @Test("tested on other corpora, each training corpus has a figure of its own")
  func across() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      try laboratory.run(classic(laboratory, ["one", "two"]), Self.settings)
      for (train, other) in [("one", "two"), ("two", "one")] {
        let data = try laboratory.text("Plots/study/contributions-\(train).dat")
        #expect(data.contains("# \(train) → \(other): prosody"))
        #expect(!data.contains("# \(other) → \(train): prosody"))
      }
    }
  }

  @Test("a plan says what its variants tell; one without such variants says nothing of it")
  func plan() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let experiment = try laboratory.experiment(classic(laboratory), Self.settings)
      let runner = Runner(
        experiment, store: laboratory.store(), cache: FeatureCache(folder: laboratory.url("cache")),
        control: RunControl { _ in })
      let text = try PlanSummary(experiment, runner: runner).text
      #expect(
        text.contains(
          "What groups of features add: 5 variants of mel, mfcc and prosody; 3 alone, 1 added to mel, "
            + "1 left out of all"))
      try laboratory.run(laboratory.plan(), Self.settings + ["training.epochs=1"])
      #expect(try !laboratory.text("Results/study/outline.json").contains("contributions\" : ["))
      #expect(try !laboratory.text("Results/study/summary.md").contains("group of features"))
      #expect(
        !FileManager.default.fileExists(atPath: laboratory.url("Plots/study/contributions.gp").path)
      )
    }
  }
}
