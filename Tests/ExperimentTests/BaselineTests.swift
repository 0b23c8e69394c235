import Foundation
import Testing
import ValenceCore
import ValenceFigures
import ValenceReport
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Baselines beside the variants")
struct BaselineTests {
  private static let sweep = "sweep: {variants: {small: {model.rnn.hidden: 2}, large: {}}}\n"
  private static let settings = [
    "training.epochs=1", "seeds=[1, 2]", "report.figures=[ablation, confusion, learning_curves]",
    "report.formats=[svg]",
  ]

  private func plan(_ laboratory: Laboratory, _ baselines: String) -> String {
    laboratory.plan("study", "\(Self.sweep)baselines: \(baselines)\n")
  }

  @Test("are trained after the variants, once a fold, and stand beneath them in every table")
  func beneath() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let experiment = try laboratory.experiment(
        plan(laboratory, "[majority, svm]"), Self.settings)
      #expect(experiment.trials.count == 12)
      #expect(experiment.trials.map { experiment.isOfBaseline($0) }.firstIndex(of: true) == 8)
      let runner = Runner(
        experiment, store: laboratory.store(), cache: .init(folder: laboratory.url("cache")),
        control: .init { _ in })
      let before = try PlanSummary(experiment, runner: runner)
      #expect((before.trials.count, before.missing) == (8, 8))
      #expect((before.baselines.count, before.missingBaselines) == (4, 4))
      #expect(before.text.contains("8 trials, 8 to train\n"))
      #expect(before.text.contains("Baselines: 4 trials, 4 to train\n"))
      #expect(try laboratory.run(experiment).trained == 12)
      try laboratory.report()
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      var names: [String] = []
      for row in results.rows where names.last != row[0] { names.append(row[0]) }
      #expect(names == ["small", "large", "baseline majority", "baseline svm"])
      let summary = try laboratory.text("Results/study/summary.md")
      let lines = summary.split(separator: "\n").filter { $0.hasPrefix("| baseline") }
      // Those of the first table.
      let validation = lines.prefix(2).map { line in
        line.split(separator: "|")[3].trimmingCharacters(in: .whitespaces)
      }
      #expect(validation == ["–", "–"], "never validated: \(lines)")
      #expect(summary.contains("Baselines: classic models of functionals"))
      let data = try laboratory.text("Plots/study/ablation.dat")
      #expect(data.contains("# one: baseline svm"))
      let drawn = try FileManager.default.contentsOfDirectory(
        atPath: laboratory.url("Plots/study").path)
      #expect(
        !drawn.contains { $0.contains("baseline") }, "no matrix or curve of their own: \(drawn)")
      let comparison = try Comparison([laboratory.store()])
      #expect(
        comparison.rows.map { [$0.first.variant, $0.second.variant] } == [["small", "large"]])
    }
  }

  @Test("a network that does not beat the best of them is told so in the first lines")
  func verdict() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(plan(laboratory, "[majority, svm]"), Self.settings)
      let summary = try laboratory.text("Results/study/summary.md")
      let first = summary.components(separatedBy: "\n\n")[1]
      #expect(
        first.contains(" does not beat the best baseline: one −")
          && first.contains(" points UAR against baseline svm (95 % interval −"), "\(first)")
    }
  }

  @Test("a network is held against the baseline with its normalization")
  func byNormalization() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan(
        "study",
        "sweep: {grid: {features.normalization: [train, speaker]}}\nbaselines: [majority, svm]\n")
      try laboratory.run(text, Self.settings)
      let outline = try laboratory.store().read(ReportSpec.self, from: .reportSpec)
      #expect(
        outline.baselines == [
          "baseline majority", "baseline svm normalization=train",
          "baseline svm normalization=speaker",
        ])
      #expect(
        outline.normalizations?["normalization=speaker"] == "speaker"
          && outline.normalizations?["baseline majority"] == nil)
      let summary = try laboratory.text("Results/study/summary.md")
      let first = summary.components(separatedBy: "\n\n")[1]
      let chosen = first.hasPrefix("normalization=train") ? "train" : "speaker"
      #expect(
        first.hasPrefix("normalization=\(chosen) ")
          && first.contains("against baseline svm normalization=\(chosen) ("), "\(first)")
      #expect(summary.contains("| models |") && summary.contains("the model's training clips"))
    }
  }

  @Test("of a single seed the interval is that of the trained networks")
  func oneSeed() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        plan(laboratory, "[svm]"), ["training.epochs=1", "report.figures=[]"])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains(", of this one seed)"), "\(summary.prefix(400))")
    }
  }

  @Test("report.compare may ask for them")
  func asked() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        plan(laboratory, "[svm]"), Self.settings + ["report.compare=[[baseline svm, small]]"])
      let comparison = try Comparison([laboratory.store()])
      #expect(comparison.rows.map(\.second.variant) == ["small"])
      #expect(comparison.rows.allSatisfy { $0.p != nil })
      #expect(
        try laboratory.text("Results/study/summary.md").contains("## Comparisons of variants"))
    }
  }

  @Test(
    "results from before there were baselines are reported as they were, and lack nothing but these"
  )
  func before() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(plan(laboratory, "none"), Self.settings)
      let (results, plots) = (try laboratory.files("Results"), try laboratory.files("Plots"))
      let experiment = try laboratory.experiment(
        plan(laboratory, "[majority, svm]"), Self.settings)
      let runner = Runner(
        experiment, store: laboratory.store(), cache: .init(folder: laboratory.url("cache")),
        control: .init { _ in })
      let summary = try PlanSummary(experiment, runner: runner)
      #expect((summary.missing, summary.missingBaselines) == (0, 4))
      try laboratory.report()
      expectSame(try laboratory.files("Results"), results)
      expectSame(try laboratory.files("Plots"), plots)
      let run = try laboratory.run(experiment)
      #expect((run.trained, run.reused) == (4, 8))
    }
  }

  @Test("what is not finished of them is said, and takes no part")
  func unfinished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        plan(laboratory, "[majority, svm]"), Self.settings, .init(only: { $0.number <= 9 }))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(!summary.contains("best baseline"))
      #expect(summary.contains("- baseline svm, one fold 1, seed 0: has not run yet"))
    }
  }
}
