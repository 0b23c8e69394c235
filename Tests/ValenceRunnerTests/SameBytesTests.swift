import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceRunner

@Suite("The same inputs give the same bytes")
struct SameBytesTests {
  private static let sweep = "sweep: {grid: {features.fusion: [mel, concat]}}\n"
  private static let short = ["training.epochs=2"]

  @Test("whatever the number of jobs, however often, with a fresh and a warm cache")
  func jobs() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], Self.sweep)
      func files(_ way: Laboratory.Way) throws -> [String: Data] {
        let summary = try laboratory.run(text, Self.short, way)
        #expect(summary.trained == 8)
        return try laboratory.files(way.results)
      }
      let first = try files(.init(results: "first", cache: "cold"))
      #expect(first.count > 8 * 5)
      for (index, jobs) in [1, 2, 4].enumerated() {
        let again = try files(
          .init(
            results: "again\(index)", cache: index == 1 ? "fresh" : "cold", jobs: jobs, cores: 4))
        expectSame(first, again)
      }
    }
  }

  @Test("whatever the number of threads of a lone trial")
  func threads() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(clips: 5), as: "one")
      var files: [[String: Data]] = []
      for threads in [1, 2, 4] {
        let way = Laboratory.Way(results: "on\(threads)", cores: threads, only: { $0.number == 1 })
        let summary = try laboratory.run(laboratory.plan(), Self.short, way)
        #expect(summary.trained == 1)
        files.append(try laboratory.files(way.results))
      }
      expectSame(files[0], files[1])
      expectSame(files[0], files[2])
    }
  }

  private func keys(_ laboratory: Laboratory, _ text: String, _ overrides: [String] = []) throws
    -> Set<String>
  {
    Set(try laboratory.experiment(text, overrides).trials.map(\.key))
  }

  @Test("trials keep their keys when names, order and comments change")
  func keysKept() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"])
      let expected = try keys(laboratory, text)
      #expect(expected.count == 4)
      #expect(try keys(laboratory, laboratory.plan("other", corpora: ["two", "one"])) == expected)
      #expect(try keys(laboratory, text + "# a remark\ntitle: Another title\n") == expected)
      #expect(try keys(laboratory, text, ["report.headline=accuracy"]) == expected)
      // Without MFCC in the input, their number is no setting of the trial.
      #expect(try keys(laboratory, text, ["features.mfcc.coefficients=5"]) == expected)
      for (old, new) in [("one", "uno"), ("two", "due")] {
        try FileManager.default.moveItem(at: laboratory.url(old), to: laboratory.url(new))
      }
      #expect(try keys(laboratory, laboratory.plan(corpora: ["uno", "due"])) == expected)
      // What a network is tested on beside its own corpus does not make it another network.
      #expect(try keys(laboratory, laboratory.plan(corpora: ["uno"])).isSubset(of: expected))
    }
  }

  @Test("trials have other keys when a setting, the seed, a sound, a label or a speaker changes")
  func keysDiffer() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 6)
      try laboratory.write(corpus, as: "one")
      let text = laboratory.plan()
      let before = try keys(laboratory, text)
      #expect(before.count == 2)
      func expectOthers(_ what: String, _ overrides: [String] = []) throws {
        let now = try keys(laboratory, text, overrides)
        #expect(now.isDisjoint(with: before), "\(what)")
      }
      for override in [
        "training.epochs=9", "training.optimizer.learning_rate=0.021", "features.hop_ms=21",
        "features.normalization=corpus", "model.rnn.hidden=5", "audio.clip_s=0.45",
        "training.augmentation=none", "seeds=[2]",
      ] {
        try expectOthers(override, [override])
      }
      try expectOthers("classes in another order", ["labels.classes=[mid, low, high]"])
      #expect(
        try keys(laboratory, text, ["protocol.within.speaker_folds=3"]).isDisjoint(with: before))
      #expect(
        try keys(laboratory, text, ["protocol.validation.speakers=2"]).isDisjoint(with: before))

      let file = laboratory.url("one/\(corpus.rows[0].file)")
      let sound = try Data(contentsOf: file)
      var other = sound
      other[other.count - 1] ^= 1
      try other.write(to: file)
      try expectOthers("one bit of sound")
      try sound.write(to: file)
      #expect(try keys(laboratory, text) == before)

      let label = corpus.rows[0].label
      corpus.rows[0].label = "high"
      try laboratory.write(corpus, as: "one")
      try expectOthers("a label")
      corpus.rows[0].label = label
      corpus.rows[0].speaker = "s2"
      try laboratory.write(corpus, as: "one")
      try expectOthers("a speaker")
      corpus.rows[0].speaker = "s1"
      corpus.rows.removeLast()
      try laboratory.write(corpus, as: "one")
      try expectOthers("an utterance less")
    }
  }
}
