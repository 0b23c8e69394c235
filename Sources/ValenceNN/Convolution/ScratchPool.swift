import Synchronization
import ValenceKernels

/// Working memory that threads borrow: as many pieces as threads ever ran at a time.
///
/// What a piece holds means nothing to its next borrower, so who gets which changes no result.
final class ScratchPool: Sendable {
  private let free = Mutex<[Floats]>([])

  /// Lends at least so many floats to `body`.
  func with(floats count: Int, _ body: (Floats) -> Void) {
    let kept = free.withLock { $0.popLast() }
    let scratch = kept.flatMap { $0.count >= count ? $0 : nil } ?? Floats(zeros: count)
    body(scratch)
    free.withLock { $0.append(scratch) }
  }
}
