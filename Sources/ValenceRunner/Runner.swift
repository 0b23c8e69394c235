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
  private let memory: Int?

  /// How a run went.
  public struct Summary: Sendable {
    /// How many trials were trained now.
    public var trained = 0
    /// How many were finished before, but scored now on test corpora that were new to them.
    public var scored = 0
    /// How many were finished before and needed nothing.
    public var reused = 0
    /// The trials that failed, each with its reason.
    public var failures: [(title: String, reason: String)] = []
  }

  /// What a run would do with a trial.
  public enum State: String, Sendable {
    /// Nothing: it is finished and whole.
    case done
    /// Take it over: another experiment here has finished the very same trial.
    case elsewhere
    /// Score its network: it is finished, but not on all that the plan tests it on now.
    case unscored
    /// Train it: it has not been trained, or what was kept of it is damaged.
    case missing
  }

  /// Prepares a run.
  ///
  /// - Parameter memory: the bytes that training may take; nil means what is free when it begins.
  public init(
    _ experiment: Experiment, store: RunStore, cache: FeatureCache, control: RunControl,
    memory: Int? = nil
  ) {
    self.experiment = experiment
    self.store = store
    self.cache = cache
    self.control = control
    self.memory = memory
  }

  /// Runs every trial that `only` accepts and that is not finished; `jobs` of them side by side.
  ///
  /// - Parameters:
  ///   - cores: the processor's cores; a lone trial uses them all.
  ///   - finish: what is made of the results before another run may work on them.
  /// - Throws: `Problems` if audio cannot be used; `StoreError` if something cannot be written, or
  ///   another run is working on this experiment; `CancellationError` if interrupted. A trial that
  ///   fails is recorded and stops no other.
  public func run(
    jobs: Int, cores: Int, only: (Trial) -> Bool = { _ in true },
    finish: () throws -> Void = {}
  ) throws -> Summary {
    try store.exclusively {
      let summary = try runAlone(jobs: jobs, cores: cores, only: only)
      try finish()
      return summary
    }
  }

  private func runAlone(
    jobs: Int, cores: Int, only: (Trial) -> Bool
  ) throws -> Summary {
    let wanted = experiment.trials.filter(only)
    var work = try self.work(wanted)
    var summary = Self.summary(wanted, work)
    let keys = Set(wanted.map(\.key))
    var failures = knownFailures().filter { !keys.contains($0.key) }
    let isSettled = try writePlan(failures)
    control.report(
      .trials(toTrain: summary.trained, toScore: summary.scored, done: summary.reused))
    if work.isEmpty, isSettled {
      try write(dropped: DroppedFiles(experiment, faultsIn: store))
    } else {
      let library = try FeatureLibrary.load(
        experiment, cache: cache, threads: cores, control: control)
      try write(dropped: DroppedFiles(experiment, faults: library.faults))
      work = outdated(wanted, work, library: library)
      summary = Self.summary(wanted, work)
      let outcomes = try perform(work, library: library, jobs: jobs, cores: cores)
      for (item, reason) in zip(work, outcomes) {
        guard let reason else { continue }
        failures[item.trial.key] = reason
        summary.failures.append((item.trial.title, reason))
        if item.record == nil { summary.trained -= 1 } else { summary.scored -= 1 }
      }
    }
    try writeListing(failures)
    if control.isInterrupted { throw CancellationError() }
    return summary
  }

  /// What a run would do with a trial.
  public func state(of trial: Trial) -> State {
    if let record = store.trial(trial.key) {
      return trial.isScored(in: record) ? .done : .unscored
    }
    let others = RunStore.experiments(in: store.results).filter { $0 != store.name }
    let elsewhere = others.lazy.compactMap {
      RunStore(results: store.results, name: $0).trial(trial.key)
    }.first
    guard let elsewhere else { return .missing }
    return trial.isScored(in: elsewhere) ? .elsewhere : .unscored
  }
}

// MARK: - Trials

extension Runner {
  /// A trial with something to do, and what is stored of it if it is trained already.
  private struct Work {
    let trial: Trial
    let record: TrialRecord?
  }

  /// The trials that are not finished; takes over those that other experiments have finished.
  private func work(_ wanted: [Trial]) throws -> [Work] {
    try wanted.compactMap { trial in
      let record = try store.trial(trial.key) ?? store.adopt(trial.key)
      if let record, trial.isScored(in: record) { return nil }
      return Work(trial: trial, record: record)
    }
  }

  /// What a run does with those trials once all of this work is done.
  private static func summary(_ wanted: [Trial], _ work: [Work]) -> Summary {
    var summary = Summary()
    summary.scored = work.count { $0.record != nil }
    summary.trained = work.count - summary.scored
    summary.reused = wanted.count - work.count
    return summary
  }

