import Foundation
package import ValenceCore
import ValenceCorpora
package import ValenceData
import ValencePlan
import ValenceReport
package import ValenceStore

/// Trains what is missing of an experiment, evaluates, and keeps everything.
package struct Runner: Sendable {
  package let experiment: Experiment
  /// Where results go.
  package let store: RunStore
  private let cache: FeatureCache
  private let control: RunControl
  private let memory: Int?

  /// How a run went.
  package struct Summary: Sendable {
    /// How many trials were trained now.
    package var trained = 0
    /// How many were finished before, but scored now on test corpora that were new to them.
    package var scored = 0
    /// How many were finished before and needed nothing.
    package var reused = 0
    /// The trials that failed, each with its reason.
    package var failures: [(title: String, reason: String)] = []
    /// The trials that diverged in an earlier run and were not tried again, each with its reason.
    package var failedBefore: [(title: String, reason: String)] = []
  }

  /// The action that a run would take for a trial.
  package enum State: String, Codable, Sendable {
    /// Nothing: it is finished and whole.
    case done
    /// Nothing: it is finished, and nothing asks for its network, which is gone.
    case doneWithoutModel = "done, without its model"
    /// Take it over: another experiment here has finished the very same trial.
    case elsewhere
    /// Score its network: it is finished, but not on all that the plan tests it on now.
    case unscored
    /// Train it: it has not been trained, or what was kept of it is damaged, or its network is gone that is
    /// to be scored.
    case missing
    /// Nothing: it diverged, and would again.
    case failed
  }

  /// Prepares a run.
  ///
  /// - Parameter memory: the bytes that training may take; nil means what is free when it begins.
  package init(
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
  /// - Throws: `Problems` if audio cannot be used; `StoreError` if another run is working on this
  ///   experiment; `RunHalted` or `StoreError` if something cannot be written; `CancellationError` if
  ///   interrupted. A trial that fails is recorded and stops no other.
  package func run(
    jobs: Int, cores: Int, only: (Trial) -> Bool = { _ in true },
    finish: () throws -> Void = {}
  ) throws -> Summary {
    try StartingPoint.check(experiment)
    return try store.exclusively(remark: { control.report(.remark($0)) }) {
      let (runner, library) = try knowingSamples(cores: cores)
      let summary = try runner.runAlone(jobs: jobs, cores: cores, library, only: only)
      try finish()
      return summary
    }
  }

  /// The runner of the same experiment once all samples are known, and the features that were made on the
  /// way; nothing is made where earlier runs knew them.
  ///
  /// Copies that only decoding shows may be refused, or leave training, and what is trained on is what
  /// trials are known by: so this comes before anything is looked for or trained.
  private func knowingSamples(cores: Int) throws -> (Runner, FeatureLibrary?) {
    guard !experiment.knowsSamples else { return (self, nil) }
    // From here on the results folder names this experiment, even if its data are refused.
    _ = try writePlan(knownFailures())
    let library = try FeatureLibrary.load(
      experiment, cache: cache, threads: cores, control: control)
    let runner = Runner(
      try experiment.knowing(library.sounds), store: store, cache: cache, control: control,
      memory: memory)
    return (runner, library)
  }

  private func runAlone(
    jobs: Int, cores: Int, _ made: FeatureLibrary?, only: (Trial) -> Bool
  ) throws -> Summary {
    let wanted = experiment.trials.filter(only)
    var plan = try work(wanted)
    let keys = Set(wanted.map(\.key))
    var failures = try knownFailures().filter { !keys.contains($0.key) }
    for (trial, reason) in plan.failed { failures[trial.key] = reason }
    let isSettled = try writePlan(failures)
    for remark in experiment.baselineRemarks { control.report(.remark(remark)) }
    let toScore = plan.items.count { !$0.task.isTraining }
    control.report(
      .trials(toTrain: plan.items.count - toScore, toScore: toScore, done: plan.done))
    remark(on: plan)
    var summary = Summary()
    if plan.items.isEmpty, isSettled {
      try write(dropped: DroppedFiles(experiment, faultsIn: store))
    } else {
      let library =
        try made
        ?? FeatureLibrary.load(experiment, cache: cache, threads: cores, control: control)
      try write(dropped: DroppedFiles(experiment, faults: library.faults))
      plan = try work(wanted, library)
      let pool = TrialWork(
        experiment: experiment, store: store, library: library, control: control,
        memory: memory ?? FreeMemory.bytes)
      let (outcomes, halt) = pool.perform(plan.items, jobs: jobs, cores: cores)
      for (item, outcome) in zip(plan.items, outcomes) {
        switch outcome {
        case .trained: summary.trained += 1
        case .scored: summary.scored += 1
        case .takenOver: summary.reused += 1
        case .failed(let reason):
          failures[item.trial.key] = reason
          summary.failures.append((item.trial.title, reason))
        case .none: break
        }
      }
      if let halt {
        // The listing helps if it can be written; a failure here would hide the first one.
        try? writeListing(failures)
        throw RunHalted(failures: summary.failures, cause: halt)
      }
    }
    summary.reused += plan.done
    summary.failedBefore = plan.failed.map { ($0.trial.title, $0.reason) }
    try writeListing(failures)
    try control.checkInterruption()
    return summary
  }

  /// What a run would do with a trial.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func state(of trial: Trial) throws -> State {
    let record = try store.trial(trial.key)
    if let record {
      let hasModel = try store.hasModel(record)
      if trial.isScored(in: record) { return hasModel ? .done : .doneWithoutModel }
      if hasModel { return .unscored }
      if trial.isAmongThose(of: record) { return .doneWithoutModel }
    }
    let others = RunStore.experiments(in: store.results).filter { $0 != store.name }
      .map { RunStore(results: store.results, name: $0) }
    let found = others.lazy.compactMap { other in
      (try? other.trial(trial.key)).flatMap { $0 }.map {
        (record: $0, hasModel: (try? other.hasModel($0)) == true)
      }
    }
    if found.contains(where: { trial.isScored(in: $0.record) }) { return .elsewhere }
    if found.contains(where: \.hasModel) { return .unscored }
    return try record == nil && store.divergence(of: trial.key) != nil ? .failed : .missing
  }
}

