import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceTraining

@Suite("A run from plan to results")
struct EndToEndTests {
  /// Enough to learn tones by.
  private static let thorough = [
    "training.epochs=25", "training.early_stopping.patience=25", "training.augmentation=none",
  ]

  /// The UAR of each pooled seed in `results.csv`.
  private func pooledUAR(_ laboratory: Laboratory) throws -> [Double] {
    let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
    return table.rows.filter { $0[3] == "pooled" && $0[5] == "uar" }.compactMap { Double($0[6]) }
  }

  @Test("leaves every file that it promises, with the right counts, and learns what is easy")
  func leaves() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let summary = try laboratory.run(laboratory.plan(), Self.thorough)
      #expect(summary.trained == 2)
      #expect(summary.failures.isEmpty)
      let store = laboratory.store()
      let records = try store.records()
      #expect(records.count == 2)
      var expected = [
        "experiment.yaml", "provenance.json", "results.csv", "summary.md", "dropped.csv",
        "corpora.json", "outline.json", "trials.json",
      ]
      for record in records {
        expected += ["trial.json", "history.csv", "model.safetensors", "metrics.json", "heard.csv"]
          .map { "trials/\(record.key)/\($0)" }
        expected.append("trials/\(record.key)/predictions/one.csv")
        #expect(record.training.train.utterances == 9)
        #expect(record.training.validation.utterances == 9)
        #expect(record.evaluations.map(\.utterances) == [18])
        #expect(record.training.epochs == 25)
        #expect(try store.history(of: record).map(\.epoch) == Array(1...25))
        #expect(try store.timing(of: record.key)["training_s"] ?? 0 > 0)
      }
      #expect(try laboratory.files("Results/study").keys.sorted() == expected.sorted())
      #expect(try laboratory.text("Results/study/dropped.csv") == "corpus,file,reason\n")

