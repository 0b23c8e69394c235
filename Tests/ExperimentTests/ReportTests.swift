import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport

@Suite("What tables and figures say")
struct ReportTests {
  private static let short = ["training.epochs=1", "report.formats=[svg]"]

  /// The sentences of every script of an experiment, in one line each.
  private func captions(_ laboratory: Laboratory) throws -> [String: String] {
    try laboratory.files("Plots/study").filter { $0.key.hasSuffix(".gp") }.mapValues { script in
      String(decoding: script, as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix("set label '") }
        .compactMap { $0.dropFirst(11).components(separatedBy: "' at screen").first }
        .joined(separator: " ")
    }
  }

  @Test("of a split whose speakers nobody knows, nothing speaks of test speakers")
  func unknownSpeakers() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 4)
      corpus.split()
      for index in corpus.rows.indices { corpus.rows[index].speaker = "" }
      try laboratory.write(corpus, as: "one")
      try laboratory.write(ToneCorpus(speakers: 4, seed: 2), as: "two")
      try laboratory.run(
        laboratory.plan(
          corpora: ["one", "two"], "sweep: {grid: {model.rnn.hidden: [2, 4]}}\n"),
        Self.short + [
          "protocol.within=official", "train_on=[one]", "test_on=[one]",
          "report.figures=[confusion, generalization, ablation]",
        ])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("9 utterances"))
      #expect(!summary.contains("held out"))
      let all = try captions(laboratory)
      #expect(all.count == 3)
      for text in [summary] + all.values {
        #expect(!text.contains("over test speakers"))
        #expect(!text.contains("over 9 speakers"))
      }
      #expect(summary.contains("over 9 utterances") || summary.contains("over test utterances"))
    }
  }

  @Test("trials that are no trials of the plan are told, not left out without a word")
  func otherPlan() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan("study", "sweep: {variants: {a: {}, b: {model.rnn.hidden: 3}}}\n"),
        Self.short)
      let store = laboratory.store()
      let listings = try store.read([TrialListing].self, from: .trials)
      let summary = try laboratory.text("Results/study/summary.md")
      func said(_ change: (inout [TrialListing]) -> Void) throws -> String? {
        var changed = listings
        change(&changed)
        try store.write(json: changed, to: .trials)
        let said = laboratory.sentence { try laboratory.report() }
        #expect(try laboratory.text("Results/study/summary.md") == summary)
        return said
      }
      func sentence(_ reason: String) -> String {
        "Results/study/trials.json: this file is damaged (\(reason)); run the experiment again to make it "
          + "anew."
      }
      #expect(try said { _ in } == nil)
      let first = "a of one, fold 1, seed 1"
      for change: @Sendable (inout TrialListing) -> Void in [
        { $0.name.variant = "c" }, { $0.name.train = "two" }, { $0.name.seed = 9 },
        { $0.tests[0].corpus = "two" },
      ] {
        var other = listings[0]
        change(&other)
        #expect(
          try said { $0[0] = other }
            == sentence(
              "it lists \(other.name.variant) of \(other.name.train), fold 1, seed \(other.name.seed), "
                + "which is not of the plan in outline.json"))
      }
      #expect(
        try said { $0[0].tests = [] } == sentence("it does not say what \(first) is tested on"))
      #expect(try said { $0.append($0[0]) } == sentence("it lists \(first) twice"))
    }
  }

  @Test(
    "a word of outline.json that is not known is an error, and nothing else is taken for it",
    arguments: [
      (#""headline" : "uar""#, #""headline" : "wa""#, "headline"),
      (#""column" : "single""#, #""column" : "triple""#, "column"),
    ])
  func unknownWord(old: String, new: String, key: String) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(clips: 2), as: "one")
      try laboratory.run(laboratory.plan(), ["training.epochs=1", "report.figures=[]"])
      let file = laboratory.url("Results/study/outline.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(old))
      try Data(text.replacing(old, with: new).utf8).write(to: file)
      let error = #expect(throws: StoreError.self) {
        try ReportBuilder(laboratory.store(), plots: laboratory.url("Plots")).report()
      }
      #expect(
        error.map { "\($0)" }?.contains("\(key) has a value that is not known here") == true)
    }
  }

  @Test("of a trial that is not finished the summary says what became of it")
  func notFinished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short + ["seeds=[1, 2]"])
      let records = try laboratory.store().records()
      func folder(_ index: Int) -> URL { laboratory.store().trialFolder(records[index].key) }
      try FileManager.default.removeItem(at: folder(0).appending(path: "history.csv"))
      try FileManager.default.removeItem(at: folder(1))
      try laboratory.report()
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains(
          "- base, one fold 1, seed 1: its record or predictions are damaged or gone\n"))
      #expect(summary.contains("- base, one fold 2, seed 1: has not run yet\n"))
    }
  }

  /// Keeps a variant's trials again with other answers.
  private func answer(
    _ variant: String, in laboratory: Laboratory, _ answer: (Prediction, Int) -> Int
  ) throws {
    let store = laboratory.store()
    for listing in try store.read([TrialListing].self, from: .trials)
    where listing.name.variant == variant {
      let record = try #require(try store.trial(listing.key))
      var predictions: [String: [Prediction]] = [:]
      for evaluation in record.evaluations {
        let old = try store.predictions(of: record, on: evaluation.corpus)
        predictions[evaluation.corpus] = old.enumerated().map { index, item in
          var probabilities: [Float] = [0, 0, 0]
          probabilities[answer(item, index)] = 1
          return Prediction(
            segment: item.segment, speaker: item.speaker, truth: item.truth,
            probabilities: probabilities)
        }
      }
      try store.commit(
        .init(
          record: record, history: store.history(of: record), model: store.model(of: record),
          predictions: predictions, metrics: Data("{}".utf8)))
    }
  }

  @Test("a figure calls approximate what the table calls so, and no other variant's interval")
  func approximate() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan("study", "sweep: {variants: {a: {}, b: {model.rnn.hidden: 3}}}\n"),
        Self.short + ["report.figures=[ablation]"])
      // Who always says the same has no speaker that differs from another.
      try answer("a", in: laboratory) { _, _ in 0 }
      try answer("b", in: laboratory) { item, index in
        (index + (item.speaker == "s1" ? index / 4 : 0)).isMultiple(of: 2)
          ? item.truth : (item.truth + 1) % 3
      }
      try laboratory.report()
      let rows = try laboratory.text("Results/study/summary.md").split(separator: "\n")
        .filter { $0.hasPrefix("| a ") || $0.hasPrefix("| b ") }.prefix(2)
      #expect(rows.map { $0.contains("≈") } == [true, false], "\(rows)")
      let caption = try #require(try captions(laboratory)["ablation.gp"])
      #expect(caption.contains("Approximate (one of a): "), "\(caption)")
      try answer("b", in: laboratory) { _, _ in 1 }
      try laboratory.report()
      #expect(try captions(laboratory)["ablation.gp"]?.contains("Approximate: ") == true)
    }
  }

  @Test("links lead from the summary to where the figures lie")
  func links() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short + ["report.figures=[corpora]"])
      let link = "- [corpora](../../Plots/study/corpora.svg)\n"
      #expect(try laboratory.text("Results/study/summary.md").hasSuffix(link))
      for (plots, way) in [("deep/er", "../../deep/er"), ("a (b)", "../../a%20%28b%29")] {
        _ = try ReportBuilder(laboratory.store(), plots: laboratory.url(plots)).report()
        #expect(
          try laboratory.text("Results/study/summary.md")
            .hasSuffix("- [corpora](\(way)/study/corpora.svg)\n"))
      }
      // A copy under another name has figures of its own.
      try FileManager.default.copyItem(
        at: laboratory.url("Results/study"), to: laboratory.url("Results/copy"))
      try laboratory.report("copy")
      #expect(
        try laboratory.text("Results/copy/summary.md")
          .hasSuffix("- [corpora](../../Plots/copy/corpora.svg)\n"))
    }
  }

  private static let sweep = "sweep: {one_at_a_time: {model.rnn.hidden: [2]}}\n"

  @Test("known speakers are said to be held out with their number, shared ones with theirs")
  func heldOut() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var shared = ToneCorpus(speakers: 4, seed: 2)
      for index in shared.rows.indices { shared.rows[index].split = "train" }
      for index in shared.rows.indices {
        let row = shared.rows[index]
        if row.speaker == "s4" { shared.rows[index].split = "test" }
        if row.speaker == "s3" { shared.rows[index].split = "validation" }
        if row.speaker == "s4", row.file.hasSuffix("-0.wav") { shared.rows[index].split = "train" }
      }
      try laboratory.write(shared, as: "two")
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), Self.short)
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "In brackets: within the corpus; on speakers held out from training: one (4 speakers) and "
            + "two (4 speakers)."))
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]),
        Self.short + ["protocol.within=official", "train_on=[two]"])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains(
          "In brackets: within the corpus; 1 of 1 test speaker of two also appears in training."),
        "\(summary)")
    }
  }

  @Test("chance and majority are those of the very test set, for every measure")
  func references() throws {
    try Laboratory.with { laboratory in
      // Of each speaker 6 low, 2 mid, 2 high: what is trained on is mostly low, as is what is tested.
      var one = ToneCorpus(speakers: 4, clips: 6)
      one.rows.removeAll {
        !$0.file.hasPrefix("low") && !$0.file.contains("-0.") && !$0.file.contains("-1.")
      }
      try laboratory.write(one, as: "one")
      // 1 low, 4 high.
      var two = ToneCorpus(speakers: 4, clips: 4, seed: 2)
      two.rows.removeAll {
        $0.file.hasPrefix("mid") || ($0.file.hasPrefix("low") && !$0.file.contains("-0."))
      }
      try laboratory.write(two, as: "two")
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]),
        Self.short + [
          "train_on=[one]", "protocol.missing_classes=allow", "report.headline=accuracy",
          "report.figures=[generalization, confusion]",
        ])
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      func value(_ name: String, _ test: String, _ metric: String) throws -> Double {
        let column = try #require(table.column(name))
        // Every speaker has as many of each class, so that folds and their pool are guessed at alike.
        let found = table.rows.filter { $0[2] == test && $0[5] == metric }
          .compactMap { Double($0[column]) }
        let first = try #require(found.first)
        #expect(found.count > 1 && found.allSatisfy { abs($0 - first) < 1e-12 }, "\(found)")
        return first
      }
      func expect(_ found: Double, _ expected: Double) {
        #expect(abs(found - expected) < 1e-12, "\(found) for \(expected)")
      }
      try expect(value("chance", "one", "uar"), 1.0 / 3)
      try expect(value("chance", "one", "accuracy"), 0.36 + 0.04 + 0.04)
      try expect(value("majority", "one", "accuracy"), 0.6)
      try expect(value("majority", "one", "uar"), 1.0 / 3)
      try expect(value("majority", "one", "macro_f1"), (2 * 0.6 / 1.6) / 3)
      // Two classes of three, and the training side's class is the rare one here.
      try expect(value("chance", "two", "uar"), 0.5)
      try expect(value("chance", "two", "accuracy"), 0.04 + 0.64)
      try expect(value("majority", "two", "accuracy"), 0.2)
      try expect(value("majority", "two", "uar"), 0.5)

      let summary = try laboratory.text("Results/study/summary.md")
      let line = try #require(
        summary.split(separator: "\n").first { $0.hasPrefix("| base    | one   | two ") })
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.contains("68.0") && cells.contains("20.0"))
      #expect(cells.last == "2 of 3")
      #expect(summary.contains("one → two is scored over 2 of 3 classes: low and high."))
      #expect(!summary.contains("chance 33.3"))
      let captions = try captions(laboratory)
      let map = try #require(captions["generalization.gp"])
      #expect(map.contains("Chance: one 44.0 %, two 68.0 %."), "\(map)")
      #expect(map.contains("† Scored over 2 of 3 classes (low, high), and so is chance."), "\(map)")
      // A confusion matrix shows UAR, whatever the headline is.
      #expect(try #require(captions["confusion-one-two.gp"]).contains("chance 50.0 %"))
    }
  }

  @Test("where variants are scored over other classes, each sentence names its variants")
  func unevenClasses() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      corpus.rows.removeAll { $0.speaker == "s1" && $0.label == "high" }
      try laboratory.write(corpus, as: "one")
      let settings =
        Self.short + ["protocol.within=leave_one_speaker_out", "protocol.missing_classes=allow"]
      let sweep = "sweep: {grid: {features.fusion: [mel, mfcc, concat]}}\n"
      // The fold that lacks a class is all that the later variants have.
      try laboratory.run(
        laboratory.plan(corpora: ["one"], sweep), settings,
        .init(only: { $0.variant.name == "fusion=mel" || $0.fold.name == "s1" }))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains(
          "one (fusion=mfcc, fusion=concat) is scored over 2 of 3 classes: low and mid."),
        "\(summary)")
      #expect(summary.components(separatedBy: "is scored over 2").count == 2)
    }
  }

  @Test("the cells of a column that score other utterances say so, with their numbers")
  func unevenColumn() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      // Of corpus one a fold is missing within, but not across.
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]), Self.short + ["report.figures=[generalization]"],
        .init(only: { $0.train == "two" || $0.fold.name == "1" }))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("(N = 18) |") && summary.contains("(N = 36) |"))
      #expect(summary.contains("The cells of one do not all score the same utterances."))
      let map = try #require(captions(laboratory)["generalization.gp"])
      #expect(map.contains("The cells of one do not all score the same utterances."))
      let gap = try laboratory.text("Plots/study/generalization-gap.dat")
      let missing = try #require(gap.components(separatedBy: "# missing: ").last)
      #expect(missing.contains("# two → one"), "it has nothing to be compared with")
      #expect(!missing.contains("# one → two"))
    }
  }

  @Test("names that Markdown would obey are shown as they are")
  func hostileNames() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      let names = ["low": "a|b", "mid": "`c` <b>", "high": "*d*"]
      for index in corpus.rows.indices {
        corpus.rows[index].label = names[corpus.rows[index].label] ?? ""
      }
      try laboratory.write(corpus, as: "one")
      let text = laboratory.plan().replacingOccurrences(
        of: Self.labels, with: "labels: native")
      try laboratory.run(text, Self.short + ["title=A *bold* | title"])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.hasPrefix("# A \\*bold\\* \\| title\n"))
      #expect(summary.contains("a\\|b") && summary.contains("\\`c\\` \\<b\\>"))
      // Every row of a table has as many cells as its heading.
      var columns: Int?
      for line in summary.split(separator: "\n", omittingEmptySubsequences: false) {
        guard line.hasPrefix("|") else {
          columns = nil
          continue
        }
        let count = line.replacingOccurrences(of: "\\|", with: "").split(separator: "|").count
        #expect(count == columns ?? count, "\(line)")
        columns = count
      }
    }
  }

  @Test("a figure that fails stops none that comes after it, and is named")
  func failures() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      // No font has this private-use character, so figures with class names cannot be drawn.
      for index in corpus.rows.indices { corpus.rows[index].label += "\u{10FFFD}" }
      try laboratory.write(corpus, as: "one")
      let text = laboratory.plan().replacingOccurrences(of: Self.labels, with: "labels: native")
      let experiment = try laboratory.experiment(
        text,
        [
          "training.epochs=1", "report.formats=[png]",
          "report.figures=[confusion, learning_curves, corpora]",
        ])
      _ = try laboratory.run(experiment)
      let builder = ReportBuilder(laboratory.store(), plots: laboratory.url("Plots"))
      let report = try builder.report()
      #expect(report.figures.map(\.lastPathComponent) == ["learning-one.png"])
      #expect(report.failures.count == 2)
      for (failure, name) in zip(report.failures, ["confusion-one", "corpora"]) {
        #expect(failure.contains("Plots/study/\(name).gp: not drawn, as no installed font has"))
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("learning-one.png"))
      #expect(!summary.contains("confusion-one.png") && !summary.contains("corpora.png"))
    }
  }

  private static let labels = "labels: {classes: [low, mid, high], drop: [other]}"

  @Test("a second report of the same results changes no file, and figures of gone variants go")
  func again() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let figures = Self.short + ["report.figures=[confusion, ablation]"]
      try laboratory.run(laboratory.plan("study", Self.sweep), figures)
      func times() throws -> [String: Date] {
        let root = laboratory.url("Plots/study")
        return try FileManager.default.contentsOfDirectory(atPath: root.path).reduce(into: [:]) {
          let attributes = try FileManager.default.attributesOfItem(
            atPath: root.appending(path: $1).path)
          $0[$1] = attributes[.modificationDate] as? Date
        }
      }
      let before = try times()
      #expect(before.keys.contains("confusion-one-hidden-2.svg"))
      try laboratory.report()
      #expect(try times() == before)
      // Without the sweep the figures of its variants are gone, and those of others stay.
      try laboratory.folder.write(["Plots/study/mine.svg": "<svg/>"])
      try laboratory.run(laboratory.plan(), figures)
      #expect(
        try times().keys.sorted() == [
          "confusion-one.dat", "confusion-one.gp", "confusion-one.svg", "mine.svg",
        ])
    }
  }
}
