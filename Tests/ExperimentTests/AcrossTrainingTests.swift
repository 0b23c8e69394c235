import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Networks for other corpora that learn from all of a corpus")
struct AcrossTrainingTests {
  private static let short = ["training.epochs=1"]

  @Test("pairs: folds are tested within, one more network learns from all and is tested elsewhere")
  func pairs() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = Self.short + ["protocol.across.train=all"]
      let experiment = try laboratory.experiment(text, settings)
      #expect(experiment.trials.map(\.fold.name) == ["1", "2", "all", "1", "2", "all"])
      for trial in experiment.trials {
        let utterances = experiment.corpus(trial.train).labeled.utterances
        let part = try #require(trial.fold.parts.first)
        if trial.fold.name == "all" {
          #expect(trial.tests.map(\.name) == [trial.train == "one" ? "two" : "one"])
          #expect(trial.tests.allSatisfy { !$0.isWithin })
          #expect(
            (part.fold.train + part.fold.validation).sorted() == Array(utterances.indices))
          #expect(!part.fold.validation.isEmpty)
          // Validation speakers are held out of training here too.
          let validation = Set(part.fold.validation.map { utterances[$0].utterance.speaker })
          let train = Set(part.fold.train.map { utterances[$0].utterance.speaker })
          #expect(validation.isDisjoint(with: train))
        } else {
          #expect(trial.tests.map(\.name) == [trial.train])
        }
      }
      try laboratory.run(text, settings)
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let rows = table.rows.filter { $0[5] == "uar" }
      #expect(rows.filter { $0[1] != $0[2] }.map { $0[3] } == ["all", "all"])
      #expect(
        rows.filter { $0[1] == $0[2] }.map { $0[3] } == ["1", "2", "pooled", "1", "2", "pooled"])
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "a network that is tested on other corpora learns from all of its own"))
      let plan = try PlanSummary(
        experiment,
        runner: Runner(
          experiment, store: laboratory.store(),
          cache: FeatureCache(folder: laboratory.url("cache")), control: RunControl { _ in }))
      #expect(plan.corpora[0].folds.map(\.name) == ["1", "2", "all"])
    }
  }

  @Test("what is trained on folds keeps its key, and is not trained again")
  func keys() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let text = laboratory.plan(corpora: ["one", "two"])
      let folds = try laboratory.experiment(text, Self.short)
      let all = try laboratory.experiment(text, Self.short + ["protocol.across.train=all"])
      #expect(
        folds.trials.map(\.key) == all.trials.filter { $0.fold.name != "all" }.map(\.key))
    }
  }

  @Test("pooled: a network of all training corpora for a corpus that none of them is")
  func pooled() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let settings =
        Self.short + ["protocol.across={kind: pooled, train: all}", "train_on=[one, two]"]
      let text = laboratory.plan(corpora: ["one", "two", "three"])
      let experiment = try laboratory.experiment(text, settings)
      #expect(experiment.trials.map(\.fold.name) == ["1", "2", "all"])
      #expect(
        experiment.trials.map { $0.tests.map(\.name) } == [
          ["one", "two"], ["one", "two"], ["three"],
        ])
      #expect(
        experiment.trials[2].fold.parts.map { $0.fold.train.count + $0.fold.validation.count }
          == [36, 30])
    }
  }

  @Test("where nothing is tested within, there are no folds to train")
  func onlyAcross() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let experiment = try laboratory.experiment(
        laboratory.plan(corpora: ["one", "two"]),
        ["protocol.across.train=all", "train_on=[one]", "test_on=[two]"])
      #expect(experiment.trials.map(\.fold.name) == ["all"])
    }
  }

  @Test("a fold that is called all keeps its name")
  func name() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      for index in corpus.rows.indices where corpus.rows[index].speaker == "s1" {
        corpus.rows[index].speaker = "all"
      }
      try laboratory.write(corpus, as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let experiment = try laboratory.experiment(
        laboratory.plan(corpora: ["one", "two"]),
        ["protocol.across.train=all", "protocol.within=leave_one_speaker_out", "train_on=[one]"])
      #expect(
        experiment.trials.map(\.fold.name).sorted() == ["all", "s2", "s3", "s4", "whole all"])
    }
  }

  @Test("copies of what is tested are found in the whole corpus too")
  func copies() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let file = laboratory.url("two/low-s1-0.wav")
      try FileManager.default.removeItem(at: file)
      try FileManager.default.copyItem(at: laboratory.url("one/low-s1-0.wav"), to: file)
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = ["protocol.across.train=all", "train_on=[one]", "test_on=[two]"]
      let said = laboratory.sentence { _ = try laboratory.experiment(text, settings) }
      #expect(said?.contains("protocol.duplicates") == true)
      let experiment = try laboratory.experiment(
        text, settings + ["protocol.duplicates=leave_out_of_training"])
      let part = try #require(experiment.trials.first?.fold.parts.first)
      #expect(part.fold.train.count + part.fold.validation.count == 35)
    }
  }
}
