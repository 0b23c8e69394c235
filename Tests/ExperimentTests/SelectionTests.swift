import Foundation
import Synchronization
import Testing
import ValenceCore
import ValenceCorpora
import ValenceNN
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePlan
@testable import ValenceTraining

@Suite("Which weights a network is left with")
struct SelectionTests {
  /// What a plan's first trial leaves.
  private struct Left {
    let record: TrialRecord
    let history: [EpochRecord]
    let arrays: Safetensors.Arrays

    /// The arrays that are learned.
    var weights: Safetensors.Arrays { arrays.filter { !$0.key.contains("running_") } }
  }

  private func left(_ laboratory: Laboratory, _ overrides: [String]) throws -> Left {
    let text = laboratory.plan()
    let experiment = try laboratory.experiment(text, overrides)
    _ = try laboratory.run(experiment, .init(only: { $0.number == 1 }))
    let store = laboratory.store()
    let record = try #require(try store.trial(experiment.trials[0].key))
    return Left(
      record: record, history: try store.history(of: record),
      arrays: try store.model(of: record).arrays)
  }

  @Test("last: the weights of the last epoch, however good any was, and no early end")
  func last() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      // So fast that the loss goes up and down.
      let rate = "training.optimizer.learning_rate=0.3"
      let last = try left(laboratory, ["training.selection=last", rate])
      #expect(last.record.training.bestEpoch == 8 && last.history.count == 8)
      #expect(last.record.training.average == nil)
      // Patience has no part in it: the same trial.
      let experiment = try laboratory.experiment(
        laboratory.plan(),
        ["training.selection=last", "training.early_stopping.patience=1", rate])
      #expect(experiment.trials[0].key == last.record.key)
      // Trained as with the best epoch, which is another one here.
      let best = try left(laboratory, [rate])
      #expect(best.record.key != last.record.key)
      #expect(best.history == last.history)
      #expect(best.record.training.bestEpoch < 8 && best.arrays != last.arrays)
    }
  }

  /// Σ share · weights, in `Double` and in the order given.
  private func mean(
    _ parts: [Left], shares: [Double]
  ) throws -> [String: [Float]] {
    var means: [String: [Float]] = [:]
    for name in parts[0].weights.keys {
      let values = try parts.map { try #require($0.weights[name]).values }
      means[name] = values[0].indices.map { index in
        let sum = zip(values, shares).reduce(0) { $0 + $1.1 * Double($1.0[index]) }
        return Float(sum / shares.reduce(0, +))
      }
    }
    return means
  }

  @Test(
    "average: the mean of the weights at the ends of epochs, by hand",
    arguments: [
      ("{average: last, epochs: 3}", [6, 7, 8], [1, 1, 1]),
      ("{average: exponential, half_life_epochs: 1}", [6, 7, 8], [0.25, 0.5, 1]),
    ])
  func average(selection: String, epochs: [Int], shares: [Double]) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let averaged = try left(laboratory, ["training.selection=\(selection)"])
      // The rate is constant, so a shorter training is the beginning of a longer one.
      let isExponential = selection.contains("exponential")
      let taken = isExponential ? Array(1...8) : epochs
      let parts = try taken.map {
        try left(laboratory, ["training.selection=last", "training.epochs=\($0)"])
      }
      let weights = isExponential ? (1...8).map { pow(0.5, Double(8 - $0)) } : shares
      let expected = try mean(parts, shares: weights)
      for (name, array) in averaged.weights {
        let far = Deviation(array.values, from: try #require(expected[name]), tolerance: 1e-7)
        #expect(far.isWithin, "\(name): \(far)")
      }
      #expect(averaged.history == parts.last?.history)
      #expect(averaged.record.training.bestEpoch == 8)
      let average = try #require(averaged.record.training.average)
      #expect(average.epochs.contains(isExponential ? "all 8 epochs" : "the last 3 of 8 epochs"))
      #expect(average.validationUAR != nil && average.validationLoss?.isFinite == true)
      // Batch statistics are those of the mean's own layers.
      let (mine, theirs) = (averaged.arrays, try #require(parts.last).arrays)
      let moved = mine.keys.filter { $0.contains("running_") && mine[$0] != theirs[$0] }
      #expect(moved.count == 2)
    }
  }

  @Test("refit: a new network for the chosen number of epochs, on training and validation clips")
  func refit() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let best = try left(laboratory, [])
      let anew = try left(laboratory, ["training.refit=true"])
      let training = anew.record.training
      #expect(anew.record.key != best.record.key && anew.history == best.history)
      #expect(training.bestEpoch == best.record.training.bestEpoch && training.bestEpoch > 1)
      #expect(training.train == best.record.training.train)
      let both = training.train.utterances + training.validation.utterances
      #expect(training.refit?.utterances == both && training.validation.utterances > 0)
      #expect(training.trainCounts.reduce(0, +) == both)
      // It is the network of a plan that validates nobody and trains for as long.
      let blind = try left(
        laboratory,
        [
          "protocol.validation=none", "training.selection=last",
          "training.epochs=\(training.bestEpoch)",
        ])
      #expect(blind.record.training.train == training.refit)
      #expect(blind.arrays == anew.arrays)
    }
  }

  @Test("a run that is stopped while it trains anew goes on to the same bytes")
  func resumes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let overrides = ["training.refit=true"]
      try laboratory.run(laboratory.plan(), overrides, .init(results: "whole"))
      let epochs = Mutex(0)
      let stop = StopRequest()
      let control = RunControl(stop: stop) { event in
        guard case .epoch(_, _, let record) = event else { return }
        // The second time that an epoch 1 is told, its validation is none.
        if record.validationUAR == nil { stop.make() }
        epochs.withLock { $0 += 1 }
      }
      let text = laboratory.plan()
      #expect(throws: CancellationError.self) {
        _ = try laboratory.run(laboratory.experiment(text, overrides), .init(control: control))
      }
      #expect(epochs.withLock { $0 } > 1)
      #expect(try laboratory.store().records().isEmpty)
      try laboratory.run(text, overrides)
      try expectSame(laboratory.files("whole"), laboratory.files("Results"))
    }
  }

  @Test("the same bytes whatever the number of jobs and threads")
  func sameBytes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let sweep =
        "sweep: {variants: {mean: {training.selection: average}, decaying: {training.selection: "
        + "{average: exponential}}, anew: {training.refit: true}}}\n"
      let short = ["training.epochs=10"]
      for (jobs, cores) in [(1, 1), (2, 2), (1, 2)] {
        try laboratory.run(
          laboratory.plan("study", sweep), short,
          .init(results: "by\(jobs)\(cores)", jobs: jobs, cores: cores))
      }
      let files = try ["by11", "by22", "by12"].map { try laboratory.files($0) }
      #expect(files[0].count > 20)
      expectSame(files[0], files[1])
      expectSame(files[0], files[2])
    }
  }
}

