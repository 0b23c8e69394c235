import CKernels
import Synchronization

/// Threads that wait in a loop, without sleeping, for the next task of the thread that leads them.
///
/// The leader publishes a task, works at it like everyone else and goes on when all parts are done.
/// Two counters are all that passes between threads: `announced` rises with each task, and the task's
/// own counter hands out its parts. A member counts itself in under the mutex that also takes the task
/// away, so the leader either sees it inside or has already withdrawn the task from it.
final class SpinTeam: Sendable {
  private let isOver = Atomic(false)
  private let isBusy = Atomic(false)
  private let announced = Atomic(0)
  private let current = Mutex<PartedTask?>(nil)

  /// Runs a task's parts on all threads of the team, and returns when they are done.
  ///
  /// - Returns: false if the team is at another task, of which this one may be a part; then nothing
  ///   was done.
  func run(_ task: PartedTask) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    current.withLock { $0 = task }
    announced.wrappingAdd(1, ordering: .releasing)
    task.work()
    current.withLock { $0 = nil }
    task.end()
    isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Works at every task until the team is dissolved.
  func help() {
    var seen = 0
    var turn = 0
    while !isOver.load(ordering: .acquiring) {
      let now = announced.load(ordering: .acquiring)
      if now == seen {
        valence_wait(turn)
        turn += 1
        continue
      }
      (seen, turn) = (now, 0)
      let task = current.withLock { task in
        task?.enter()
        return task
      }
      // Late for a task that the others have finished already.
      guard let task else { continue }
      task.work()
      task.leave()
    }
  }

  /// Lets the members go.
  func dissolve() { isOver.store(true, ordering: .releasing) }
}

/// A task in parts, which the threads that work at it take one after another.
final class PartedTask: Sendable {
  private let parts: Int
  private let next = Atomic(0)
  private let helpers = Atomic(0)
  // Set while no other thread is inside: by `init`, and by `end`, so that the body does not outlive
  // the task.
  nonisolated(unsafe) private var body: ((Int) -> Void)?

  /// - Parameter body: runs on several threads at a time, for one part each.
  @unsafe init(parts: Int, _ body: @escaping (Int) -> Void) {
    self.parts = parts
    unsafe self.body = body
  }

  /// Takes parts until there are none left.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  @inline(never)
  func work() -> Bool {
    var took = false
    while true {
      let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard part < parts else { return took }
      unsafe body?(part)
      took = true
    }
  }

  /// Counts a helper in, for which `end` has to wait.
  func enter() { helpers.wrappingAdd(1, ordering: .relaxed) }

  /// Counts it out; `.releasing`, so that `end` sees what it wrote.
  func leave() { helpers.wrappingSubtract(1, ordering: .releasing) }

  /// Waits for the helpers that are still inside, and drops the body.
  func end() {
    var turn = 0
    while helpers.load(ordering: .acquiring) > 0 {
      valence_wait(turn)
      turn += 1
    }
    unsafe body = nil
  }
}
