import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceKernels
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict
@testable import ValenceTraining

/// A laboratory with a trained network to start from: of the classes low and mid of the corpus `one`, whose
/// speakers s1 and s2 it learned from, s3 chose the epoch and s4 is tested.
struct StartLaboratory {
  static let official = "protocol.within=official"
  static let narrow = "labels={classes: [low, mid], drop: [high, other]}"

  let laboratory: Laboratory
  let model: URL
  let record: TrialRecord

  /// Lends one, in which the corpus `two` has other clips of other speakers.
  static func with(_ body: (StartLaboratory) throws -> Void) throws {
    try Laboratory.with { laboratory in
      var one = ToneCorpus()
      one.split()
      try laboratory.write(one, as: "one")
      var two = ToneCorpus(seed: 2)
      two.split()
      try laboratory.write(two, as: "two")
      try laboratory.run(
        laboratory.plan("body"), ["training.epochs=3", narrow, official])
      let store = laboratory.store("body")
      let record = try #require(try store.records().first)
      try body(
        StartLaboratory(
          laboratory: laboratory,
          model: store.trialFolder(record.key).appending(path: "model.safetensors"),
          record: record))
    }
  }

  /// What starts training from a network, of all three classes of a corpus whose publisher splits it.
  func start(
    _ more: String..., from file: URL? = nil, within: String = official
  ) -> [String] {
    ["training.start_from.model=\((file ?? model).path)", "training.epochs=3", within] + more
  }

  /// What a plan over some corpora says; nil where it says nothing.
  func complaint(_ corpora: [String], _ lines: [String]) -> String? {
    laboratory.sentence {
      let experiment = try laboratory.experiment(laboratory.plan(corpora: corpora), lines)
      _ = try summary(of: experiment)
    }
  }

  /// What `valence plan` shows of an experiment.
  func summary(of experiment: Experiment) throws -> PlanSummary {
    try PlanSummary(
      experiment,
      runner: Runner(
        experiment, store: laboratory.store(),
        cache: FeatureCache(folder: laboratory.url("cache")), control: RunControl { _ in }))
  }

  /// The arrays of a trial's network, or of the one that it started from.
  func arrays(_ file: URL) throws -> [String: [UInt32]] {
    let file = try Safetensors(decoding: Data(contentsOf: file), name: file.path)
    return Dictionary(
      uniqueKeysWithValues: file.arrays.map { ($0.key, $0.value.values.map(\.bitPattern)) })
  }
}

