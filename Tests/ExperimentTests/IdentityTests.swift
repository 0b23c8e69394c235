import Foundation
import Testing
import ValenceCore
import ValenceFeatures
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("A trial is known by what training reads of it, and by nothing else")
struct IdentityTests {
  /// Whatever draws by clip or by place: what would move with a clip's position in its corpus.
  private static let random = [
    "training.epochs=2", "training.augmentation.speed=[0.9, 1.1]",
    "training.augmentation.noise.snr_db=[5, 20]", "training.augmentation.mixup=0.3",
    "audio.clip_s=0.4", "audio.long_clips=windows",
  ]

  /// What training left, by key: network and course.
  private typealias Trained = [String: [Data]]

  private func train(
    _ laboratory: Laboratory, _ text: String, _ overrides: [String], in results: String
  ) throws -> Trained {
    try? FileManager.default.removeItem(at: laboratory.url(results))
    try laboratory.run(text, Self.random + overrides, .init(results: results))
    let store = laboratory.store(in: results)
    return try store.records().reduce(into: [:]) { trained, record in
      trained[record.key] = try ["model.safetensors", "history.csv"].map {
        try Data(contentsOf: store.trialFolder(record.key).appending(path: $0))
      }
    }
  }

  /// A corpus with a published split: s1 and s2 to learn from, s3 for validation, s4 to test.
  private func corpus(seed: UInt64 = 1) -> ToneCorpus {
    var corpus = ToneCorpus(clips: 2, seed: seed)
    corpus.split()
    return corpus
  }

  /// Does something to the corpora and expects the same trials with the same bytes.
  private func expectKept(
    _ what: String, _ overrides: [String], corpora: [String] = ["one"], before: Trained,
    _ laboratory: Laboratory, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let after = try train(laboratory, laboratory.plan(corpora: corpora), overrides, in: "after")
    #expect(!after.isEmpty)
    #expect(Set(after.keys) == Set(before.keys), "\(what)", sourceLocation: sourceLocation)
    for (key, files) in after {
      #expect(files == before[key], "\(what): \(key)", sourceLocation: sourceLocation)
    }
  }

