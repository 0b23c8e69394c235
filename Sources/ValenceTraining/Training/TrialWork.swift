import Synchronization
import ValenceCore
import ValenceData
import ValenceKernels
import ValencePlan
import ValenceStore

/// Trains and scores the trials of a run side by side.
struct TrialWork: Sendable {
  let experiment: Experiment
  let store: RunStore
  let library: FeatureLibrary
  let control: RunControl
  /// The bytes that training may take.
  let memory: Int

  /// The task left for a trial.
  enum Task: Sendable {
    /// Nothing: what is stored is all that the plan asks for.
    case nothing(TrialRecord)
    /// To score its network on what is new to it.
    case score(TrialRecord)
    /// To train it; where it was finished and has lost its network, that very network again.
    case train(again: TrialRecord?)

    var isTraining: Bool { if case .train = self { true } else { false } }
  }

  /// A trial with something to do.
  struct Item: Sendable {
    let trial: Trial
    let task: Task
  }

  /// How it went with a trial.
  enum Outcome: Sendable {
    case trained, scored
    /// Another experiment finished it meanwhile.
    case takenOver
    case failed(String)
    /// The run ended before.
    case none
  }

  /// The task left for a trial; takes over what other experiments have finished.
  ///
  /// - Parameter used: the clips that can be used, once they are known; what was made of others is of no use.
  static func task(for trial: Trial, in store: RunStore, used: UsedClips? = nil) throws -> Task {
    let isOfUse = { (record: TrialRecord) in used?.difference(from: record) == nil }
    func areUsed(_ record: TrialRecord) -> Bool { used?.areScored(in: record) ?? true }
    let own = try store.trial(trial.key).flatMap { isOfUse($0) ? $0 : nil }
    guard let stored = try own ?? store.adopt(trial.key, where: isOfUse) else {
      return .train(again: nil)
    }
    if trial.isScored(in: stored), areUsed(stored) { return .nothing(stored) }
    if try store.hasModel(stored) { return .score(stored) }
    if trial.isAmongThose(of: stored), areUsed(stored) { return .nothing(stored) }
    guard let other = try store.adopt(trial.key, needsModel: true, where: isOfUse) else {
      return .train(again: stored)
    }
    return trial.isScored(in: other) && areUsed(other) ? .nothing(other) : .score(other)
  }

  /// Trains or scores trials; returns how it went with each, and what ended the work if not all could be done:
  /// a store that cannot be written, or a fault of the machine.
  ///
  /// Of `jobs` only as many run at a time as fit into memory.
  func perform(_ work: [Item], jobs: Int, cores: Int) -> ([Outcome], (any Error)?) {
    let control = control.part()
    let runner = TrialRunner(
      experiment: experiment, library: library, store: store, control: control)
    let ofVariant = Dictionary(
      (experiment.plan.variants + experiment.baselines).map {
        ($0.name, experiment.trainingBytes(of: $0))
      },
      uniquingKeysWith: max)
    let needs = work.map { $0.task.isTraining ? ofVariant[$0.trial.variant.name, default: 0] : 0 }
    let largest = needs.filter { $0 <= memory }.max() ?? 0
    let jobs = largest == 0 ? jobs : min(jobs, max(1, memory / largest))
    let shared = SharedCores(cores, tasks: work.count, jobs: jobs)
    let halt = Mutex<(any Error)?>(nil)
    let outcomes = OrderedPool(jobs: jobs).map(Array(zip(work, needs))) { item, needed -> Outcome in
      let workers = shared.begin()
      defer { shared.end(workers) }
      if control.isInterrupted { return .none }
      let (number, title) = (item.trial.number, item.trial.title)
      control.report(.began(number: number, title: title))
      do {
        let (record, outcome) = try perform(item, by: runner, needed: needed, workers: workers)
        let summary = "\(outcome.word) \(record.training.summary)"
        control.report(.finished(number: number, title: title, summary: summary))
        return outcome
      } catch {
        if error is CancellationError || control.isInterrupted && !(error is StoreError) {
          return .none
        }
        control.report(.failed(number: number, title: title, reason: "\(error)"))
        guard (error as? StoreError)?.isOfMachine == true || error is MachineFault else {
          return .failed("\(error)")
        }
        // It would be the same with every other trial, and is no property of this one.
        halt.withLock { $0 = $0 ?? error }
        control.interrupt()
        return .none
      }
    }
    return (outcomes, halt.withLock { $0 })
  }

  private func perform(
    _ item: Item, by runner: TrialRunner, needed: Int, workers: Workers
  ) throws -> (TrialRecord, Outcome) {
    // Another experiment may have finished the very same trial since this run began.
    let used = UsedClips(item.trial, experiment: experiment, library: library)
    switch try Self.task(for: item.trial, in: store, used: used) {
    case .nothing(let record): return (record, .takenOver)
    case .score(let record):
      return (try runner.rescore(item.trial, record: record, workers: workers), .scored)
    case .train(let again):
      if needed > memory { throw TrainingError.tooLarge(needed: needed, free: memory) }
      do {
        return (try runner.run(item.trial, again: again, workers: workers), .trained)
      } catch let error as TrainingError {
        if case .diverged(let epoch, let step) = error, again == nil {
          // A file that changed under the run may be the cause, and is no property of the trial.
          try library.verify()
          try store.note(
            Divergence(key: item.trial.key, epoch: epoch, step: step, reason: "\(error)"))
        }
        throw error
      }
    }
  }
}

extension Trial {
  /// Whether a stored trial was scored on all that the plan asks for, under these names, and perhaps on more.
  ///
  /// A report takes what it needs of that; a trial without its network is not trained to forget the rest.
  func isAmongThose(of record: TrialRecord) -> Bool {
    let scored = record.evaluations.map {
      TrialListing.Test(corpus: $0.corpus, within: $0.within, identity: $0.identity)
    }
    return listedTests.allSatisfy(scored.contains)
  }
}

extension TrialWork.Outcome {
  /// The prefix of a line of progress.
  fileprivate var word: String {
    switch self {
    case .scored: "scored"
    case .takenOver: "taken over:"
    case .trained, .failed, .none: "kept"
    }
  }
}
