import Foundation
import ValenceCore
import ValenceCorpora
import ValencePlan
public import ValenceStore

/// Trains what is missing of an experiment, evaluates, and keeps everything.
public struct Runner: Sendable {
  /// The experiment.
  public let experiment: Experiment
  /// Where results go.
  public let store: RunStore
  private let cache: FeatureCache
  private let control: RunControl

  /// How a run went.
  public struct Summary: Sendable {
    /// How many trials were trained now.
    public var trained = 0
    /// How many were finished before.
    public var reused = 0
    /// The trials that failed, each with its reason.
    public var failures: [(title: String, reason: String)] = []
  }

  /// Why a trial will run.
  public enum State: String, Sendable {
    /// It is finished and whole.
    case done
    /// Another experiment here has finished the very same trial, which is taken over.
    case elsewhere
    /// It has not been trained, or what was kept of it is damaged.
    case missing
  }

  /// Prepares a run.
  public init(
    _ experiment: Experiment, store: RunStore, cache: FeatureCache, control: RunControl
  ) {
    self.experiment = experiment
    self.store = store
    self.cache = cache
    self.control = control
  }

  /// Runs every trial that `only` accepts and that is not finished; `jobs` of them side by side.
  ///
  /// - Parameter cores: the processor's cores; a lone trial uses them all.
  /// - Throws: `Problems` if audio cannot be used; `CancellationError` if interrupted. A trial that
  ///   fails is recorded and stops no other.
  public func run(
    jobs: Int, cores: Int, only: (Trial) -> Bool = { _ in true }
  ) throws -> Summary {
    var summary = Summary()
    let wanted = experiment.trials.filter(only)
    var missing: [Trial] = []
    for trial in wanted {
      if store.trial(trial.key) != nil {
        summary.reused += 1
      } else if try store.adopt(trial.key) != nil {
        summary.reused += 1
      } else {
        missing.append(trial)
      }
    }
    try writePlan()
    control.report(.trials(toRun: missing.count, done: summary.reused))
    var failures: [String: String] = [:]
    if !missing.isEmpty {
      let library = try FeatureLibrary.load(
        experiment, cache: cache, threads: cores, control: control)
      try write(library.faults)
      failures = try train(missing, library: library, jobs: jobs, cores: cores)
    }
    try writeListing(failures)
    summary.trained = missing.count - failures.count
    summary.failures = missing.compactMap { trial in
      failures[trial.key].map { (trial.title, $0) }
    }
    return summary
  }

  /// What a run would do with a trial.
  public func state(of trial: Trial) -> State {
    if store.trial(trial.key) != nil { return .done }
    let others = RunStore.experiments(in: store.results).filter { $0 != store.name }
    let isElsewhere = others.contains {
      RunStore(results: store.results, name: $0).trial(trial.key) != nil
    }
    return isElsewhere ? .elsewhere : .missing
  }

  /// Trains trials side by side; returns the reasons of those that failed, by key.
  private func train(
    _ trials: [Trial], library: FeatureLibrary, jobs: Int, cores: Int
  ) throws -> [String: String] {
    let jobs = min(jobs, trials.count)
    let runner = TrialRunner(
      experiment: experiment, library: library, store: store, control: control,
      threads: max(1, cores / jobs))
    let outcomes = TrialPool(jobs: jobs).map(trials) { trial -> String? in
      if control.isInterrupted { return nil }
      control.report(.began(number: trial.number, title: trial.title))
      do {
        let record = try runner.run(trial)
        let summary = "kept epoch \(record.bestEpoch) of \(record.epochs)"
        control.report(.finished(number: trial.number, title: trial.title, summary: summary))
        return nil
      } catch is CancellationError {
        return nil
      } catch {
        control.report(.failed(number: trial.number, title: trial.title, reason: "\(error)"))
        return "\(error)"
      }
    }
    var failures: [String: String] = [:]
    for (trial, outcome) in zip(trials, outcomes) { failures[trial.key] = outcome }
    if control.isInterrupted {
      try writeListing(failures)
      throw CancellationError()
    }
    return failures
  }

  // MARK: - The experiment's own files

  private func writePlan() throws {
    try store.write(experiment.plan.resolvedYAML, to: "experiment.yaml")
    try store.write(json: CorpusSummary.all(of: experiment), to: "corpora.json")
    try store.write(json: Outline(experiment), to: "outline.json")
    try store.write(json: Provenance(experiment), to: "provenance.json")
    try writeListing([:])
  }

  private func writeListing(_ failures: [String: String]) throws {
    let listing = experiment.trials.map {
      TrialListing(
        key: $0.key, variant: $0.variant.name, train: $0.train, fold: $0.fold.name, seed: $0.seed,
        failure: failures[$0.key])
    }
    try store.write(json: listing, to: "trials.json")
  }

  /// `dropped.csv`: files and labels that were left out, with the reason.
  private func write(_ faults: [FeatureLibrary.Fault]) throws {
    var table = Table(columns: ["corpus", "file", "reason"])
    for corpus in experiment.corpora {
      for file in corpus.corpus.skipped {
        table.rows.append([corpus.name, file.id, file.reason])
      }
      for utterance in corpus.labeled.dropped {
        let reason = "the label space \(experiment.space.name) leaves out '\(utterance.label)'"
        table.rows.append([corpus.name, utterance.id, reason])
      }
    }
    for fault in faults { table.rows.append([fault.corpus, fault.id, fault.reason]) }
    try store.write(table.text, to: "dropped.csv")
  }
}
