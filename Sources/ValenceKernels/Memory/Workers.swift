import Dispatch

/// The one place that decides how many threads work on a task.
///
/// Work is cut into parts whose number does not depend on the number of threads, and each part
/// writes its own memory; sums over parts are formed afterwards in the order of the parts. So the
/// number of threads changes no bit.
public struct Workers: Sendable, Hashable {
  /// How many threads may run at a time.
  public let threads: Int

  /// Allows `threads` threads, at least one.
  public init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
  }

  /// One thread: what each trial of a sweep gets when trials run side by side.
  public static let single = Workers(threads: 1)

  /// Runs `body` for each part, on up to `threads` threads; returns when all are done.
  ///
  /// `body` must write only memory that belongs to its part.
  public func forEach(parts: Int, _ body: (Int) -> Void) {
    if threads == 1 || parts <= 1 {
      for part in 0..<parts { body(part) }
      return
    }
    // Dispatch wants a Sendable body. The parts are independent by the contract above, and
    // concurrentPerform does not return before the last of them.
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      let lanes = min(threads, parts)
      DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        for part in stride(from: lane, to: parts, by: lanes) { unsafe body(part) }
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
