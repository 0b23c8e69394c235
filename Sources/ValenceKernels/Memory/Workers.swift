import Dispatch
import Synchronization

/// The threads that run the kernels; the one place that decides how many.
///
/// Why the number of threads changes no bit: a task is cut into parts whose number depends on the task
/// alone (clips, shards of a batch, blocks of parameters). Each part computes the same numbers on
/// whichever thread takes it and writes memory of its own; sums over parts are formed afterwards, in the
/// order of the parts. Floating-point addition is not associative, so a sum per thread would differ.
package final class Workers: Sendable {
  private let allowed: Atomic<Int>
  private let team = Mutex<SpinTeam?>(nil)

  /// How many threads may run at a time.
  package var threads: Int { allowed.load(ordering: .relaxed) }

  /// Allows `threads` threads, at least one.
  package init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    allowed = Atomic(threads)
  }

  /// One thread.
  package static var single: Workers { Workers(threads: 1) }

  /// Allows another number of threads from the next task on; may be called from any thread.
  package func allow(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    allowed.store(threads, ordering: .relaxed)
  }

  /// Runs `body` for each part, on up to `threads` threads; returns when all are done.
  ///
  /// A thread that is done with a part takes the next free one: parts dealt out beforehand would wait
  /// for a thread that the system stops. `body` must write only memory that belongs to its part.
  package func forEach(parts: Int, _ body: (Int) -> Void) {
    let threads = min(threads, parts)
    if threads <= 1 {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let task = unsafe PartedTask(parts: parts, body)
      if let team = team.withLock({ $0 }), team.run(task) { return }
      DispatchQueue.concurrentPerform(iterations: threads) { _ in task.work() }
      task.end()
    }
  }

  /// Runs `body`; the threads do not sleep between its calls of `forEach`.
  ///
  /// For a chain of short tasks: waking a thread takes some 40 µs, as long as the smaller tasks of a
  /// lone clip. A thread that waits yields its core to any other that is ready to run.
  package func together<Value>(_ body: () -> Value) -> Value {
    let threads = threads
    let team = SpinTeam()
    let isFirst = self.team.withLock { current in
      if threads == 1 || current != nil { return false }
      current = team
      return true
    }
    guard isFirst else { return body() }
    var value: Value?
    withoutActuallyEscaping(body) { body in
      let task = unsafe PartedTask(parts: 1) { _ in value = body() }
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        // The first thread to arrive becomes the leader: a fixed one might be scheduled late or never.
        guard task.work() else { return team.help() }
        team.dissolve()
      }
      task.end()
    }
    self.team.withLock { $0 = nil }
    guard let value else { preconditionFailure("the first thread did not lead") }
    return value
  }

  /// Runs `body` for each part as `forEach` does, and returns the results of the parts, in their order.
  ///
  /// - Throws: the error of the first part, in their order, that has one.
  package func map<Value>(parts: Int, _ body: (Int) throws -> Value) throws -> [Value] {
    var results = [Result<Value, any Error>?](repeating: nil, count: parts)
    unsafe results.withUnsafeMutableBufferPointer { slots in
      nonisolated(unsafe) let slots = unsafe slots
      forEach(parts: parts) { part in unsafe slots[part] = Result { try body(part) } }
    }
    return try results.compactMap { try $0?.get() }
  }
}