  /// Does something to the corpora and expects other trials.
  private func expectOthers(
    _ what: String, _ overrides: [String], before: Trained, _ laboratory: Laboratory,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let experiment = try laboratory.experiment(laboratory.plan(), Self.random + overrides)
    for trial in experiment.trials {
      #expect(before[trial.key] == nil, "\(what)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "what a fold tests may be renamed, relabeled, added, edited or taken away: same key, same bytes",
    arguments: ["train", "none", "speaker"])
  func testSide(normalization: String) throws {
    try Laboratory.with { laboratory in
      let settings = ["protocol.within=official", "features.normalization=\(normalization)"]
      var corpus = corpus()
      try laboratory.write(corpus, as: "one")
      let before = try train(laboratory, laboratory.plan(), settings, in: "before")
      #expect(before.count == 1)
      func expect(_ what: String) throws {
        try laboratory.write(corpus, as: "one")
        try expectKept(what, settings, before: before, laboratory)
      }
      let test = try #require(corpus.rows.firstIndex { $0.split == "test" })
      corpus.rows[test].label = "mid"
      try expect("a label of the test side")
      // Its name comes before all others: each clip's position in the corpus moves.
      var row = ToneCorpus.Row(file: "high-a.wav", speaker: "s4", label: "high")
      row.split = "test"
      corpus.rows.append(row)
      try expect("another test utterance")
      corpus.rows.removeAll { $0.file == "mid-s4-1.wav" }
      try expect("a test utterance less")
      let file = laboratory.url("one/high-s4-0.wav")
      try ToneCorpus.wav((0..<4000).map { Float(0.2 * sin(Double($0))) }).write(to: file)
      try expect("another sound in the test")
      for index in corpus.rows.indices where corpus.rows[index].split == "test" {
        corpus.rows[index].speaker = "other"
      }
      try expect("another name of the test speaker")
    }
  }

  @Test("files, speakers and corpora may be renamed: same key, same bytes")
  func names() throws {
    try Laboratory.with { laboratory in
      for (normalization, within) in [("train", "official"), ("speaker", "{speaker_folds: 2}")] {
        let settings = [
          "protocol.within=\(within)", "features.normalization=\(normalization)",
        ]
        for name in ["one", "uno"] { try? FileManager.default.removeItem(at: laboratory.url(name)) }
        var corpus = corpus()
        try laboratory.write(corpus, as: "one")
        let before = try train(laboratory, laboratory.plan(), settings, in: "before")
        // The last comes first and the first last, of the training clips as well.
        for index in corpus.rows.indices {
          let old = corpus.rows[index].file
          let new = "\(String(100 - index))-\(old)"
          corpus.rows[index].file = new
          try FileManager.default.moveItem(
            at: laboratory.url("one/\(old)"), to: laboratory.url("one/\(new)"))
          corpus.rows[index].speaker = "speaker " + corpus.rows[index].speaker
        }
        try laboratory.write(corpus, as: "one")
        try expectKept("files and speakers", settings, before: before, laboratory)
        try FileManager.default.moveItem(at: laboratory.url("one"), to: laboratory.url("uno"))
        try expectKept("corpus", settings, corpora: ["uno"], before: before, laboratory)
      }
    }
  }

  @Test("validation that is drawn from utterances without speakers depends on no name")
  func validation() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(clips: 4)
      for index in corpus.rows.indices { corpus.rows[index].speaker = "" }
      try laboratory.write(corpus, as: "one")
      func fold(_ names: [String]) throws -> [String] {
        let rows = corpus.rows.enumerated().map { [$1.file, names[$0 % 2]] }
        try Data(Table(columns: ["file", "fold"], rows: rows).text.utf8)
          .write(to: laboratory.url("folds.csv"))
        return ["protocol.within={csv: folds.csv}", "protocol.validation={fraction: 0.25}"]
      }
      let before = try train(laboratory, laboratory.plan(), fold(["1", "2"]), in: "before")
      #expect(before.count == 2)
      try expectKept("the folds' names", fold(["x", "y"]), before: before, laboratory)
      // The last comes first and the first last; each stays in its fold.
      for index in corpus.rows.indices {
        let old = corpus.rows[index].file
        corpus.rows[index].file = "\(String(100 - index))-\(old)"
        try FileManager.default.moveItem(
          at: laboratory.url("one/\(old)"), to: laboratory.url("one/\(corpus.rows[index].file)"))
      }
      try laboratory.write(corpus, as: "one")
      try expectKept("the files' names", fold(["1", "2"]), before: before, laboratory)
      try FileManager.default.moveItem(at: laboratory.url("one"), to: laboratory.url("uno"))
      try expectKept(
        "the corpus's name", fold(["1", "2"]), corpora: ["uno"], before: before, laboratory)
    }
  }

  @Test("pooled corpora: neither their order, nor their names, nor what they test moves a number")
  func pooled() throws {
    try Laboratory.with { laboratory in
      for normalization in ["train", "speaker"] {
        for name in ["one", "two", "uno"] {
          try? FileManager.default.removeItem(at: laboratory.url(name))
        }
        let settings = [
          "protocol.within=official", "protocol.across=pooled",
          "features.normalization=\(normalization)",
        ]
        var corpora = [corpus(), corpus(seed: 2)]
        try laboratory.write(corpora[0], as: "one")
        try laboratory.write(corpora[1], as: "two")
        let text = laboratory.plan(corpora: ["one", "two"])
        let before = try train(laboratory, text, settings, in: "before")
        #expect(before.count == 1)
        try expectKept(
          "order", settings, corpora: ["two", "one"], before: before, laboratory)
        // Many test sides, so that any order by the content of whole corpora is turned at some time.
        for number in 0..<4 {
          for index in corpora[0].rows.indices where corpora[0].rows[index].split == "test" {
            corpora[0].rows[index].label = ToneCorpus.classes[(index + number) % 3]
          }
          try laboratory.write(corpora[0], as: "one")
          try expectKept(
            "test side \(number)", settings, corpora: ["one", "two"], before: before, laboratory)
        }
        try FileManager.default.moveItem(at: laboratory.url("one"), to: laboratory.url("uno"))
        try expectKept(
          "name", settings, corpora: ["two", "uno"], before: before, laboratory)
      }
    }
  }

  @Test("a corpus more to train or to test on leaves the trials of the others as they are")
  func moreCorpora() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(corpus(), as: "one")
      try laboratory.write(corpus(seed: 2), as: "two")
      let settings = ["protocol.within=official"]
      let before = try train(laboratory, laboratory.plan(), settings, in: "before")
      let after = try train(
        laboratory, laboratory.plan(corpora: ["two", "one"]), settings, in: "after")
      #expect(after.count == 2)
      for (key, files) in before { #expect(after[key] == files) }
    }
  }

  @Test("what training reads is in the key: sounds, labels and lists of both its sides")
  func trainingSide() throws {
    try Laboratory.with { laboratory in
      let settings = ["protocol.within=official"]
      let original = corpus()
      try laboratory.write(original, as: "one")
      let before = try train(laboratory, laboratory.plan(), settings, in: "before")
      for split in ["train", "validation"] {
        let index = try #require(original.rows.firstIndex { $0.split == split })
        let file = laboratory.url("one/\(original.rows[index].file)")
        let sound = try Data(contentsOf: file)
        var other = sound
        other[other.count - 1] ^= 1
        try other.write(to: file)
        try expectOthers("one bit of \(split) sound", settings, before: before, laboratory)
        try sound.write(to: file)

        var changed = original
        changed.rows[index].label = "high"
        try laboratory.write(changed, as: "one")
        try expectOthers("a \(split) label", settings, before: before, laboratory)
        changed = original
        changed.rows.remove(at: index)
        try laboratory.write(changed, as: "one")
        try expectOthers("a \(split) utterance less", settings, before: before, laboratory)
        changed = original
        // One of two training speakers, or all of validation and one of training for it.
        let speakers = split == "train" ? ["s1"] : ["s2", "s3"]
        for other in changed.rows.indices where speakers.contains(changed.rows[other].speaker) {
          let isTrained = changed.rows[other].split == "train"
          changed.rows[other].split = isTrained ? "validation" : "train"
        }
        try laboratory.write(changed, as: "one")
        try expectOthers("\(split) on the other side", settings, before: before, laboratory)
        try laboratory.write(original, as: "one")
      }
      try expectOthers(
        "classes in another order", settings + ["labels.classes=[mid, low, high]"],
        before: before, laboratory)
      try expectOthers("another seed", settings + ["seeds=[2]"], before: before, laboratory)
      try expectKept("nothing", settings, before: before, laboratory)
    }
  }

  @Test("the statistics of a corpus or speaker that training reads are in the key, no others")
  func statistics() throws {
    try Laboratory.with { laboratory in
      let original = corpus()
      try laboratory.write(original, as: "one")
      func settings(_ normalization: String) -> [String] {
        ["protocol.within=official", "features.normalization=\(normalization)"]
      }
      let byCorpus = try train(laboratory, laboratory.plan(), settings("corpus"), in: "before")
      let bySpeaker = try train(laboratory, laboratory.plan(), settings("speaker"), in: "before")
      let byTrain = try train(laboratory, laboratory.plan(), settings("train"), in: "before")
      // A test utterance less: of the corpus's statistics, but not of a training speaker's.
      var changed = original
      changed.rows.removeAll { $0.file == "low-s4-0.wav" }
      try laboratory.write(changed, as: "one")
      try expectOthers("corpus", settings("corpus"), before: byCorpus, laboratory)
      try expectKept("speaker", settings("speaker"), before: bySpeaker, laboratory)
      // An utterance of the test, spoken by one of training.
      changed = original
      let index = try #require(changed.rows.firstIndex { $0.split == "test" })
      changed.rows[index].speaker = "s1"
      try laboratory.write(changed, as: "one")
      try expectOthers("shared speaker", settings("speaker"), before: bySpeaker, laboratory)
      try expectKept("shared speaker", settings("corpus"), before: byCorpus, laboratory)
      try expectKept("shared speaker", settings("train"), before: byTrain, laboratory)
      // Two training speakers change places in one utterance each: another partition.
      changed = original
      for (file, speaker) in [("low-s1-0.wav", "s2"), ("low-s2-0.wav", "s1")] {
        let index = try #require(changed.rows.firstIndex { $0.file == file })
        changed.rows[index].speaker = speaker
      }
      try laboratory.write(changed, as: "one")
      try expectOthers("another partition", settings("speaker"), before: bySpeaker, laboratory)
      try expectKept("another partition", settings("train"), before: byTrain, laboratory)
    }
  }

  @Test("a changed test side is scored anew with the stored network, to the bytes of a fresh run")
  func scoredAnew() throws {
    try Laboratory.with { laboratory in
      var corpus = corpus()
      try laboratory.write(corpus, as: "one")
      let text = laboratory.plan()
      let settings = Self.random + ["protocol.within=official"]
      try laboratory.run(text, settings)
      func expectScored(_ what: String) throws {
        try laboratory.write(corpus, as: "one")
        let summary = try laboratory.run(text, settings)
        #expect((summary.trained, summary.scored, summary.reused) == (0, 1, 0), "\(what)")
        try laboratory.run(text, settings, .init(results: "fresh"))
        try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
        try FileManager.default.removeItem(at: laboratory.url("fresh"))
        #expect(try laboratory.run(text, settings).reused == 1)
      }
      corpus.rows.removeAll { $0.file == "low-s4-0.wav" }
      try expectScored("a test utterance less")
      let index = try #require(corpus.rows.lastIndex { $0.split == "test" })
      corpus.rows[index].label = "mid"
      try expectScored("a test label")
      try FileManager.default.moveItem(
        at: laboratory.url("one/\(corpus.rows[index].file)"), to: laboratory.url("one/a.wav"))
      corpus.rows[index].file = "a.wav"
      try expectScored("a test file's name, which predictions carry")
      // A training speaker gets the name of the test's: the trial has to say it, too.
      for index in corpus.rows.indices where corpus.rows[index].speaker == "s1" {
        corpus.rows[index].speaker = "s4"
      }
      try expectScored("a speaker on both sides")
      #expect(
        try laboratory.store().records().map { $0.warnings.map(\.rawValue) } == [
          ["published split: 1 test speaker is also in training"]
        ])
    }
  }

  @Test("folds that learn from the same clips and test others are two trials with one network")
  func sameTraining() throws {
    try Laboratory.with { laboratory in
      let corpus = ToneCorpus(clips: 2)
      try laboratory.write(corpus, as: "one")
      let sides = ["s1": "train", "s2": "validation"]
      let rows = ["a", "b"].flatMap { fold in
        corpus.rows.compactMap { row -> [String]? in
          if let side = sides[row.speaker] { return [row.file, fold, side] }
          return (row.speaker == "s3") == (fold == "a") ? [row.file, fold, "test"] : nil
        }
      }
      try Data(Table(columns: ["file", "fold", "split"], rows: rows).text.utf8)
        .write(to: laboratory.url("folds.csv"))
      let settings = ["protocol.within={csv: folds.csv}"]
      let trained = try train(laboratory, laboratory.plan(), settings, in: "before")
      #expect(trained.count == 2)
      #expect(Set(trained.values).count == 1)
      let again = try laboratory.run(
        laboratory.plan(), Self.random + settings, .init(results: "before"))
      #expect((again.trained, again.scored, again.reused) == (0, 0, 2))
    }
  }

  @Test("corpora that share their training side and hold out others are two trials, both finished")
  func sameTrainingSide() throws {
    try Laboratory.with { laboratory in
      let corpus = ToneCorpus(clips: 2)
      try laboratory.write(corpus, as: "all")
      for (name, tested) in [("one", "s3"), ("two", "s4")] {
        let sides = ["s1": "train", "s2": "validation", tested: "test"]
        let rows = corpus.rows.compactMap { row in
          sides[row.speaker].map { ["all/\(row.file)", row.speaker, row.label, $0] }
        }
        try Data(Table(columns: ["file", "speaker", "emotion", "split"], rows: rows).text.utf8)
          .write(to: laboratory.url("\(name).csv"))
      }
      let text = laboratory.plan(corpora: ["one.csv", "two.csv"])
        .replacing("one.csv:", with: "one:").replacing("two.csv:", with: "two:")
      let settings = [
        "training.epochs=1", "protocol.within=official", "protocol.across=pairs",
        "protocol.duplicates=allow",
      ]
      let experiment = try laboratory.experiment(text, settings)
      #expect(Set(experiment.trials.map(\.key)).count == 2)
      let first = try laboratory.run(text, settings)
      #expect((first.trained, first.scored, first.reused) == (2, 0, 0))
      let again = try laboratory.run(text, settings)
      #expect((again.trained, again.scored, again.reused) == (0, 0, 2))
    }
  }

  @Test("a finished trial that used other clips than can be used is trained or scored again")
  func usedClips() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan()
      let settings = ["training.epochs=2", "audio.unreadable=drop"]
      try laboratory.run(text, settings)
      let before = try laboratory.files("Results")
      let store = laboratory.store()
      /// Keeps the first trial as if it had used other clips, and runs again.
      func expectMended(
        _ change: (inout TrialRecord) -> Void, _ counts: (Int, Int, Int), _ line: String?
      ) throws {
        var record = try #require(try store.records().first)
        let files = RunStore.TrialFiles(
          record: record, history: try store.history(of: record),
          model: try store.model(of: record),
          predictions: ["one": try store.predictions(of: record, on: "one")],
          metrics: try Data(
            contentsOf: store.trialFolder(record.key).appending(path: "metrics.json")))
        change(&record)
        var changed = files
        changed.record = record
        try store.commit(changed)
        // Without this file a run looks at all clips again.
        try store.remove(.dropped)
        let diary = Diary()
        let summary = try laboratory.run(
          text, settings, .init(control: RunControl { diary.note($0) }))
        #expect((summary.trained, summary.scored, summary.reused) == counts)
        #expect(diary.all.first { $0.hasPrefix("outdated") } == line)
        try expectSame(before, laboratory.files("Results"))
      }
      try expectMended(
        { $0.training.train = .init(utterances: 8, digest: "0") }, (1, 0, 1),
        "outdated 1 it learned from 8 clips, and these are not the 9 of the same data that can be "
          + "used.")
      try expectMended(
        { $0.training.validation.digest = "0" }, (1, 0, 1),
        "outdated 1 it chose its epoch by 9 clips, and these are not the 9 of the same data that can "
          + "be used.")
      try expectMended({ $0.evaluations[0].clips = "0" }, (0, 1, 1), nil)
    }
  }

  @Test("a feature's revision is in the keys of the trials that use it alone")
  func revisions() {
    #expect(!FeatureLibrary.revision(of: [.mel]).contains("mfcc"))
    #expect(
      FeatureLibrary.revision(of: [.prosody, .mel, .mel])
        == FeatureLibrary.revision(of: [.mel, .prosody]))
    #expect(FeatureLibrary.revision(of: [.mel, .mfcc]).contains("mfcc"))
  }
}