@Suite("Training without a validation set")
struct NoValidationTests {
  private static let blind = [
    "protocol.validation=none", "training.selection=average", "training.epochs=10",
  ]

  @Test("everybody who is not tested is trained on, and every report copes")
  func blind() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let sweep = "sweep: {grid: {model.rnn.hidden: [2, 4]}}\n"
      try laboratory.run(
        laboratory.plan("study", sweep),
        Self.blind + ["report.figures=[learning_curves, ablation]", "report.formats=[svg]"])
      let store = laboratory.store()
      let records = try store.records()
      #expect(records.count == 4)
      for record in records {
        #expect(record.training.validation.utterances == 0)
        #expect(record.training.train.utterances == 18)
        let history = try store.history(of: record)
        #expect(history.count == 10)
        #expect(history.allSatisfy { $0.validationLoss == nil && $0.validationUAR == nil })
        #expect(record.training.average?.validationUAR == nil)
      }
      let folder = store.trialFolder(records[0].key)
      let table = try String(
        contentsOf: folder.appending(path: "history.csv"), encoding: .utf8)
      #expect(table.split(separator: "\n")[1].hasSuffix(",,"))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("\n\nThere is no validation set, so no variant is chosen.\n"))
      #expect(summary.contains("nobody for validation"))
      #expect(!summary.contains("validation UAR"))
      let curves = try laboratory.text("Plots/study/learning-one-hidden-2.gp")
      #expect(curves.contains("training loss") && !curves.contains("alidation"))
    }
  }

  @Test("a published validation side is trained on, too")
  func published() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      corpus.split()
      try corpus.write(to: laboratory.url("one"))
      let sizes = try [[], Self.blind].map { overrides in
        let experiment = try laboratory.experiment(
          laboratory.plan(), ["protocol.within=official"] + overrides)
        let fold = experiment.trials[0].fold.parts[0].fold
        return [fold.train.count, fold.validation.count, fold.test.count]
      }
      #expect(sizes == [[18, 9, 9], [27, 0, 9]])
    }
  }
}
