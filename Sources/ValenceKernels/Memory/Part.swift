/// One of several parts of a task, about equal in size, which together are all of it.
///
/// The number of parts is fixed by the task, never by the number of threads: each part writes memory of
/// its own, and sums over parts are formed in their order, so threads change no bit.
package struct Part: Sendable {
  /// All of a task.
  package static let whole = Part(0, of: 1)

  private let index: Int
  private let count: Int

  /// Part `index` of `count`.
  package init(_ index: Int, of count: Int) {
    precondition(0..<count ~= index, "part \(index) of \(count)")
    (self.index, self.count) = (index, count)
  }

  /// Whether it is the first one.
  var isFirst: Bool { index == 0 }

  /// The part's range of `items` items.
  package func range(of items: Int) -> Range<Int> {
    index * items / count..<(index + 1) * items / count
  }
}