  /// The work, and with it each finished trial that learned from or was scored on other clips than can be
  /// used now: whatever kept a clip from being used then, such a trial is another one.
  private func outdated(
    _ wanted: [Trial], _ work: [Work], library: FeatureLibrary
  ) -> [Work] {
    let planned = Dictionary(uniqueKeysWithValues: work.map { ($0.trial.number, $0) })
    return wanted.compactMap { trial -> Work? in
      let known = planned[trial.number]
      guard let record = known == nil ? store.trial(trial.key) : known?.record else { return known }
      let used = UsedClips(trial, experiment: experiment, library: library)
      let reason = used.difference(from: record)
      if known == nil, reason == nil, used.areScored(in: record) { return nil }
      if let reason {
        control.report(.outdated(number: trial.number, title: trial.title, reason: reason))
      }
      return Work(trial: trial, record: reason == nil ? record : nil)
    }
  }

  /// Trains or scores trials side by side; returns why each failed, nil for those that did not.
  ///
  /// Of `jobs` only as many run at a time as fit into memory.
  private func perform(
    _ work: [Work], library: FeatureLibrary, jobs: Int, cores: Int
  ) throws -> [String?] {
    let runner = TrialRunner(
      experiment: experiment, library: library, store: store, control: control)
    let free = memory ?? FreeMemory.bytes
    let ofVariant = Dictionary(
      experiment.plan.variants.map { ($0.name, experiment.trainingBytes(of: $0)) },
      uniquingKeysWith: max)
    let needs = work.map { $0.record == nil ? ofVariant[$0.trial.variant.name, default: 0] : 0 }
    let largest = needs.filter { $0 <= free }.max() ?? 0
    let jobs = largest == 0 ? jobs : min(jobs, max(1, free / largest))
    let shared = SharedCores(cores, tasks: work.count, jobs: jobs)
    return TrialPool(jobs: jobs).map(Array(zip(work, needs))) { item, needed -> String? in
      let workers = shared.begin()
      defer { shared.end(workers) }
      if control.isInterrupted { return nil }
      let (number, title) = (item.trial.number, item.trial.title)
      control.report(.began(number: number, title: title))
      do {
        let record =
          if let record = item.record {
            try runner.rescore(item.trial, record: record, workers: workers)
          } else if needed > free {
            throw TrainingError.tooLarge(needed: needed, free: free)
          } else {
            try runner.run(item.trial, workers: workers)
          }
        let done = item.record == nil ? "kept" : "scored"
        let summary = "\(done) epoch \(record.bestEpoch) of \(record.epochs)"
        control.report(.finished(number: number, title: title, summary: summary))
        return nil
      } catch is CancellationError {
        return nil
      } catch {
        control.report(.failed(number: number, title: title, reason: "\(error)"))
        return "\(error)"
      }
    }
  }
}

// MARK: - The experiment's own files

extension Runner {
  /// Writes what the run is about; returns whether all of it stood there already, so that
  /// `dropped.csv` tells what was found of these very files.
  private func writePlan(_ failures: [String: String]) throws -> Bool {
    let provenance = Provenance(experiment)
    let before = try? store.read(Provenance.self, from: "provenance.json")
    let isSettled =
      store.text(of: "experiment.yaml") == experiment.plan.resolvedYAML(in: store.folder)
      && before?.corpora == provenance.corpora
      && before?.featureRevision == provenance.featureRevision
      && store.text(of: DroppedFiles.file) != nil
    if !isSettled { try store.remove(DroppedFiles.file) }
    try store.write(experiment.plan.resolvedYAML(in: store.folder), to: "experiment.yaml")
    try store.write(json: CorpusSummary.all(of: experiment), to: "corpora.json")
    try store.write(json: Outline(experiment), to: "outline.json")
    try store.write(json: provenance, to: "provenance.json")
    try writeListing(failures)
    return isSettled
  }

  private func write(dropped: DroppedFiles) throws {
    try store.write(dropped.table.text, to: DroppedFiles.file)
  }

  /// Why trials failed in earlier runs, by key.
  private func knownFailures() -> [String: String] {
    let listings = (try? store.read([TrialListing].self, from: "trials.json")) ?? []
    return listings.reduce(into: [:]) { $0[$1.key] = $1.failure }
  }

  private func writeListing(_ failures: [String: String]) throws {
    let listing = experiment.trials.map {
      TrialListing(
        key: $0.key, variant: $0.variant.name, train: $0.train, fold: $0.fold.name, seed: $0.seed,
        tests: $0.listedTests, failure: failures[$0.key])
    }
    try store.write(json: listing, to: "trials.json")
  }
}
