import Foundation
import Testing
import ValenceClassic
import ValenceCore
import ValenceEvaluation
import ValenceFeatures
import ValencePlan
import ValenceReport
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict
@testable import ValenceStore
@testable import ValenceTraining

@Suite("What inner folds choose for classic models")
struct ClassicChoiceTests {
  private static let encoder = [
    "audio.rate_hz=16000", "features.encoder={path: tiny-whisper, layer: nested}",
  ]

  private static let alone = encoder + ["features.fusion=encoder"]

  private func with(
    _ overrides: [String], _ body: (Laboratory, RunStore) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      _ = try TinyEncoder(in: laboratory.url(""))
      let summary = try laboratory.run(laboratory.plan(), overrides)
      #expect(summary.failures.isEmpty, "\(summary.failures)")
      try body(laboratory, laboratory.store())
    }
  }

  @Test(
    "the chosen layer and pooling give the model and scores of an experiment that names them",
    arguments: ["train", "speaker"])
  func asNamed(normalization: String) throws {
    let common = ["features.normalization=\(normalization)", "baselines=none"]
    try with(common + Self.alone + ["model.classic={name: ridge, pooling: nested}"]) {
      laboratory, store in
      for record in try store.records() {
        let choice = try #require(record.training.choice)
        let layer = try #require(choice.layer)
        let layers = try #require(choice.layerUARs)
        #expect(layers.count == 3 && layers.max() == choice.innerUAR)
        #expect(layers.firstIndex(of: choice.innerUAR) == layer)
        #expect(choice.key == "penalty" && choice.isChosen && choice.hasConverged)
        let pooling = try #require(choice.pooling)
        let named =
          common + [
            "audio.rate_hz=16000", "features.fusion=encoder",
            "features.encoder={path: tiny-whisper, layer: \(layer)}",
            "model.classic={name: ridge, pooling: \(pooling)}", "name=named",
          ]
        try laboratory.run(laboratory.plan(), named)
        let other = laboratory.store("named")
        let twin = try #require(
          try other.records().first {
            $0.training.train.digest == record.training.train.digest
          })
        #expect(
          try other.predictions(of: twin, on: "one") == store.predictions(of: record, on: "one"))
        #expect(twin.training.choice?.strength == choice.strength)
        #expect(twin.training.choice?.innerUAR == choice.innerUAR)
        #expect(twin.training.choice?.layer == nil && twin.training.choice?.pooling == nil)
      }
    }
  }

  @Test(
    "files of the test fold get the probabilities of the stored predictions",
    arguments: [
      ["model.classic={name: lda, pooling: nested}", "features.fusion=encoder"],
      ["model.classic=svm", "features.fusion=encoder"],
      ["model.classic={name: ridge, penalty: 1, pooling: nested}", "features.fusion=branches"],
    ])
  func predict(overrides: [String]) throws {
    try with(Self.encoder + overrides + ["baselines=none"]) { laboratory, store in
      let record = try #require(try store.records().first)
      #expect(record.training.choice?.layer != nil)
      let predictor = try Predictor(
        models: [store.trialFolder(record.key)], encoder: laboratory.url("tiny-whisper"),
        threads: 1)
      for prediction in try store.predictions(of: record, on: "one") {
        let file = laboratory.url("one/\(prediction.segment.file)")
        let answer = try #require(predictor.predict([file], windows: nil)[0].answers.first)
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          #expect(abs((answer.probabilities[name] ?? -1) - expected) <= 1e-5)
        }
      }
    }
  }

  @Test("every number of jobs and cores leaves the same bytes, and a network shares the states")
  func sameBytes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      _ = try TinyEncoder(in: laboratory.url(""))
      let sweep =
        "sweep={variants: {nested: {model.classic: ridge}, svm: {model.classic: {name: svm, pooling: nested}}, "
        + "network: {features.encoder.layer: weighted}}}"
      for (results, jobs) in [("a", 1), ("b", 4)] {
        let summary = try laboratory.run(
          laboratory.plan(), Self.alone + [sweep, "training.epochs=1", "model.rnn=none"],
          .init(results: results, cache: "cache-\(results)", jobs: jobs, cores: jobs))
        #expect(summary.failures.isEmpty, "\(summary.failures)")
      }
      expectSame(try laboratory.files("a"), try laboratory.files("b"))
      let states = try laboratory.files("cache-a").keys.filter { $0.hasSuffix(".floats") }
      #expect(states.count == 36, "all states, once a clip")
    }
  }

  @Test("what was chosen stands in a table of the summary, and old records have none")
  func table() throws {
    try with(Self.alone + ["model.classic={name: lda, pooling: nested}"]) { laboratory, store in
      try laboratory.report()
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("## What inner folds chose\n"))
      #expect(summary.contains("| strength  |") && summary.contains("| shrinkage |"))
      #expect(summary.contains("| layer 2 |"))
      #expect(summary.contains("No seeds: every model is fitted once."))
      #expect(summary.contains("nobody held back for validation"))
      #expect(!summary.contains("network"), "\(summary)")
      // A record from before there were choices.
      for record in try store.records() {
        let url = store.trialFolder(record.key).appending(path: "trial.json")
        var old = record
        old.training.choice = nil
        try old.sealed().write(to: url)
        #expect(!(try String(contentsOf: url, encoding: .utf8)).contains("\"choice\""))
      }
      try laboratory.report()
      #expect(
        !(try laboratory.text("Results/study/summary.md")).contains("What inner folds chose"))
    }
  }

  @Test("a solver that did not converge is a warning of its trial, which scoring anew keeps")
  func unconverged() {
    var choice = TrialRecord.Choice(
      key: "penalty", strength: 0.3, innerUAR: 0.5, hasConverged: false)
    (choice.layer, choice.pooling) = (2, "mean_std")
    #expect(choice.text == "penalty 0.3, layer 2, mean_std")
    #expect(TrialRecord.Choice.short(1 / 1.0001) == "1")
    #expect(TrialWarning.notConverged.rawValue.contains("liblinear"))
  }

  @Test("one speaker to learn from: no layer can be nested, which is said before anything is read")
  func oneSpeaker() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus(speakers: 3)
      corpus.split()
      for index in corpus.rows.indices where corpus.rows[index].split != "test" {
        corpus.rows[index].speaker = ""
      }
      try laboratory.write(corpus, as: "one")
      _ = try TinyEncoder(in: laboratory.url(""))
      for (model, key) in [
        ("{name: ridge, penalty: 1}", "nested chooses the layer"),
        ("{name: ridge, pooling: nested}", "nested chooses the penalty"),
      ] {
        let sentence = laboratory.sentence {
          _ = try laboratory.experiment(
            laboratory.plan(),
            Self.alone + ["protocol.within=official", "model.classic=\(model)"])
        }
        #expect(sentence?.contains(key) == true, "\(sentence ?? "")")
      }
    }
  }
}