      // Chance is one of three; on tones as far apart as these nothing less will do.
      let uar = try pooledUAR(laboratory)
      #expect(uar.count == 1)
      #expect(uar.allSatisfy { $0 > 0.8 }, "\(uar)")
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(Set(results.rows.map { $0[7] }) == ["18", "36"])
      #expect(Set(results.rows.map { $0[8] }) == ["low|mid|high"])
      #expect(results.rows.count == 3 * MetricName.allCases.count)
    }
  }

  @Test("with labels that say nothing of the sound it is at chance")
  func shuffledLabels() throws {
    // Guesses of 5 × 48 clips in three classes have a mean recall of 1/3 with a standard deviation of
    // 3.0 points; one clip in five whose copy is trained on would add 13.
    var found: [Double] = []
    for order in 1...5 as ClosedRange<UInt64> {
      try Laboratory.with { laboratory in
        var corpus = ToneCorpus(speakers: 4, clips: 4)
        // Each speaker's labels in an order that has nothing to do with the tones.
        var random = RandomStream(seed: order, "labels")
        for speaker in Set(corpus.rows.map(\.speaker)).sorted() {
          let indices = corpus.rows.indices.filter { corpus.rows[$0].speaker == speaker }
          let labels = random.shuffled(indices.map { corpus.rows[$0].label })
          for (index, label) in zip(indices, labels) { corpus.rows[index].label = label }
        }
        try laboratory.write(corpus, as: "one")
        try laboratory.run(laboratory.plan(), Self.thorough)
        found += try pooledUAR(laboratory)
      }
    }
    #expect(found.count == 5)
    let mean: Double = found.reduce(0, +) / Double(found.count)
    #expect(abs(mean - 1.0 / 3) < 0.1, "\(found)")
  }

  @Test(
    "each network scores every utterance of another corpus once, and the diagonal's folds pool to each utterance once a seed"
  )
  func scoresOnce() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]), ["training.epochs=1", "seeds=[1, 2]"])
      let store = laboratory.store()
      let listings = try store.read([TrialListing].self, from: .trials)
      #expect(listings.count == 8)
      let ids = try ["one", "two"].map { name in
        try Table(contentsOf: laboratory.url("\(name)/manifest.csv")).rows.map { $0[0] }.sorted()
      }
      for (own, other) in [(0, 1), (1, 0)] {
        let names = ["one", "two"]
        for seed in [1, 2] as [UInt64] {
          let records = try listings.filter { $0.name.train == names[own] && $0.name.seed == seed }
            .map { try #require(try store.trial($0.key)) }
          #expect(records.count == 2)
          let pooled = try records.flatMap {
            try store.predictions(of: $0, on: names[own]).map(\.segment.file)
          }
          #expect(pooled.sorted() == ids[own])
          for record in records {
            let scored = try store.predictions(of: record, on: names[other])
            #expect(scored.map(\.segment.file).sorted() == ids[other])
            #expect(record.evaluations.map(\.corpus) == names)
            #expect(record.evaluations.map(\.within) == [own == 0, own == 1])
          }
        }
      }
    }
  }

  @Test("without tests across corpora each network is tested on its own alone")
  func acrossNone() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]), ["protocol.across=none", "training.epochs=1"])
      for record in try laboratory.store().records() {
        #expect(record.evaluations.map(\.within) == [true])
      }
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(table.rows.allSatisfy { $0[1] == $0[2] })
    }
  }

  @Test("the report made again from stored predictions, without the corpora, has the same bytes")
  func reportAgain() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"], "sweep: {grid: {features.mel.bands: [8, 12]}}\n"),
        [
          "training.epochs=2", "report.formats=[svg]",
          "report.figures=[confusion, generalization, ablation, learning_curves, corpora]",
        ])
      let before = try (laboratory.files("Results"), laboratory.files("Plots"))
      #expect(before.1.keys.filter { $0.hasSuffix(".svg") }.count > 5)
      for name in ["one", "two", "cache", "Plots"] {
        try FileManager.default.removeItem(at: laboratory.url(name))
      }
      for file in [ResultFile.table, .summary] { try laboratory.store().remove(file) }
      try laboratory.report()
      try expectSame(before.0, laboratory.files("Results"))
      try expectSame(before.1, laboratory.files("Plots"))
    }
  }

  @Test("what a reader must know of every number stands in the summary")
  func badges() throws {
    try Laboratory.with { laboratory in
      let corpus = ToneCorpus(speakers: 3)
      try laboratory.write(corpus, as: "one")
      // EmoBox's form of a split, with a speaker on both sides: s3's first clips are trained on.
      func list(_ belongs: (ToneCorpus.Row) -> Bool) -> String {
        corpus.rows.filter(belongs).map { "{\"wav\": \"one/\($0.file)\"}\n" }.joined()
      }
      try laboratory.folder.write([
        "lists/fold_1/one_test_fold_1.jsonl": list {
          $0.speaker == "s3" && !$0.file.hasSuffix("-0.wav")
        },
        "lists/fold_1/one_train_fold_1.jsonl": list {
          $0.speaker != "s3" || $0.file.hasSuffix("-0.wav")
        },
      ])
      try laboratory.folder.write(["one/synthetic.txt": "These are tones, not speech.\n"])
      let split = ["protocol.within={emobox: lists}", "training.epochs=1"]
      try laboratory.run(laboratory.plan(), split)
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("- **Note:** one, fold 1: 1 of 1 test speaker is also "))
      #expect(!summary.contains("published split"), "it is said once")
      #expect(!summary.contains("unlabeled test speech"))
      #expect(summary.contains("- **Note:** These are tones, not speech."))
      for unit in ["corpus", "speaker"] {
        try laboratory.run(laboratory.plan(), split + ["features.normalization=\(unit)"])
        #expect(
          try laboratory.text("Results/study/summary.md").contains(
            "- **Note:** Normalized by statistics of each \(unit), unlabeled test speech included.\n"
          ))
      }
      let swept = split + ["sweep.grid.features.normalization=[train, speaker]"]
      try laboratory.run(laboratory.plan(), swept)
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "unlabeled test speech included (normalization=speaker).\n"))
      let rows = try Table(contentsOf: laboratory.url("Results/study/results.csv")).rows
      for row in rows {
        #expect(row[9].contains("unlabeled test speech") == (row[0] == "normalization=speaker"))
      }
    }
  }
}
