import Synchronization
import ValenceKernels

/// Working memory of one thread.
struct Scratch: Sendable {
  /// For the convolutions' own use.
  let convolution: Floats
  /// Holds the convolution output or input of any block but the first.
  let image: Floats
  /// Holds any block's pooled output.
  let pooled: Floats
}

/// Working memory that threads borrow: as many pieces as threads ever ran at a time.
///
/// A piece is written before it is read, so which thread gets which piece changes no result.
final class ScratchPool: Sendable {
  private let free = Mutex<[Scratch]>([])

  /// Lends pieces of at least the given sizes to `body`.
  func with<Value>(
    convolution: Int, image: Int, pooled: Int, _ body: (Scratch) -> Value
  ) -> Value {
    var scratch = free.withLock { $0.popLast() }
    if scratch.map({ $0.convolution.count < convolution }) ?? true {
      scratch = nil
    }
    let lent =
      scratch
      ?? Scratch(
        convolution: Floats(zeros: convolution), image: Floats(zeros: image),
        pooled: Floats(zeros: pooled))
    defer { free.withLock { $0.append(lent) } }
    return body(lent)
  }
}
