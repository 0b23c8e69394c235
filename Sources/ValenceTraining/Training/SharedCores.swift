import Synchronization
import ValenceKernels

/// The cores that trials share: as many for each as there are trials side by side, and for the last ones
/// those of the trials that have ended before them.
///
/// A trial can be given cores while it runs, because the number of its threads changes no bit.
final class SharedCores: Sendable {
  private struct State {
    /// How many tasks have not begun.
    var waiting: Int
    /// Those that have begun and not ended, in the order of their beginning.
    var running: [Workers] = []
  }

  private let cores: Int
  private let jobs: Int
  private let state: Mutex<State>

  /// Shares `cores` among `tasks` tasks, of which at most `jobs` run at a time.
  init(_ cores: Int, tasks: Int, jobs: Int) {
    (self.cores, self.jobs) = (cores, jobs)
    state = Mutex(State(waiting: tasks))
  }

  /// The workers of a task that begins.
  func begin() -> Workers {
    let workers = Workers(threads: 1)
    state.withLock { state in
      state.waiting -= 1
      state.running.append(workers)
      share(state)
    }
    return workers
  }

  /// Gives the cores of a task that has ended to the others, unless another takes its place.
  func end(_ workers: Workers) {
    state.withLock { state in
      state.running.removeAll { $0 === workers }
      share(state)
    }
  }

  private func share(_ state: borrowing State) {
    let count = min(jobs, state.running.count + state.waiting)
    for (index, workers) in state.running.enumerated() {
      workers.allow(threads: max(1, cores / count + (index < cores % count ? 1 : 0)))
    }
  }
}
