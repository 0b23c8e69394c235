import Foundation
import Testing
import ValenceCore
import ValenceFigures
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData

@Suite("Which variant a report puts first")
struct VariantChoiceTests {
  private static let sweep = "sweep: {one_at_a_time: {model.rnn.hidden: [2, 8]}}\n"
  private static let figures = ["report.figures=[ablation]", "report.formats=[svg]"]
  private static let settings = ["training.epochs=1"] + figures

  /// What validation is made to have said of a variant's networks.
  private struct Said {
    var uar: Double
    var clips = "the same"
  }

  /// Keeps every trial again with another validation score and other clips behind it.
  private func say(_ said: [String: Said], in laboratory: Laboratory) throws {
    let store = laboratory.store()
    for listing in try store.read([TrialListing].self, from: .trials) {
      guard let said = said[listing.name.variant], var record = try store.trial(listing.key) else {
        continue
      }
      record.training.validation.digest =
        said.clips.isEmpty ? "" : "\(said.clips) \(listing.name.fold)"
      var history = try store.history(of: record)
      for index in history.indices { history[index].validationUAR = said.uar }
      let predictions = try Dictionary(
        uniqueKeysWithValues: record.evaluations.map {
          ($0.corpus, try store.predictions(of: record, on: $0.corpus))
        })
      try store.commit(
        .init(
          record: record, history: history, model: store.model(of: record),
          predictions: predictions,
          metrics: Data(
            contentsOf: store.trialFolder(listing.key).appending(path: "metrics.json"))))
    }
  }

