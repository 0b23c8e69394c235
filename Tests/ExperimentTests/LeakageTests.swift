import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@Suite("Nothing of the test speech reaches training")
struct LeakageTests {
  /// The network and history of the only trial of a run under a published split.
  private func trained(
    _ laboratory: Laboratory, _ corpus: ToneCorpus, in results: String, _ overrides: [String] = []
  ) throws -> [Data] {
    try laboratory.write(corpus, as: "one")
    try laboratory.run(
      laboratory.plan(),
      ["protocol.within={csv: one/manifest.csv}", "training.epochs=3"] + overrides,
      .init(results: results))
    let store = laboratory.store("study", in: results)
    let record = try #require(try store.records().first)
    return try ["model.safetensors", "history.csv"].map {
      try Data(contentsOf: store.trialFolder(record.key).appending(path: $0))
    }
  }

  private func corpus() -> ToneCorpus {
    var corpus = ToneCorpus()
    corpus.split()
    return corpus
  }

  @Test("test labels have no influence on the network")
  func labels() throws {
    try Laboratory.with { laboratory in
      var corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before")
      for index in corpus.rows.indices where corpus.rows[index].split == "test" {
        let label = corpus.rows[index].label
        corpus.rows[index].label = label == "low" ? "mid" : label == "mid" ? "high" : "low"
      }
      let after = try trained(laboratory, corpus, in: "after")
      #expect(before == after)
      // The comparison can fail: training labels do have an influence.
      let first = try #require(corpus.rows.firstIndex { $0.split == "train" })
      corpus.rows[first].label = "high"
      #expect(try trained(laboratory, corpus, in: "other") != before)
    }
  }

  @Test("normalization by train looks at the training utterances alone")
  func normalization() throws {
    try Laboratory.with { laboratory in
      let corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before")
      let withCorpus = try trained(
        laboratory, corpus, in: "before-corpus", ["features.normalization=corpus"])
      var random = RandomStream(seed: 9, "noise")
      for row in corpus.rows where row.split == "test" {
        let noise = (0..<4000).map { _ in Float(0.1 * random.normal()) }
        try ToneCorpus.wav(noise).write(to: laboratory.url("one/\(row.file)"))
      }
      #expect(try trained(laboratory, corpus, in: "after") == before)
      // By definition the statistics of the corpus do follow its test speech.
      let after = try trained(
        laboratory, corpus, in: "after-corpus", ["features.normalization=corpus"])
      #expect(after != withCorpus)

      let row = try #require(corpus.rows.first { $0.split == "train" })
      let noise = (0..<4000).map { _ in Float(0.1 * random.normal()) }
      try ToneCorpus.wav(noise).write(to: laboratory.url("one/\(row.file)"))
      #expect(try trained(laboratory, corpus, in: "other") != before)
    }
  }

  @Test(
    "whatever training is asked for, neither speech nor labels of the test have an influence",
    arguments: [
      "training.loss.class_weights=balanced", "training.loss.class_weights=none",
      "features.normalization=none", "features.normalization=speaker",
      "audio.long_clips=windows", "training.augmentation.speed=[0.9, 1.0]",
      "training.augmentation.noise={snr_db: [10, 20]}", "training.augmentation.mixup=0.2",
    ])
  func settings(_ setting: String) throws {
    try Laboratory.with { laboratory in
      var corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before", [setting])
      var random = RandomStream(seed: 9, "noise")
      for index in corpus.rows.indices where corpus.rows[index].split == "test" {
        let label = corpus.rows[index].label
        corpus.rows[index].label = label == "low" ? "mid" : label == "mid" ? "high" : "low"
        let noise = (0..<5000).map { _ in Float(0.1 * random.normal()) }
        try ToneCorpus.wav(noise).write(to: laboratory.url("one/\(corpus.rows[index].file)"))
      }
      #expect(try trained(laboratory, corpus, in: "after", [setting]) == before)
    }
  }

  @Test("the speech and labels of corpora that are only tested on have no influence")
  func otherCorpora() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      func trained(_ two: ToneCorpus, _ results: String) throws -> [Data] {
        try laboratory.write(two, as: "two")
        try laboratory.run(
          laboratory.plan(corpora: ["one", "two"]), ["training.epochs=3", "train_on=[one]"],
          .init(results: results))
        let store = laboratory.store("study", in: results)
        return try store.records().map(\.key).sorted().map {
          try Data(contentsOf: store.trialFolder($0).appending(path: "model.safetensors"))
        }
      }
      let before = try trained(ToneCorpus(seed: 2), "before")
      try FileManager.default.removeItem(at: laboratory.url("two"))
      var other = ToneCorpus(speakers: 3, seed: 3)
      for index in other.rows.indices { other.rows[index].label = ToneCorpus.classes[index % 3] }
      let after = try trained(other, "after")
      #expect(before.count == 2)
      #expect(before == after)
    }
  }

  @Test("copies that are left out of training have no influence, as if they had never been there")
  func copies() throws {
    try Laboratory.with { laboratory in
      var corpus = corpus()
      let before = try trained(laboratory, corpus, in: "before")
      let tested = try #require(corpus.rows.first { $0.split == "test" })
      let learned = try #require(corpus.rows.first { $0.split == "train" })
      var copy = ToneCorpus.Row(
        file: "copy.wav", speaker: learned.speaker, label: learned.label)
      copy.split = "train"
      corpus.rows.append(copy)
      try FileManager.default.copyItem(
        at: laboratory.url("one/\(tested.file)"), to: laboratory.url("one/copy.wav"))
      let settings = ["protocol.duplicates=leave_out_of_training"]
      #expect(try trained(laboratory, corpus, in: "after", settings) == before)
      let allowed = ["protocol.duplicates=allow"]
      #expect(try trained(laboratory, corpus, in: "allowed", allowed) != before)
    }
  }
}
