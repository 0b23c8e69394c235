import Synchronization

/// Memory that is lent for a while and kept for the next who needs as much.
///
/// Fresh memory costs a page fault for every 4 KiB, in each clip anew.
package final class FloatPool: Sendable {
  private let free = Mutex<[Floats]>([])

  /// A pool that keeps nothing yet.
  package init() {}

  /// Lends `count` floats of any value to `body`, which must not keep them.
  package func lend<Value>(_ count: Int, _ body: (Floats) -> Value) -> Value {
    let known = free.withLock { blocks -> Floats? in
      let index = blocks.indices.filter { blocks[$0].count >= count }
        .min { blocks[$0].count < blocks[$1].count }
      if let index { return blocks.remove(at: index) }
      // Else blocks of every length that ever was asked for would stay.
      if let largest = blocks.indices.max(by: { blocks[$0].count < blocks[$1].count }) {
        blocks.remove(at: largest)
      }
      return nil
    }
    let block = known ?? Floats(zeros: count)
    defer { free.withLock { $0.append(block) } }
    return body(block[0..<count])
  }
}
