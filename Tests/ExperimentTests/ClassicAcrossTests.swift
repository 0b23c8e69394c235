import Foundation
import Testing
import ValenceClassic
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValenceFeatures
import ValencePlan
import ValenceReport
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Classic models across corpora")
struct ClassicAcrossTests {
  private static let leaveOut = "protocol.across=leave_one_corpus_out"
  private static let ridge = "model.classic={name: ridge, penalty: 1}"
  private static let adapting = "model.classic={name: ridge, penalty: 1, self_training: {}}"

  private func prepared(_ body: (Laboratory, String) throws -> Void) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      try laboratory.write(ToneCorpus(speakers: 4, clips: 1, seed: 3), as: "three")
      try body(laboratory, laboratory.plan(corpora: ["one", "two", "three"]))
    }
  }

  @Test("train: all fits one model of every clip for the other corpora; nobody is held out of it")
  func all() throws {
    try prepared { laboratory, text in
      let settings = [Self.ridge, "protocol.across.train=all"]
      try laboratory.run(text, settings)
      let store = laboratory.store()
      let whole = try store.read([TrialListing].self, from: .trials).filter {
        $0.name.fold == "all"
      }
      #expect(whole.map(\.name.train) == ["one", "two", "three"])
      let clips = try whole.map { try #require(try store.trial($0.key)).training.train.utterances }
      #expect(clips == [36, 30, 12])
    }
  }

  @Test("statistics that a corpus declares normalize its vectors, and every result says so")
  func declared() throws {
    try prepared { laboratory, text in
      let settings = [
        Self.ridge, Self.leaveOut, "features.normalization=speaker",
        "corpora.two.normalization=corpus",
      ]
      try laboratory.run(text, settings)
      for record in try laboratory.store().records() {
        #expect(record.warnings.contains(.declaredStatistics(of: "corpus", corpus: "two")))
      }
      let experiment = try laboratory.experiment(text, settings)
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let source = try VectorSource(
        experiment.corpora, variant: experiment.plan.variants[0], library: library, training: nil)
      let control = RunControl { _ in }
      func mean(_ indices: [Int]) throws -> Double {
        let values = try source.vectors(of: indices, control: control)
        return stride(from: 0, to: values.count, by: source.vector.count)
          .reduce(0) { $0 + Double(values[$1]) }
          / Double(indices.count)
      }
      let (one, two) = (Array(0..<36), Array(36..<66))
      let lone = [one, two].map { $0.filter { source.clips.utterance(of: $0).speaker == "s1" } }
      #expect(try abs(mean(lone[0])) < 1e-4)
      #expect(try abs(mean(lone[1])) > 1e-3)
      #expect(try abs(mean(two)) < 1e-4)
    }
  }

  @Test("balance lets each training corpus count the same, and is part of a trial's name with them")
  func balance() throws {
    try prepared { laboratory, text in
      let plain = try laboratory.experiment(text, [Self.ridge, Self.leaveOut])
      let settings = ["model.classic={name: ridge, penalty: 1, balance: corpus}", Self.leaveOut]
      let balanced = try laboratory.experiment(text, settings)
      #expect(Set(plain.trials.map(\.key)).isDisjoint(with: balanced.trials.map(\.key)))
      let library = try FeatureLibrary.load(
        balanced, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let clips = ClassicClips(experiment: balanced, library: library, trial: balanced.trials[0])
      let data = try clips.data(normalizer: clips.normalizer, control: RunControl { _ in })
      // Of two corpora with 30 and 12 clips.
      #expect(data.weights.min() == 42.0 / 60)
      #expect(abs(data.weights.reduce(0, +) - 42) < 1e-9)
      #expect(data.weights.count { $0 == 42.0 / 24 } == 12)
    }
  }

  @Test("inner folds of corpora: a choice that needs two, and another trial")
  func innerCorpora() throws {
    try prepared { laboratory, text in
      let settings = ["model.classic={name: ridge, inner: corpora}", Self.leaveOut]
      let experiment = try laboratory.experiment(text, settings)
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let clips = ClassicClips(
        experiment: experiment, library: library, trial: experiment.trials[0])
      let data = try clips.data(normalizer: clips.normalizer, control: RunControl { _ in })
      #expect(Set(data.speakers).count == 2)
      let said = laboratory.sentence {
        _ = try laboratory.experiment(
          text,
          [settings[0], "protocol.across={kind: leave_one_corpus_out, nested: true}"])
      }
      #expect(
        said?.contains(
          "nested chooses the penalty by inner folds of whole training corpora, but fold all of three has "
            + "fewer than two to learn from; give a number, or set inner to speakers (variant base)"
        )
          == true, "\(said ?? "")")
    }
  }

  @Test(
    "self-training: a row beside for speakers that were not adapted on; all results say what was done"
  )
  func selfTraining() throws {
    try prepared { laboratory, text in
      let settings = [Self.adapting, Self.leaveOut]
      let experiment = try laboratory.experiment(text, settings)
      #expect(experiment.plan.variants.map(\.name) == ["base", "base (other speakers)"])
      try laboratory.run(text, settings)
      let store = laboratory.store()
      let listings = try store.read([TrialListing].self, from: .trials)
      for listing in listings {
        let record = try #require(try store.trial(listing.key))
        #expect(
          record.warnings.contains(
            .selfTraining(rounds: 3, isOnOthers: listing.name.variant != "base")))
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains("Adapted to unlabeled test speech: self-training in 3 rounds (base)."))
      #expect(
        summary.contains(
          "Adapted to unlabeled test speech of one half of the speakers, and is scored on the other half"
        ))
      // What is kept is the model as it was fitted, the same for both.
      let trial = experiment.trials[0]
      let plain = try laboratory.experiment(text, [Self.ridge, Self.leaveOut]).trials[0]
      try laboratory.run(text, [Self.ridge, Self.leaveOut], .init(results: "plain"))
      let other = laboratory.store(in: "plain")
      func weights(_ store: RunStore, _ key: String) throws -> [Float] {
        let model = try store.model(of: try #require(try store.trial(key)))
        return try #require(model.arrays["weights"])
          .values
      }
      #expect(try weights(store, trial.key) == weights(other, plain.key))
      func logits(_ store: RunStore, _ key: String) throws -> [Prediction] {
        try store.predictions(of: try #require(try store.trial(key)), on: "one")
      }
      let others = try #require(listings.first { $0.name.variant != "base" })
      let (adapted, before) = (try logits(store, trial.key), try logits(other, plain.key))
      #expect(adapted != before)
      #expect(try logits(store, others.key) != adapted)
    }
  }

  @Test("a finished model adapts to new test speech as it would have when it was fitted")
  func rescored() throws {
    try prepared { laboratory, text in
      let settings = [Self.adapting, "train_on=[one]"]
      _ = try laboratory.run(laboratory.experiment(text, settings + ["test_on=[one]"]))
      let later = try laboratory.run(laboratory.experiment(text, settings))
      #expect((later.trained, later.scored) == (0, 4))
      _ = try laboratory.run(
        laboratory.experiment(text, settings), .init(results: "together", cores: 2))
      for record in try laboratory.store().records() {
        for corpus in ["one", "two", "three"] {
          let other = laboratory.store(in: "together")
          let same = try #require(try other.trial(record.key))
          #expect(
            try laboratory.store().predictions(of: record, on: corpus)
              == other.predictions(of: same, on: corpus))
        }
      }
    }
  }

  @Test("tests of one speaker leave none to be scored that was not adapted to")
  func oneSpeaker() throws {
    try prepared { laboratory, text in
      let said = laboratory.sentence {
        _ = try laboratory.experiment(
          text, [Self.adapting, "protocol.across=none", "protocol.within=leave_one_speaker_out"])
      }
      #expect(
        said?.contains(
          "self-training is scored beside on speakers that it has not adapted to, but fold s1 of one tests "
            + "fewer than two known speakers of one") == true, "\(said ?? "")")
    }
  }
}