  /// Runs a sweep of three variants, lets validation have said what it is told, and reports.
  private func report(
    _ said: [String: Said], _ body: (_ summary: String, Laboratory) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan("study", Self.sweep), Self.settings)
      try say(said, in: laboratory)
      try laboratory.report()
      try body(laboratory.text("Results/study/summary.md"), laboratory)
    }
  }

  /// The first paragraph after the title.
  private func lead(_ summary: String) -> String {
    String(summary.components(separatedBy: "\n\n")[1])
  }

  /// A variant's row of the result table.
  private func row(_ variant: String, in summary: String) throws -> [String] {
    let line = try #require(
      summary.split(separator: "\n").first { $0.hasPrefix("| \(variant) ") })
    return line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test(
    "each variant in turn: the one that is best on validation, with its test score and interval",
    arguments: ["base", "hidden=2", "hidden=8"])
  func chosen(best: String) throws {
    let all = ["base", "hidden=2", "hidden=8"]
    let said = all.map { ($0, Said(uar: $0 == best ? 0.7125 : 0.6)) }
    try report(Dictionary(uniqueKeysWithValues: said)) { summary, laboratory in
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let uar = try #require(
        results.rows.first { $0[0] == best && $0[3] == "pooled" && $0[5] == "uar" }
          .flatMap { Double($0[6]) })
      let shown = NumberText.percent(uar)
      #expect(
        lead(summary).hasPrefix(
          "Validation chooses **\(best)** of 3 variants (validation UAR 71.3 %). Its test UAR in %: "
            + "one \(shown) ("), "\(lead(summary))")
      #expect(lead(summary).contains("4 speakers"))
      for variant in all {
        #expect(try row(variant, in: summary)[3] == (variant == best ? "71.3 ✓" : "60.0"))
        #expect(try row(variant, in: summary)[4] != "–")
      }
      let data = try laboratory.text("Plots/study/ablation.dat")
      #expect(data.contains("# chosen1: "))
      let marked = try #require(data.components(separatedBy: "# chosen1: ").last)
      #expect(marked.split(separator: "\n")[1].hasSuffix("# one: \(best)"))
    }
  }

  @Test("of equals the first in the plan's order is chosen, and the others are named")
  func ties() throws {
    let said = ["base": Said(uar: 0.5), "hidden=2": Said(uar: 0.6), "hidden=8": Said(uar: 0.6)]
    try report(said) { summary, _ in
      #expect(
        lead(summary).hasPrefix(
          "Validation chooses **hidden=2** of 3 variants (validation UAR 60.0 %; tied, but later in "
            + "the plan: hidden=8)."), "\(lead(summary))")
    }
  }

  @Test("a variant that was validated on other clips, or on none, has a dash and is never chosen")
  func otherClips() throws {
    let said = [
      "base": Said(uar: 0.5), "hidden=2": Said(uar: 0.6),
      "hidden=8": Said(uar: 0.9, clips: "other"),
    ]
    try report(said) { summary, _ in
      #expect(lead(summary).hasPrefix("Validation chooses **hidden=2** of 2 variants "))
      #expect(
        lead(summary).hasSuffix("Validated on other clips, so not compared: hidden=8."),
        "\(lead(summary))")
      let cells = try row("hidden=8", in: summary)
      #expect(cells[3] == "–")
    }
    let none = said.merging(["hidden=8": Said(uar: 0.9, clips: "")]) { $1 }
    try report(none) { summary, _ in
      #expect(lead(summary).hasPrefix("Validation chooses **hidden=2** of 2 variants "))
      #expect(lead(summary).hasSuffix("Without a validation score: hidden=8."))
      let cells = try row("hidden=8", in: summary)
      #expect(cells[3] == "–")
    }
  }

  @Test("a sweep that changes validation marks none and says why")
  func changedValidation() throws {
    let said = [
      "base": Said(uar: 0.5, clips: "a"), "hidden=2": Said(uar: 0.6, clips: "b"),
      "hidden=8": Said(uar: 0.9, clips: "c"),
    ]
    try report(said) { summary, laboratory in
      #expect(
        lead(summary)
          == "Validation chooses no variant. The sweep changes the validation clips (its variants leave "
          + "out different ones), so their validation scores cannot be compared.")
      #expect(!summary.contains("✓:") || !summary.contains(" ✓ "))
      for variant in said.keys {
        let cells = try row(variant, in: summary)
        #expect(cells[3] == "–")
      }
      let data = try laboratory.text("Plots/study/ablation.dat")
      #expect(!data.contains("chosen"))
    }
  }

  @Test("a variant that lacks a trial is not compared, however good its others are")
  func unfinished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan("study", Self.sweep), Self.settings,
        .init(only: { $0.variant.name != "hidden=8" || $0.fold.name == "1" }))
      try say(
        ["base": Said(uar: 0.6), "hidden=2": Said(uar: 0.5), "hidden=8": Said(uar: 1)],
        in: laboratory)
      try laboratory.report()
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(lead(summary).hasPrefix("Validation chooses **base** of 2 variants "))
      #expect(
        lead(summary).hasSuffix("Trials are missing, so not compared: hidden=8 (1 of 2)."))
      let cells = try row("hidden=8", in: summary)
      #expect(cells[3] == "–")
    }
  }

  @Test("the score is that of the epoch whose weights were kept, averaged over folds and seeds")
  func keptEpoch() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan("study", Self.sweep),
        Self.figures + ["training.epochs=6", "seeds=[1, 2]"])
      let store = laboratory.store()
      var scores: [String: [Double]] = [:]
      for listing in try store.read([TrialListing].self, from: .trials) {
        let record = try #require(try store.trial(listing.key))
        let history = try store.history(of: record)
        scores[listing.name.variant, default: []].append(
          try #require(history[record.training.bestEpoch - 1].validationUAR))
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(scores.count == 3)
      for (variant, values) in scores {
        #expect(values.count == 4)
        let mean = NumberText.percent(values.reduce(0, +) / Double(values.count))
        #expect(try row(variant, in: summary)[3].prefix { $0 != " " } == mean)
      }
    }
  }

  @Test("an experiment of one variant has nothing to choose")
  func single() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.settings)
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(!summary.contains("alidation chooses"))
      #expect(!summary.contains("validation UAR"))
    }
  }
}
