import CKernels
import Synchronization

/// The threads that wait awake for the tasks of one that leads.
final class Crew: Sendable {
  private let isOver = Atomic(false)
  private let isBusy = Atomic(false)
  private let announced = Atomic(0)
  private let current = Mutex<PartedTask?>(nil)

  /// Shares a task's parts with whoever waits, and returns when all are done.
  ///
  /// - Returns: false where the crew is at another task, of which this one may be a part; then nothing
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

  /// Takes parts of all tasks until the crew is disbanded.
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
      guard let task else { continue }
      task.work()
      task.leave()
    }
  }

  /// Sends the others away.
  func disband() { isOver.store(true, ordering: .releasing) }
}

/// A task in parts, of which each thread that works at it takes the next one that nobody has.
final class PartedTask: Sendable {
  private let parts: Int
  private let next = Atomic(0)
  private let helpers = Atomic(0)
  // Set when nobody is inside: by `init`, and by `end`, so that the body does not outlive the task.
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

  /// Counts a thread in that the one that ends the task has to wait for.
  func enter() { helpers.wrappingAdd(1, ordering: .relaxed) }

  /// Counts it out; what it wrote is seen by the one that ends the task.
  func leave() { helpers.wrappingSubtract(1, ordering: .releasing) }

  /// Waits for those that are still inside, and forgets the body.
  func end() {
    var turn = 0
    while helpers.load(ordering: .acquiring) > 0 {
      valence_wait(turn)
      turn += 1
    }
    unsafe body = nil
  }
}
