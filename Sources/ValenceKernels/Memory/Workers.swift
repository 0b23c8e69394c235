import Dispatch
import Synchronization

/// The one place that decides how many threads work on a task.
///
/// Work is cut into parts whose number does not depend on the number of threads, and each part
/// writes its own memory; sums over parts are formed afterwards in the order of the parts. So the
/// number of threads changes no bit.
public final class Workers: Sendable {
  private let allowed: Atomic<Int>

  /// How many threads may run at a time.
  public var threads: Int { allowed.load(ordering: .relaxed) }

  /// Allows `threads` threads, at least one.
  public init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    allowed = Atomic(threads)
  }

  /// One thread.
  public static var single: Workers { Workers(threads: 1) }

  /// Allows another number of threads from the next task on; may be called from any thread.
  public func allow(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    allowed.store(threads, ordering: .relaxed)
  }

  /// Runs `body` for each part, on up to `threads` threads; returns when all are done.
  ///
  /// A thread that is done with a part takes the next one that nobody has.
  ///
  /// `body` must write only memory that belongs to its part.
  public func forEach(parts: Int, _ body: (Int) -> Void) {
    let threads = min(threads, parts)
    if threads <= 1 {
      for part in 0..<parts { body(part) }
      return
    }
    // Dispatch wants a Sendable body. The parts are independent by the contract above, and
    // concurrentPerform does not return before the last of them.
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      let next = Counter()
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while let part = next.take(below: parts) { unsafe body(part) }
      }
    }
  }

  /// Runs `body` for each part as `forEach` does, and hands back what each part returns, in their order.
  ///
  /// - Throws: the error of the first part, in their order, that has one.
  public func map<Value>(parts: Int, _ body: (Int) throws -> Value) throws -> [Value] {
    var results = [Result<Value, any Error>?](repeating: nil, count: parts)
    unsafe results.withUnsafeMutableBufferPointer { slots in
      nonisolated(unsafe) let slots = unsafe slots
      forEach(parts: parts) { part in unsafe slots[part] = Result { try body(part) } }
    }
    return try results.compactMap { try $0?.get() }
  }
}

/// Hands out 0, 1, 2 and so on, each once.
private final class Counter: Sendable {
  private let next = Atomic<Int>(0)

  func take(below limit: Int) -> Int? {
    let taken = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return taken < limit ? taken : nil
  }
}
