import Foundation
import Synchronization
import Testing
import ValenceCore
import ValenceCorpora
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("A run goes on where another ended")
struct ResumeTests {
  private static let short = ["training.epochs=2"]

  /// A control that notes what it hears.
  private func noted(_ diary: Diary) -> RunControl { RunControl { diary.note($0) } }

  @Test("a finished trial is not trained again, and nothing of it changes")
  func finished() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short)
      let before = try laboratory.files("Results")
      let diary = Diary()
      let summary = try laboratory.run(
        laboratory.plan(), Self.short, .init(control: noted(diary)))
      #expect((summary.trained, summary.scored, summary.reused) == (0, 0, 2))
      // Not even a feature is looked at.
      #expect(diary.all == ["0 0 2"])
      try expectSame(before, laboratory.files("Results"))
    }
  }

  @Test("a finished trial that cannot be read for the moment ends the run; it is not trained again")
  func unreadable() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short)
      let before = try laboratory.files("Results")
      let record = try #require(try laboratory.store().records().first)
      let file = laboratory.store().trialFolder(record.key).appending(path: "trial.json")
      let text = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(
        atPath: file.path, withDestinationPath: "/proc/self/mem")
      let diary = Diary()
      let said = laboratory.sentence {
        try laboratory.run(laboratory.plan(), Self.short, .init(control: noted(diary)))
      }
      #expect(
        said
          == "Results/study/trials/\(record.key)/trial.json: this exists but cannot be read now "
          + "(Input/output error); nothing was changed.")
      #expect(diary.all == [])
      #expect(laboratory.sentence { try laboratory.report() } == said)
      try FileManager.default.removeItem(at: file)
      try text.write(to: file)
      try expectSame(before, laboratory.files("Results"))
    }
  }

  @Test(
    "a trial that lost its predictions is trained again, and it alone; one without its network is not"
  )
  func lostFiles() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short)
      let before = try laboratory.files("Results")
      let experiment = try laboratory.experiment(laboratory.plan(), Self.short)
      let folders = experiment.trials.map { laboratory.store().trialFolder($0.key) }
      try FileManager.default.removeItem(at: folders[0].appending(path: "model.safetensors"))
      try FileManager.default.removeItem(at: folders[1].appending(path: "predictions/one.csv"))
      let runner = Runner(
        experiment, store: laboratory.store(), cache: FeatureCache(folder: laboratory.url("c")),
        control: RunControl { _ in })
      #expect(try experiment.trials.map(runner.state) == [.doneWithoutModel, .missing])
      let diary = Diary()
      let summary = try laboratory.run(
        laboratory.plan(), Self.short, .init(control: noted(diary)))
      #expect((summary.trained, summary.reused) == (1, 1))
      #expect(diary.all.filter { $0.hasPrefix("began") } == ["began 2"])
      let network = "study/trials/\(experiment.trials[0].key)/model.safetensors"
      var expected = before
      expected[network] = nil
      try expectSame(expected, laboratory.files("Results"))
    }
  }

  @Test("another report or title opens no features: the trials are the same")
  func reportChanged() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short)
      for override in ["report.headline=accuracy", "title=Another", "report.column=double"] {
        let diary = Diary()
        let summary = try laboratory.run(
          laboratory.plan(), Self.short + [override], .init(control: noted(diary)))
        #expect((summary.trained, summary.scored, summary.reused) == (0, 0, 2))
        #expect(diary.all == ["0 0 2"], "\(override)")
      }
      // What is done about unreadable files decides whether a run may go on, so it looks again.
      let diary = Diary()
      try laboratory.run(
        laboratory.plan(), Self.short + ["audio.unreadable=drop"], .init(control: noted(diary)))
      #expect(diary.all.contains { $0.hasPrefix("features") })
    }
  }

  @Test("a trial that another experiment finished is taken over")
  func takenOver() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan("first"), Self.short)
      let second = laboratory.plan("second", "sweep: {grid: {model.rnn.hidden: [4, 5]}}\n")
      let experiment = try laboratory.experiment(second, Self.short)
      let runner = Runner(
        experiment, store: laboratory.store("second"),
        cache: FeatureCache(folder: laboratory.url("c")),
        control: RunControl { _ in })
      #expect(
        try experiment.trials.map(runner.state) == [.elsewhere, .elsewhere, .missing, .missing])
      let summary = try laboratory.run(second, Self.short)
      #expect((summary.trained, summary.reused) == (2, 2))
      #expect(try experiment.trials.map(runner.state) == [.done, .done, .done, .done])
      #expect(try laboratory.text("Results/second/dropped.csv") == "corpus,file,reason\n")
    }
  }

  @Test("what another experiment finishes meanwhile is taken over just before it would be trained")
  func takenOverMeanwhile() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan("first"), Self.short, .init(results: "elsewhere"))
      let (there, here) = (laboratory.url("elsewhere/first"), laboratory.url("Results/first"))
      let diary = Diary()
      let control = RunControl { event in
        if case .finished(1, _, _) = event {
          do { try FileManager.default.moveItem(at: there, to: here) } catch { Issue.record(error) }
        }
        diary.note(event)
      }
      let summary = try laboratory.run(
        laboratory.plan("second"), Self.short, .init(control: control))
      #expect((summary.trained, summary.reused) == (1, 1))
      #expect(!diary.all.contains { $0.hasPrefix("epoch 2") })
      #expect(diary.all.contains("finished 2"))
      try expectSame(
        laboratory.files("Results/first/trials"), laboratory.files("Results/second/trials"))
    }
  }

  @Test(
    "an interrupted run keeps its finished trials, leaves no draft, and the next one completes it to the same bytes"
  )
  func interrupted() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan("study", "sweep: {grid: {model.rnn.hidden: [4, 5]}}\n")
      try laboratory.run(text, Self.short, .init(results: "whole"))

      // The control must be there before the progress that interrupts it.
      let interrupt = Mutex<(@Sendable () -> Void)?>(nil)
      let control = RunControl { event in
        if case .epoch(3, _, let record) = event, record.epoch == 1 {
          interrupt.withLock { $0 }?()
        }
      }
      interrupt.withLock { $0 = { control.interrupt() } }
      let experiment = try laboratory.experiment(text, Self.short)
      #expect(throws: CancellationError.self) {
        try laboratory.run(experiment, .init(results: "cut", control: control))
      }
      let store = laboratory.store("study", in: "cut")
      #expect(try store.records().map(\.key) == experiment.trials.prefix(2).map(\.key))
      let left = try FileManager.default.contentsOfDirectory(
        atPath: laboratory.url("cut/study/trials").path)
      #expect(left.sorted() == experiment.trials.prefix(2).map(\.key).sorted())
      #expect(
        try store.read([TrialListing].self, from: .trials).allSatisfy { $0.failure == nil })

      let summary = try laboratory.run(text, Self.short, .init(results: "cut"))
      #expect((summary.trained, summary.reused) == (2, 2))
      try expectSame(laboratory.files("whole"), laboratory.files("cut"))
    }
  }

  @Test("an interruption while features are made ends the run too")
  func interruptedEarly() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let control = RunControl { _ in }
      control.interrupt()
      let experiment = try laboratory.experiment(laboratory.plan(), Self.short)
      #expect(throws: CancellationError.self) {
        try laboratory.run(experiment, .init(control: control))
      }
      #expect(try laboratory.store().records().isEmpty)
      #expect(laboratory.store().text(of: .dropped) == nil)
    }
  }

  @Test(
    "a trial that diverges is recorded with its reason, stops no other and is not trained again"
  )
  func failing() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      // Weights grow a hundredfold a step. Found so: the optimizer leaves the weights alone where the
      // gradient is not finite, and training went on to its last epoch as if nothing were wrong.
      let text = laboratory.plan(
        "study",
        "sweep: {variants: {wild: {training.optimizer.learning_rate: 10, "
          + "training.clip_norm: 1000000, training.optimizer.weight_decay: 10}, tame: {}}}\n")
      let diary = Diary()
      let settings = [
        "training.epochs=60", "training.early_stopping.patience=60", "model.head.dropout=0",
      ]
      let summary = try laboratory.run(
        text, settings,
        .init(only: { $0.fold.name == "1" }, control: noted(diary)))
      let reason = try #require(summary.failures.first?.reason)
      #expect(summary.failures.map(\.title) == ["wild · one fold 1 · seed 1"])
      #expect((summary.trained, summary.reused) == (1, 0))
      #expect(
        reason.wholeMatch(
          of:
            /the loss or its gradient is no finite number any more in epoch \d+, step \d+; lower training\.optimizer\.learning_rate or training\.clip_norm\./
        ) != nil, "\(reason)")
      #expect(diary.all.contains("failed 1 \(reason)"))
      let listings = try laboratory.store().read([TrialListing].self, from: .trials)
      #expect(listings.map(\.failure) == [reason, nil, nil, nil])
      #expect(
        try laboratory.text("Results/study/summary.md").contains(
          "- wild, one fold 1, seed 1: \(reason)\n- wild, one fold 2, seed 1: has not run yet\n"))
      let states = ResultIndex(results: laboratory.url("Results")).trials(of: "study")
      #expect(states.map(\.state) == ["failed", "pending", "finished", "pending"])
      #expect(states.map(\.failure) == [reason, nil, nil, nil])

      let second = Diary()
      let again = try laboratory.run(
        text, settings, .init(only: { $0.fold.name == "1" }, control: noted(second)))
      #expect(again.failures.isEmpty)
      #expect(again.failedBefore.map(\.title) == ["wild · one fold 1 · seed 1"])
      #expect(again.failedBefore.map(\.reason) == [reason])
      #expect((again.trained, again.reused) == (0, 1))
      #expect(
        second.all == [
          "0 0 1",
          "remark 1 trial failed before and is not tried again until the settings change (wild · one "
            + "fold 1 · seed 1: \(reason))",
        ])
      let kept = try laboratory.store().read([TrialListing].self, from: .trials)
      #expect(kept.map(\.failure) == [reason, nil, nil, nil])
      // Another experiment does not try it either; other settings are another trial.
      let other = try laboratory.run(
        text.replacingOccurrences(of: "name: study", with: "name: other"), settings,
        .init(only: { $0.fold.name == "1" }))
      #expect((other.trained, other.reused, other.failedBefore.count) == (0, 1, 1))
      let tamer = try laboratory.run(
        text, settings + ["model.rnn.hidden=5"], .init(only: { $0.number == 1 }))
      #expect(tamer.failedBefore.isEmpty)
    }
  }

  @Test("the reason of a failed trial stays while others run, and goes when it is tried again")
  func reasonStays() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let store = laboratory.store()
      let experiment = try laboratory.experiment(laboratory.plan(), Self.short)
      let first = experiment.trials[0]
      try store.write(
        json: [
          TrialListing(
            key: first.key, name: .init(variant: "base", train: "one", fold: "1", seed: 1),
            failure: "It broke.")
        ], to: .trials)
      _ = try laboratory.run(experiment, .init(only: { $0.number == 2 }))
      func failures() throws -> [String?] {
        try store.read([TrialListing].self, from: .trials).map(\.failure)
      }
      #expect(try failures() == ["It broke.", nil])
      _ = try laboratory.run(experiment)
      #expect(try failures() == [nil, nil])
    }
  }
}
