import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport
@testable import ValenceTraining

@Suite("The publisher's own split")
struct OfficialSplitTests {
  private static let official = ["protocol.within=official", "training.epochs=2"]

  @Test("a manifest's split is trained, validated and tested on as it stands")
  func manifest() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 4)
      corpus.split()
      try laboratory.write(corpus, as: "one")
      let experiment = try laboratory.experiment(laboratory.plan(), Self.official)
      #expect(experiment.trials.map(\.fold.name) == ["official"])
      let prepared = experiment.corpus("one")
      func speakers(_ indices: [Int]) -> Set<String?> {
        Set(indices.map { prepared.labeled.utterances[$0].utterance.speaker })
      }
      let fold = try #require(prepared.folds.first)
      #expect(speakers(fold.train) == ["s1", "s2"])
      #expect(speakers(fold.validation) == ["s3"])
      #expect(speakers(fold.test) == ["s4"])
      #expect(try laboratory.run(experiment).trained == 1)
      try laboratory.report()
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains(
          "Protocol: the publisher's own split; the publisher's validation set, or where there is "
            + "none one further speaker for validation; copies (equal bytes, "))
      #expect(!summary.contains("**Note:**"))
    }
  }

  @Test("speakers on both sides are told once beside every number: table, summary and each figure")
  func sharedSpeakers() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 4)
      corpus.split()
      // One speaker of the test is heard in training as well.
      for index in corpus.rows.indices where corpus.rows[index].speaker == "s4" {
        if corpus.rows[index].file.hasSuffix("-0.wav") { corpus.rows[index].split = "train" }
      }
      try laboratory.write(corpus, as: "one")
      try laboratory.write(ToneCorpus(speakers: 2, seed: 3), as: "two")
      let figures = "[confusion, generalization, ablation, learning_curves, corpora]"
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]),
        Self.official + [
          "train_on=[one]", "report.figures=\(figures)", "report.formats=[svg]",
          "sweep={grid: {features.fusion: [mel, mfcc]}}",
        ])
      let note =
        "one, fold official: 1 of 1 test speaker is also trained on, as the split was published; "
        + "the result depends on the speakers."
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let notes = try #require(results.column("notes"))
      #expect(!results.rows.isEmpty)
      for row in results.rows {
        #expect(row[notes] == note, "\(row)")
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.split(separator: "**Note:**").count == 2)
      #expect(summary.contains("- **Note:** \(note)\n"))
      // The trial's own folder says it, too.
      let badge = "published split: 1 test speaker is also in training"
      #expect(
        try laboratory.store().records().allSatisfy { $0.warnings.map(\.rawValue) == [badge] })
      let scripts = try laboratory.files("Plots/study").filter { $0.key.hasSuffix(".gp") }
      #expect(scripts.count >= 6)
      for (name, script) in scripts {
        // Lines of a footnote are broken where they would be too long.
        let text = String(decoding: script, as: UTF8.self)
        // The overview of the corpora shows no score, so the folds are no matter of it.
        let showsScores = !name.hasPrefix("corpora")
        #expect(text.contains("1 of 1 test speaker") == showsScores, "\(name)")
      }
    }
  }

  /// MELD's layout with tones for clips: two of each class in train, one in dev and in test.
  private func writeMELD(_ laboratory: Laboratory) throws {
    let header =
      "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,"
      + "EndTime\n"
    let emotions = ["neutral", "joy", "sadness"]
    let sentiments = ["neutral", "positive", "negative"]
    for (split, folder, each) in [
      ("train", "train_splits", 3), ("dev", "dev_splits_complete", 1),
      ("test", "output_repeated_splits_test", 2),
    ] {
      var tones = ToneCorpus(speakers: 1, clips: each, seed: UInt64(each))
      tones.rows.sort { $0.file < $1.file }
      var table = header
      for index in tones.rows.indices {
        let kind = try #require(ToneCorpus.classes.firstIndex(of: tones.rows[index].label))
        table +=
          "1,Hi.,\(index.isMultiple(of: 2) ? "Ross" : split),\(emotions[kind]),\(sentiments[kind]),"
          + "\(index),0,1,1,\"0:00:0\(index),000\",\"0:00:0\(index),500\"\n"
      }
      if split == "test" { table = table.replacing("0:00:05,500", with: "0:00:09,900") }
      try laboratory.folder.write(["meld/\(split)_sent_emo.csv": table])
      try tones.write(to: laboratory.url("made/\(split)"))
      let home = laboratory.url("meld/\(split)/\(folder)")
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      for (index, row) in tones.rows.enumerated() {
        try FileManager.default.moveItem(
          at: laboratory.url("made/\(split)/\(row.file)"),
          to: home.appending(path: "dia\(index)_utt0.wav"))
      }
    }
  }

  private func meldPlan(_ laboratory: Laboratory) -> String {
    laboratory.plan().replacing(
      "  one: {adapter: manifest, path: one}", with: "  meld: {adapter: meld, path: meld}")
  }

  @Test("MELD runs on its official split, emotions or sentiments, and drops what is missing")
  func meld() throws {
    try Laboratory.with { laboratory in
      try writeMELD(laboratory)
      try FileManager.default.removeItem(
        at: laboratory.url("meld/train/train_splits/dia1_utt0.wav"))
      let emotions = "labels={classes: [neutral, joy, sadness]}"
      let plan = meldPlan(laboratory)
      #expect(
        laboratory.sentence {
          _ = try laboratory.run(laboratory.experiment(plan, Self.official + [emotions]))
        } == """
          corpora.meld: meld/train/train_splits/dia1_utt0.wav: there is no such file; check the path.
          audio.unreadable: drop would leave such files out and list them.
          """)
      let drop = Self.official + ["audio.unreadable=drop"]
      #expect(try laboratory.run(plan, drop + [emotions]).trained == 1)
      let rows = try Table(contentsOf: laboratory.url("Results/study/dropped.csv")).rows
      #expect(rows.map { [$0[0], $0[1]] } == [["meld", "train/train_splits/dia1_utt0.wav"]])
      let record = try #require(try laboratory.store().records().first)
      #expect((record.training.train.utterances, record.training.validation.utterances) == (8, 3))
      #expect(
        record.warnings.map(\.rawValue) == ["published split: 1 test speaker is also in training"])
      // Other labels of the same clips are another trial.
      let sentiment = ["labels=sentiment3", "corpora.meld.labels=sentiment"]
      #expect(try laboratory.run(plan, drop + sentiment).trained == 1)
      let results = try laboratory.text("Results/study/results.csv")
      #expect(results.contains("negative|neutral|positive"))
    }
  }

  @Test("lengths that are not those of the table, or of minutes, are told")
  func oddLengths() throws {
    try Laboratory.with { laboratory in
      try writeMELD(laboratory)
      let minutes = [Float](repeating: 0.1, count: 61 * ToneCorpus.rateHz)
      try ToneCorpus.wav(minutes).write(
        to: laboratory.url("meld/dev/dev_splits_complete/dia0_utt0.wav"))
      let experiment = try laboratory.experiment(
        meldPlan(laboratory), Self.official + ["labels={classes: [neutral, joy, sadness]}"])
      let summary = try #require(CorpusSummary.all(of: experiment).first)
      let (dev, test) = ("dev/dev_splits_complete", "test/output_repeated_splits_test")
      #expect(
        summary.oddLengths == [
          "1 utterance lasts longer than 60 s: \(dev)/dia0_utt0.wav (61.0 s).",
          "2 utterances are more than 1 s off the lengths in the corpus's table: "
            + "\(dev)/dia0_utt0.wav (61.0 s, not 0.5 s) and \(test)/dia5_utt0.wav (0.5 s, not 4.9 s).",
        ])
      try laboratory.write(ToneCorpus(), as: "one")
      let plain = try laboratory.experiment(laboratory.plan())
      #expect(CorpusSummary.all(of: plain).map(\.oddLengths) == [nil])
    }
  }

  @Test("a missing file is known by its place in the corpus, so that no machine's path is in a key")
  func keys() throws {
    func key() throws -> String? {
      try Laboratory.with { laboratory in
        try writeMELD(laboratory)
        try FileManager.default.removeItem(
          at: laboratory.url("meld/train/train_splits/dia1_utt0.wav"))
        return try laboratory.experiment(
          meldPlan(laboratory), Self.official + ["labels={classes: [neutral, joy, sadness]}"]
        ).trials.first?.key
      }
    }
    let here = try key()
    #expect(here != nil)
    #expect(try key() == here)
  }
}