@Suite("Experiments that start from a trained network")
struct StartTests {
  @Test(
    "a frozen body stays as it is to the last bit, with its statistics, and is named in every result"
  )
  func frozen() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      for selection in ["best_epoch", "last", "{average: last, epochs: 2}"] {
        let lines = start.start(
          "training.start_from.freeze=body", "training.selection=\(selection)")
        try laboratory.run(laboratory.plan(corpora: ["two"]), lines)
        let record = try #require(try laboratory.store().records().first)
        let folder = laboratory.store().trialFolder(record.key)
        let (old, new) = (
          try start.arrays(start.model),
          try start.arrays(folder.appending(path: "model.safetensors"))
        )
        #expect(Set(old.keys) == Set(new.keys))
        for (name, values) in new {
          #expect((values == old[name]) == !name.hasPrefix("out."), "\(selection): \(name)")
        }
        let from = try #require(record.training.start)
        #expect(from.digest == Digest(of: try Data(contentsOf: start.model)).hex)
        #expect(from.freeze == "body" && from.isHeardKnown)
        #expect(record.training.parameters == 9 * 3)
        #expect(from.copiedClasses == ["low", "mid"] && from.drawnClasses == ["high"])
        let sentence =
          "tarted from network \(from.digest.prefix(16)), which has heard one (18 clips of 3 speakers); its body is "
          + "kept as it was; the last layer begins with its weights of low and mid and with new ones of high; "
          + "inputs are normalized by its statistics"
        #expect(record.warnings.map(\.rawValue) == ["s" + sentence])
        #expect(try laboratory.text("Results/study/summary.md").contains("S" + sentence))
        let table = try Table(contentsOf: folder.appending(path: "heard.csv"))
        #expect(table.rows.count == 27 + 18)
        #expect(table.rows.count { $0[0] == from.digest } == 18)
      }
    }
  }

  @Test("an unfrozen body is trained on, by its own statistics, and learns what the task is sooner")
  func unfrozen() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      try laboratory.run(
        laboratory.plan(corpora: ["two"]), start.start("training.optimizer.learning_rate=0.002"))
      let record = try #require(try laboratory.store().records().first)
      let model = laboratory.store().trialFolder(record.key).appending(path: "model.safetensors")
      let (old, new) = (try start.arrays(start.model), try start.arrays(model))
      for (name, values) in new {
        #expect((values == old[name]) == name.hasPrefix("normalization."), "\(name)")
      }
      #expect(record.training.start?.freeze == "none")
      let history = try laboratory.store().history(of: record)
      try laboratory.run(
        laboratory.plan("scratch", corpora: ["two"]),
        ["training.optimizer.learning_rate=0.002", "training.epochs=3", StartLaboratory.official])
      let scratch = try #require(try laboratory.store("scratch").records().first)
      let other = try laboratory.store("scratch").history(of: scratch)
      #expect(history[0].trainLoss < other[0].trainLoss)
      #expect(scratch.training.start == nil && scratch.warnings == [])
    }
  }

  @Test(
    "the same bytes with 1 and 2 jobs, and predict answers as the trial did",
    arguments: ["none", "body"])
  func sameBytes(freeze: String) throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      let lines = start.start(
        "training.start_from.freeze=\(freeze)", "seeds=[1, 2]", "training.refit=true",
        "features.normalization=train")
      var all: [[String: Data]] = []
      for (name, jobs, cores) in [("first", 1, 1), ("second", 2, 2), ("third", 1, 4)] {
        let summary = try laboratory.run(
          laboratory.plan(corpora: ["two"]), lines,
          .init(results: name, cache: "cache", jobs: jobs, cores: cores))
        #expect(summary.failures.isEmpty && summary.trained == 2, "\(summary.failures)")
        all.append(try laboratory.files(name))
      }
      expectSame(all[0], all[1])
      expectSame(all[0], all[2])
      let store = laboratory.store(in: "first")
      let record = try #require(try store.records().first)
      let stored = try store.predictions(of: record, on: "two")
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 1)
      let answers = predictor.predict(
        stored.map { laboratory.url("two/\($0.segment.file)") }, windows: nil
      ).flatMap(\.answers)
      for (answer, prediction) in zip(answers, stored) {
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          let given = try #require(answer.probabilities[name])
          #expect(abs(given - expected) <= 1e-6, "\(given) against \(expected)")
        }
      }
      #expect(answers.count == stored.count)
    }
  }

  @Test("the plan says what a variant starts from")
  func planned() throws {
    try StartLaboratory.with { start in
      let experiment = try start.laboratory.experiment(
        start.laboratory.plan(corpora: ["two"]), start.start())
      let summary = try start.summary(of: experiment)
      let sentence = try #require(summary.variants.first?.startFrom)
      #expect(
        sentence.hasPrefix("Starts from network ")
          && sentence.hasSuffix(
            "which has heard one (18 clips of 3 speakers); all of its layers are trained further; the last layer "
              + "begins with its weights of low and mid and with new ones of high."),
        "\(sentence)")
      #expect(summary.text.contains(sentence))
    }
  }

  @Test("a network that changes after the plan was read fails its trials, and nothing is kept")
  func changed() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      let body = try laboratory.writeBody()
      let experiment = try laboratory.experiment(
        laboratory.plan(corpora: ["two"]), start.start("protocol.allow=[heard]", from: body))
      try laboratory.writeBody(seed: 3)
      let said = laboratory.sentence { _ = try laboratory.run(experiment) }
      #expect(
        said?.contains(
          "body.safetensors: this network, which training starts from, is not what it was when the run began"
        )
          == true, "\(said ?? "")")
    }
  }

  @Test("a network that is damaged is refused by the plan")
  func damaged() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      let file = try laboratory.writeBody()
      let whole = try Safetensors(decoding: Data(contentsOf: file), name: "body")
      let lines = start.start("protocol.allow=[heard]", from: file)
      #expect(start.complaint(["two"], lines) == nil)
      let faults: [(inout Safetensors) -> Void] = [
        { $0.arrays["out.bias"]?.values[0] = .nan },
        { $0.arrays["dense.weight"] = nil },
        { $0.arrays["more"] = .init(shape: [1], values: [1]) },
        { $0.arrays["out.weight"] = .init(shape: [1, 8], values: .init(repeating: 0, count: 8)) },
        { $0.arrays["normalization.mel.means"] = nil },
        { $0.metadata["valence.classes"] = nil },
      ]
      for (number, fault) in faults.enumerated() {
        var other = whole
        fault(&other)
        try other.encoded().write(to: file)
        let said = start.complaint(["two"], lines)
        #expect(
          said?.contains("training.start_from.model: body.safetensors: ") == true,
          "\(number): \(said ?? "")")
      }
    }
  }
}