/// Why a run ended before its trials did: what they leave cannot be kept, or what they read is away.
package struct RunHalted: Error, CustomStringConvertible {
  /// The trials that failed until then, each with its reason.
  package let failures: [(title: String, reason: String)]
  /// The cause: `StoreError` or `MachineFault`.
  package let cause: any Error

  /// The cause and what to do next.
  package var description: String {
    "\(cause)\nThe run has ended; finished trials are kept, and the same command goes on from there."
  }
}

// MARK: - Pending work

extension Runner {
  /// The pending work of a run.
  private struct Work {
    /// Those with something to do.
    var items: [TrialWork.Item] = []
    /// Those that diverged in an earlier run, of this experiment or of another, each with its reason.
    var failed: [(trial: Trial, reason: String)] = []
    /// How many need nothing.
    var done = 0
  }

  /// Looks at trials; takes over those that other experiments have finished.
  ///
  /// - Parameter library: the clips that can be used, once that is known: a finished trial that learned from
  ///   others is another one, whatever kept a clip from being used then.
  private func work(_ wanted: [Trial], _ library: FeatureLibrary? = nil) throws -> Work {
    var work = Work()
    for trial in wanted {
      let used = library.map { UsedClips(trial, experiment: experiment, library: $0) }
      if let used, let reason = try store.trial(trial.key).flatMap(used.difference) {
        control.report(.outdated(number: trial.number, title: trial.title, reason: reason))
      }
      let task = try TrialWork.task(for: trial, in: store, used: used)
      if case .nothing = task {
        work.done += 1
      } else if case .train(again: nil) = task, let known = try store.divergence(of: trial.key) {
        work.failed.append((trial, known.reason))
      } else {
        work.items.append(TrialWork.Item(trial: trial, task: task))
      }
    }
    return work
  }

  private func remark(on work: Work) {
    let again = work.items.count { if case .train(_?) = $0.task { true } else { false } }
    if again > 0 {
      let which =
        again == 1
        ? "1 finished trial has lost its network and is"
        : "\(again) finished trials have lost their networks and are"
      control.report(.remark("\(which) trained again, to score it on other speech."))
    }
    if let first = work.failed.first {
      let count = work.failed.count
      let which =
        "\(Wording.counted(count, "trial")) failed before and \(count == 1 ? "is" : "are")"
      control.report(
        .remark(
          "\(which) not tried again until the settings change (\(first.trial.title): \(first.reason))"
        ))
    }
  }
}

// MARK: - The experiment's own files

extension Runner {
  /// Writes the files that describe the run; returns whether `dropped.csv` is still true of these files
  /// when they were asked for the very same.
  private func writePlan(_ failures: [String: String]) throws -> Bool {
    let before = try? store.read(ExperimentProvenance.self, from: .provenance)
    let isSettled =
      before?.heard == ExperimentProvenance.heard(experiment)
      && store.text(of: .dropped) != nil
    if !isSettled { try store.remove(.dropped) }
    try store.write(experiment.plan.resolvedYAML(in: store.folder), to: .plan)
    // A bandwidth is not measured twice on the same speech; older files may lack it.
    let known = (try? store.read([CorpusSummary].self, from: .corpora)) ?? []
    try store.write(
      json: CorpusSummary.all(of: experiment, known: known), to: .corpora)
    try store.write(json: ReportSpec(experiment), to: .reportSpec)
    try writeListing(failures)
    return isSettled
  }

  private func write(dropped: DroppedFiles) throws {
    try store.write(dropped.table.harmlessText, to: .dropped)
  }

  /// Why trials failed in earlier runs, by key.
  private func knownFailures() throws -> [String: String] {
    var listings: [TrialListing] = []
    do {
      listings = try store.read([TrialListing].self, from: .trials)
    } catch let error as StoreError where error.isOfMachine {
      throw error
    } catch {
      // There is none yet, or it is damaged: it is written anew.
    }
    return listings.reduce(into: [:]) { $0[$1.key] = $1.failure }
  }

  /// Writes how far the trials are, and what was made with what.
  private func writeListing(_ failures: [String: String]) throws {
    let listing = experiment.trials.map {
      TrialListing(
        key: $0.key,
        name: TrialName(
          variant: $0.variant.name, train: $0.train, fold: $0.fold.name, seed: $0.seed),
        tests: $0.listedTests, failure: failures[$0.key])
    }
    try store.write(json: listing, to: .trials)
    let records = try experiment.trials.compactMap { try store.record($0.key) }
    try store.write(
      json: ExperimentProvenance(experiment, records: records), to: .provenance)
  }
}
