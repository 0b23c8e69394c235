import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceStore
@testable import ValenceTraining

@Suite("Finished trials and test corpora that change")
struct RescoreTests {
  private static let short = ["training.epochs=2", "train_on=[one]"]

  private func prepared(_ body: (Laboratory) throws -> Void) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 2, seed: 2), as: "two")
      try laboratory.write(ToneCorpus(speakers: 2, clips: 1, seed: 3), as: "three")
      try body(laboratory)
    }
  }

  private func overrides(_ normalization: String) -> [String] {
    Self.short + ["features.normalization=\(normalization)", "features.fusion=concat"]
  }

  @Test(
    "a test corpus that is added later is scored with the stored network, to the bytes of a fresh run",
    arguments: ["train", "speaker"])
  func added(normalization: String) throws {
    try prepared { laboratory in
      let settings = overrides(normalization)
      let text = laboratory.plan(corpora: ["one", "two", "three"])
      try laboratory.run(text, settings, .init(results: "fresh", cache: "other"))

      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), settings)
      let experiment = try laboratory.experiment(text, settings)
      let runner = Runner(
        experiment, store: laboratory.store(), cache: FeatureCache(folder: laboratory.url("cache")),
        control: RunControl { _ in })
      #expect(try experiment.trials.map(runner.state) == [.unscored, .unscored])
      let diary = Diary()
      let summary = try laboratory.run(
        text, settings, .init(control: RunControl { diary.note($0) }))
      #expect((summary.trained, summary.scored, summary.reused) == (0, 2, 0))
      #expect(diary.all.first == "0 2 0")
      #expect(!diary.all.contains { $0.hasPrefix("epoch") })
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
      #expect(try experiment.trials.map(runner.state) == [.done, .done])

      // And back: what the plan does not ask for any more is gone again.
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), settings)
      for record in try laboratory.store().records() {
        #expect(record.evaluations.map(\.corpus) == ["one", "two"])
      }
    }
  }

  @Test(
    "a trial whose network is gone is trained again for a corpus that is new, to the same bytes")
  func withoutModel() throws {
    try prepared { laboratory in
      let two = laboratory.plan(corpora: ["one", "two"])
      let three = laboratory.plan(corpora: ["one", "two", "three"])
      try laboratory.run(three, Self.short, .init(results: "fresh"))
      try laboratory.run(two, Self.short)
      let keys = try laboratory.store().records().map(\.key)
      func removeModel(_ key: String) throws {
        try FileManager.default.removeItem(
          at: laboratory.store().trialFolder(key).appending(path: "model.safetensors"))
      }
      try removeModel(keys[0])
      // Fewer test corpora need no network: what is there is enough.
      let diary = Diary()
      let fewer = try laboratory.run(
        laboratory.plan(), Self.short + ["protocol.across=none"],
        .init(only: { $0.number == 1 }, control: RunControl { diary.note($0) }))
      #expect((fewer.trained, fewer.scored, fewer.reused) == (0, 0, 1))

      let more = Diary()
      let summary = try laboratory.run(
        three, Self.short, .init(control: RunControl { more.note($0) }))
      #expect((summary.trained, summary.scored) == (1, 1))
      #expect(
        more.all.prefix(2) == [
          "1 1 0",
          "remark 1 finished trial has lost its network and is trained again, to score it on other speech.",
        ])
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))

      // Another experiment may still have it.
      try removeModel(keys[1])
      let others = Diary()
      try laboratory.run(
        laboratory.plan("other", corpora: ["one", "two"]), Self.short,
        .init(results: "more", control: RunControl { others.note($0) }))
      try FileManager.default.moveItem(
        at: laboratory.url("more/other"), to: laboratory.url("Results/other"))
      var corpus = ToneCorpus(speakers: 2, seed: 2)
      corpus.rows.removeLast()
      try laboratory.write(corpus, as: "two")
      let taken = try laboratory.run(three, Self.short)
      #expect((taken.trained, taken.scored) == (0, 2))
    }
  }

  @Test(
    "another network than the one whose digest is known is refused, and what is kept of it stays")
  func otherNetwork() throws {
    try prepared { laboratory in
      let two = laboratory.plan(corpora: ["one", "two"])
      try laboratory.run(two, Self.short, .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      var record = try #require(try store.records().first)
      let folder = store.trialFolder(record.key)
      try FileManager.default.removeItem(at: folder.appending(path: "model.safetensors"))
      record.files["model.safetensors"] = Digest(of: Data()).hex
      try record.sealed().write(to: folder.appending(path: "trial.json"))
      let before = try laboratory.files("Results/study/trials")

      let summary = try laboratory.run(
        laboratory.plan(corpora: ["one", "two", "three"]), Self.short,
        .init(only: { $0.number == 1 }))
      let reason = try #require(summary.failures.first?.reason)
      #expect(reason.contains("trained again, the network is not the one whose digest stands in "))
      #expect(reason.contains("trials/\(record.key)/trial.json"))
      #expect(summary.trained == 0)
      try expectSame(before, laboratory.files("Results/study/trials"))

      // Another kind of processor makes another network: it takes the old one's place.
      record.made?.kernels["vectors"] = "of another kind"
      try record.sealed().write(to: folder.appending(path: "trial.json"))
      let elsewhere = try laboratory.run(
        laboratory.plan(corpora: ["one", "two", "three"]), Self.short,
        .init(only: { $0.number == 1 }))
      #expect((elsewhere.trained, elsewhere.failures.count) == (1, 0))
      #expect(try store.records().map { try store.hasModel($0) } == [true])
    }
  }

  @Test("a test corpus whose content changed is scored anew; stale predictions are never used")
  func changed() throws {
    try prepared { laboratory in
      let text = laboratory.plan(corpora: ["one", "two"])
      try laboratory.run(text, Self.short)
      let before = try laboratory.files("Results")
      var corpus = ToneCorpus(speakers: 2, seed: 2)
      corpus.rows.removeLast()
      corpus.rows[0].label = "high"
      try laboratory.write(corpus, as: "two")
      let summary = try laboratory.run(text, Self.short)
      #expect((summary.trained, summary.scored) == (0, 2))
      for record in try laboratory.store().records() {
        let scored = try laboratory.store().predictions(of: record, on: "two")
        #expect(scored.count == 17)
        #expect(scored.first { $0.segment.file == corpus.rows[0].file }?.truth == 2)
        let model = "study/trials/\(record.key)/model.safetensors"
        #expect(try laboratory.files("Results")[model] == before[model])
      }
      try laboratory.run(text, Self.short, .init(results: "fresh"))
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
    }
  }

  @Test("a run of some trials leaves the others out of the tables until they are scored too")
  func onlySome() throws {
    try prepared { laboratory in
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), Self.short)
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two", "three"]), Self.short,
        .init(only: { $0.number == 1 }))
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(Set(table.rows.map { $0[2] }) == ["one", "two", "three"])
      #expect(Set(table.rows.map { $0[3] }) == ["1", "pooled"])
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "## Not finished\n\n- base, one fold 2, seed 1: is trained, but not yet scored on all "
            + "tests of the plan"))
    }
  }

  @Test("predictions on a corpus of another name are found by what was scored; nothing is computed")
  func renamed() throws {
    try prepared { laboratory in
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), Self.short)
      let before = try laboratory.store().records().map {
        try laboratory.store().predictions(of: $0, on: "two")
      }
      for (old, new) in [("one", "uno"), ("two", "due")] {
        try FileManager.default.moveItem(at: laboratory.url(old), to: laboratory.url(new))
      }
      let settings = ["training.epochs=2", "train_on=[uno]"]
      let text = laboratory.plan(corpora: ["uno", "due"])
      let summary = try laboratory.run(text, settings)
      #expect((summary.trained, summary.scored) == (0, 2))
      let after = try laboratory.store().records().map {
        try laboratory.store().predictions(of: $0, on: "due")
      }
      #expect(before == after)
      try laboratory.run(text, settings, .init(results: "fresh"))
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
    }
  }

  @Test(
    "dropped.csv is made again when it is gone, and follows the corpora when nothing is trained")
  func dropped() throws {
    try prepared { laboratory in
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = Self.short + ["audio.unreadable=drop"]
      try Data("no sound".utf8).write(to: laboratory.url("two/high-s1-0.wav"))
      try laboratory.run(text, settings)
      let before = try laboratory.files("Results")
      #expect(try laboratory.text("Results/study/dropped.csv").contains("two,high-s1-0.wav,"))
      try laboratory.run(text, settings)
      try expectSame(before, laboratory.files("Results"))
      try laboratory.store().remove(.dropped)
      try laboratory.run(text, settings)
      try expectSame(before, laboratory.files("Results"))

      // An utterance that has no class changes no trial, but the list.
      var corpus = ToneCorpus(speakers: 2, seed: 2)
      corpus.rows.append(.init(file: "low-x.wav", speaker: "s1", label: "other"))
      try laboratory.write(corpus, as: "two")
      let summary = try laboratory.run(text, settings)
      #expect((summary.trained, summary.scored, summary.reused) == (0, 0, 2))
      let rows = try Table(contentsOf: laboratory.url("Results/study/dropped.csv")).rows
      #expect(rows.map { $0[1] } == ["low-x.wav", "high-s1-0.wav"])
      #expect(rows[0] == ["two", "low-x.wav", "the label space custom leaves out 'other'"])
    }
  }
}
