import Dispatch
import Synchronization

/// The one place that decides how many threads work on a task.
///
/// Work is cut into parts whose number does not depend on the number of threads, and each part
/// writes its own memory; sums over parts are formed afterwards in the order of the parts. So the
/// number of threads changes no bit.
package final class Workers: Sendable {
  private let allowed: Atomic<Int>
  private let crew = Mutex<Crew?>(nil)

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
  /// A thread that is done with a part takes the next one that nobody has.
  ///
  /// `body` must write only memory that belongs to its part.
  package func forEach(parts: Int, _ body: (Int) -> Void) {
    let threads = min(threads, parts)
    if threads <= 1 {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let task = unsafe PartedTask(parts: parts, body)
      if let crew = crew.withLock({ $0 }), crew.run(task) { return }
      DispatchQueue.concurrentPerform(iterations: threads) { _ in task.work() }
      task.end()
    }
  }

  /// Runs `body`, during which the threads of `forEach` wait awake from one task to the next.
  ///
  /// For a chain of tasks: waking a thread takes some 40 µs, as long as the smaller tasks of a lone clip.
  /// A thread that waits gives its core away to whoever wants it.
  package func together<Value>(_ body: () -> Value) -> Value {
    let threads = threads
    let crew = Crew()
    let isFirst = self.crew.withLock { current in
      if threads == 1 || current != nil { return false }
      current = crew
      return true
    }
    guard isFirst else { return body() }
    var value: Value?
    withoutActuallyEscaping(body) { body in
      let task = unsafe PartedTask(parts: 1) { _ in value = body() }
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        // Whoever comes first leads, so that nobody waits for a thread that may never wake.
        guard task.work() else { return crew.help() }
        crew.disband()
      }
      task.end()
    }
    self.crew.withLock { $0 = nil }
    guard let value else { preconditionFailure("the first thread did not lead") }
    return value
  }

  /// Runs `body` for each part as `forEach` does, and hands back what each part returns, in their order.
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
