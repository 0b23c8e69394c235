import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValencePlan
import ValenceReport
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict
@testable import ValenceTraining

@Suite("Classic models as trials")
struct ClassicTrialTests {
  private static let kinds = ["majority", "ridge", "kernel_ridge", "svm", "logistic", "lda"]
  /// A network of one epoch beside a classic model, each in two folds.
  private static let beside =
    "sweep={variants: {network: {}, ridge: {model.classic: ridge}}}"

  private func with(
    _ overrides: [String], way: Laboratory.Way = .init(),
    _ body: (Laboratory, RunStore) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let summary = try laboratory.run(laboratory.plan(), ["training.epochs=1"] + overrides, way)
      #expect(summary.failures.isEmpty, "\(summary.failures)")
      try body(laboratory, laboratory.store())
    }
  }

  @Test(
    "one trial a fold whatever the seeds, without epochs, fitted to train and validation",
    arguments: kinds)
  func trials(kind: String) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let overrides = ["model.classic=\(kind)", "seeds=[3, 4, 5]"]
      let experiment = try laboratory.experiment(laboratory.plan(), overrides)
      #expect(experiment.trials.map(\.seed) == [0, 0])
      #expect(try laboratory.run(experiment).trained == 2)
      let records = try laboratory.store().records()
      for (trial, record) in zip(experiment.trials, records) {
        let fold = try #require(trial.fold.parts.first?.fold)
        #expect(record.training.train.utterances == fold.train.count + fold.validation.count)
        #expect(record.training.validation.utterances == 0)
        #expect((record.training.epochs, record.training.bestEpoch) == (0, 0))
        #expect(record.training.trainCounts.reduce(0, +) == record.training.train.utterances)
        #expect(try laboratory.store().history(of: record).isEmpty)
        #expect(!record.settings.contains("training"))
      }
      #expect(try laboratory.run(experiment).reused == 2)
      try laboratory.report()
      let results = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let uar = results.rows.filter { $0[5] == "uar" && $0[3] == "pooled" }.compactMap {
        Double($0[6])
      }
      // Tones of three pitches are told apart by all that learn at all.
      #expect(uar.count == 1 && (kind == "majority" ? abs(uar[0] - 1 / 3) < 1e-9 : uar[0] > 0.9))
    }
  }

  @Test("every number of jobs and cores leaves the same bytes")
  func sameBytes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan(
        "study", "sweep: {grid: {model.classic: [svm, kernel_ridge, lda, logistic]}}\n"
      )
      .replacing(try Regex("training:\n(  .*\n)+"), with: "")
      .replacing(try Regex("model:\n(  .*\n)+"), with: "")
      for (results, jobs) in [("a", 1), ("b", 4)] {
        try laboratory.run(
          text, [], .init(results: results, cache: "cache-\(results)", jobs: jobs, cores: jobs))
      }
      expectSame(try laboratory.files("a"), try laboratory.files("b"))
    }
  }

  @Test(
    "files of the test fold get the probabilities of the stored predictions",
    arguments: kinds.map { ["model.classic=\($0)"] } + [
      ["model.classic={name: svm, pooling: mean_std}", "features.fusion=concat"],
      ["model.classic={name: kernel_ridge, kernels: group}", "features.fusion=concat"],
      ["model.classic=ridge", "features.normalization=none"],
      ["model.classic=ridge", "audio.clip_s=0.3", "audio.long_clips=windows"],
      ["model.classic=lda", "features.fusion=prosody"],
    ])
  func predict(overrides: [String]) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), overrides, .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 2)
      for prediction in try store.predictions(of: record, on: "one") {
        let file = laboratory.url("one/\(prediction.segment.file)")
        let answer = try #require(predictor.predict([file], windows: nil)[0].answers.first)
        #expect(answer.prediction == predictor.classes[prediction.prediction])
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          #expect(abs((answer.probabilities[name] ?? -1) - expected) <= 1e-6)
        }
        let windows = predictor.predict([file], windows: WindowOptions())[0].answers
        #expect(windows.count == (overrides.contains("audio.clip_s=0.3") ? 3 : 1))
        #expect(windows.allSatisfy { abs($0.probabilities.values.reduce(0, +) - 1) < 1e-5 })
      }
    }
  }

  @Test(
    "statistics of a corpus or speaker are formed over clips, and of the files at hand in predict")
  func byCorpus() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan(), ["model.classic=ridge", "features.normalization=corpus"])
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      #expect(record.warnings == [.testStatistics(of: "corpus")])
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 1)
      let files = ToneCorpus().rows.map(\.file)
      let answers = predictor.predict(files.map { laboratory.url("one/\($0)") }, windows: nil)
        .flatMap(\.answers)
      for prediction in try store.predictions(of: record, on: "one") {
        let index = try #require(files.firstIndex(of: prediction.segment.file))
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          #expect(abs((answers[index].probabilities[name] ?? -1) - expected) <= 1e-5)
        }
      }
    }
  }

  @Test("networks and classic models together give their mean where they have the same classes")
  func ensemble() throws {
    try with([Self.beside]) { laboratory, store in
      let models = try store.records().map { store.trialFolder($0.key) }
      #expect(models.count == 4)
      let predictor = try Predictor(models: models, threads: 1)
      let file = laboratory.url("one/\(ToneCorpus().rows[0].file)")
      let answers = predictor.predict([file], windows: nil)[0].answers
      #expect(answers.count == 5 && answers.last?.model == Predictor.ensemble)
    }
  }

  @Test("a network and a classic model are compared, though one has seeds and the other has none")
  func compared() throws {
    let seeds = ["seeds=[1, 2]"]
    try with([Self.beside] + seeds) { laboratory, store in
      for ofNetworks in [false, true] {
        let comparison = try Comparison([store], ofNetworks: ofNetworks)
        let row = try #require(comparison.rows.first)
        #expect(row.untested == nil && row.p != nil, "\(row)")
        #expect((row.first.networks, row.second.networks) == (4, 2))
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("Classic models (ridge): fitted once, without seeds"))
      #expect(!summary.contains("Validation chooses"), "a lone network is not chosen")
    }
  }

  @Test("a finished classic model is scored on new speech without being fitted again")
  func rescored() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan("study", corpora: ["one", "two"])
      let overrides = ["model.classic=svm", "train_on=[one]"]
      _ = try laboratory.run(laboratory.experiment(text, overrides + ["test_on=[one]"]))
      let both = try laboratory.run(laboratory.experiment(text, overrides))
      #expect((both.trained, both.scored) == (0, 2))
    }
  }

  @Test(
    "speakers decide what is learned, so they are part of a classic trial's name and not of a network's"
  )
  func speakers() throws {
    try Laboratory.with { laboratory in
      func keys(_ corpus: ToneCorpus, _ name: String) throws -> [String] {
        var corpus = corpus
        corpus.split()
        try laboratory.write(corpus, as: name)
        let text = laboratory.plan(name, corpora: [name])
        return try laboratory.experiment(text, [Self.beside, "protocol.within=official"]).trials
          .map(\.key)
      }
      let before = try keys(ToneCorpus(speakers: 5), "one")
      var corpus = ToneCorpus(speakers: 5)
      // Other names for the same speakers are the same data; other partners are not.
      for index in corpus.rows.indices where corpus.rows[index].speaker == "s1" {
        corpus.rows[index].speaker = "s0"
      }
      #expect(try keys(corpus, "renamed") == before)
      for index in corpus.rows.indices where corpus.rows[index].speaker == "s0" {
        corpus.rows[index].speaker = "s2"
      }
      let joined = try keys(corpus, "joined")
      #expect(joined[0] == before[0] && joined[1] != before[1])
    }
  }

  @Test(
    "no two known speakers to learn from: nothing can be nested, which is said before anything is read"
  )
  func oneSpeaker() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 3)
      corpus.split()
      for index in corpus.rows.indices where corpus.rows[index].split != "test" {
        corpus.rows[index].speaker = ""
      }
      try laboratory.write(corpus, as: "one")
      let overrides = ["protocol.within=official"]
      let sentence = laboratory.sentence {
        _ = try laboratory.experiment(laboratory.plan(), overrides + ["model.classic=ridge"])
      }
      #expect(
        sentence?.contains(
          "nested chooses the penalty by inner folds of whole training speakers, but fold official of one has fewer than "
            + "two known ones to learn from; give a number (variant base).") == true,
        "\(sentence ?? "")")
      let fixed = try laboratory.experiment(
        laboratory.plan(), overrides + ["model.classic={name: ridge, penalty: 1}"])
      #expect(try laboratory.run(fixed).trained == 1)
      // A baseline that nobody asked for stops nothing.
      let plan = laboratory.plan("study", "baselines: [majority, svm]\n")
      let experiment = try laboratory.experiment(plan, overrides)
      #expect(experiment.baselines.map(\.name) == ["baseline majority"])
      #expect(experiment.baselineRemarks.count == 1)
    }
  }
}
