import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceTraining

@Suite("Corpora and files at fault")
struct DataFaultTests {
  private static let short = ["training.epochs=2"]

  @Test("unreadable: stop names every such file in one list")
  func stop() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try Data("no sound".utf8).write(to: laboratory.url("one/low-s1-0.wav"))
      try Data().write(to: laboratory.url("one/mid-s2-1.wav"))
      try ToneCorpus.wav([0.5, -0.5]).write(to: laboratory.url("one/high-s3-2.wav"))
      let samples = (0..<800).map { Float(0.4 * sin(Double($0))) }
      try ToneCorpus.wav(samples).write(to: laboratory.url("one/mid-s4-0.wav"))
      let experiment = try laboratory.experiment(laboratory.plan(), ["model.cnn.pool=[8]"])
      #expect(
        laboratory.sentence { _ = try laboratory.run(experiment) } == """
          corpora.one: one/high-s3-2.wav: the clip is too short: 2 samples at 8000 Hz are less than \
          one window of 256; leave it out or use a shorter window.
          corpora.one: one/low-s1-0.wav: this is not audio in a format that is read; convert it to \
          one of WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF.
          corpora.one: one/mid-s2-1.wav: the file is empty (0 bytes); copy it again.
          corpora.one: one/mid-s4-0.wav: has 6 frames, but the network needs at least 8; use longer \
          speech.
          audio.unreadable: drop would leave such files out and list them.
          """)
      #expect(try laboratory.store().records().isEmpty)
    }
  }

  @Test("unreadable: drop lists such files, and they are in no prediction and no count")
  func drop() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 2, seed: 2), as: "two")
      let bad = ["low-s1-0.wav", "mid-s2-1.wav"]
      for file in bad { try Data("no sound".utf8).write(to: laboratory.url("one/\(file)")) }
      try ToneCorpus.wav([0.5]).write(to: laboratory.url("two/high-s1-0.wav"))
      let summary = try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]),
        Self.short + ["audio.unreadable=drop", "train_on=[one]"])
      #expect(summary.failures.isEmpty)
      let rows = try Table(contentsOf: laboratory.url("Results/study/dropped.csv")).rows
      #expect(
        rows.map { $0[0...1].joined(separator: "/") } == bad.map { "one/\($0)" } + [
          "two/high-s1-0.wav"
        ])
      let store = laboratory.store()
      let records = try store.records()
      #expect(records.count == 2)
      for record in records {
        for evaluation in record.evaluations {
          let ids = try store.predictions(of: record, on: evaluation.corpus).map(\.segment.file)
          #expect(ids.count == evaluation.utterances)
          let dropped = rows.filter { $0[0] == evaluation.corpus }.map { $0[1] }
          #expect(Set(ids).isDisjoint(with: dropped))
        }
      }
      let own = records.filter { $0.evaluations[0].within }
      #expect(own.map { $0.evaluations[0].utterances }.reduce(0, +) == 34)
      #expect(
        own.map { $0.training.train.utterances + $0.training.validation.utterances }.reduce(0, +)
          == 34)
      #expect(own.map { $0.evaluations[1].utterances } == [17, 17])
    }
  }

  @Test("files that are too short for one variant are dropped from that one alone")
  func shortForOne() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let samples = (0..<800).map { Float(0.4 * sin(Double($0))) }
      try ToneCorpus.wav(samples).write(to: laboratory.url("one/low-s1-0.wav"))
      let settings = Self.short + ["audio.unreadable=drop"]
      try laboratory.run(laboratory.plan("alone"), settings)
      try laboratory.run(
        laboratory.plan("study", "sweep: {grid: {model.cnn.pool: [[2], [8]]}}\n"), settings)
      let counts = try laboratory.store().records().map { $0.evaluations[0].utterances }
      #expect(counts.reduce(0, +) == 36 + 35)
      // A trial is the same whatever stands beside it in the experiment.
      let alone = try laboratory.store("alone").records()
      #expect(try Array(laboratory.store().records().prefix(2)) == alone)
      let rows = try Table(contentsOf: laboratory.url("Results/study/dropped.csv")).rows
      #expect(rows.count == 1)
      #expect(
        rows[0][2].hasSuffix("has 6 frames, but the network needs at least 8; use longer speech."))
    }
  }

  @Test(
    "a drop that takes a whole class from training, or all of a set, fails the trial in a sentence",
    arguments: [
      (
        "low", "train",
        "no usable training utterance of class low is left after files were dropped; mend the files or change the folds."
      ),
      (
        "", "validation",
        "no usable validation utterance is left after files were dropped; mend the files or change the folds."
      ),
      (
        "", "test",
        "no usable test utterance of one is left after files were dropped; mend the files or change the folds."
      ),
    ])
  func emptied(label: String, split: String, sentence: String) throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 3)
      corpus.split()
      try laboratory.write(corpus, as: "one")
      for row in corpus.rows where row.split == split && row.file.hasPrefix(label) {
        try Data("no sound".utf8).write(to: laboratory.url("one/\(row.file)"))
      }
      let summary = try laboratory.run(
        laboratory.plan(),
        Self.short + ["audio.unreadable=drop", "protocol.within={csv: one/manifest.csv}"])
      #expect(summary.failures.map(\.reason) == [sentence])
      #expect(summary.trained == 0)
    }
  }

  @Test("a cache that cannot be written ends the run; it is no fault of the audio")
  func unwritableCache() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.folder.write(["cache": "a file where the folder should be"])
      let experiment = try laboratory.experiment(laboratory.plan(), ["audio.unreadable=drop"])
      let sentence = laboratory.sentence { _ = try laboratory.run(experiment) } ?? ""
      #expect(sentence.hasPrefix("cache/features/"))
      #expect(sentence.hasSuffix("; check the disk and its permissions."))
    }
  }

  @Test("a test corpus without one of the classes is named before anything is trained")
  func missingClass() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var corpus = ToneCorpus(seed: 2)
      corpus.rows.removeAll { $0.label != "low" }
      try laboratory.write(corpus, as: "two")
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = Self.short + ["train_on=[one]"]
      #expect(
        laboratory.sentence { _ = try laboratory.experiment(text, settings) }
          == "plan.yaml:19: protocol.missing_classes: corpus two: no utterance is mid or high; leave it out of "
          + "test_on, or use protocol.missing_classes: allow to score it over the classes that it has."
      )
      #expect(
        laboratory.sentence { _ = try laboratory.experiment(text, settings + ["test_on=[one]"]) }
          == nil)
      try laboratory.run(text, settings + ["protocol.missing_classes=allow"])
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(Set(table.rows.filter { $0[2] == "two" }.map { $0[8] }) == ["low"])

      for index in corpus.rows.indices { corpus.rows[index].label = "other" }
      try laboratory.write(corpus, as: "two")
      #expect(
        laboratory.sentence {
          _ = try laboratory.experiment(text, settings + ["protocol.missing_classes=allow"])
        }
          == "plan.yaml:6: labels: corpus two: no utterance has a class of the label space; map its labels in "
          + "labels.map, or leave it out of test_on.")
    }
  }

  @Test("normalization by speaker needs every speaker, in training and in test corpora")
  func speakerless() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var corpus = ToneCorpus(seed: 2)
      corpus.rows[3].speaker = ""
      corpus.rows[4].speaker = ""
      try laboratory.write(corpus, as: "two")
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = ["train_on=[one]", "features.normalization=speaker"]
      #expect(
        laboratory.sentence { _ = try laboratory.experiment(text, settings) }
          == "command line: features.normalization: corpus two: 'speaker' needs to know who speaks, but 2 of 36 "
          + "utterances have no speaker (mid-s1-0.wav); name the speakers, or normalize by corpus.")
      #expect(
        laboratory.sentence { _ = try laboratory.experiment(text, settings + ["test_on=[one]"]) }
          == nil)
    }
  }
}
