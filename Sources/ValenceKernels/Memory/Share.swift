/// One of several parts of a task, which are about alike and together are all of it.
package struct Share: Sendable {
  /// All of a task.
  package static let whole = Share(0, of: 1)

  private let index: Int
  private let count: Int

  /// The share `index` of `count`.
  package init(_ index: Int, of count: Int) {
    precondition(0..<count ~= index, "share \(index) of \(count)")
    (self.index, self.count) = (index, count)
  }

  /// Whether it is the first.
  var isFirst: Bool { index == 0 }

  /// Its part of so many things that lie in a row.
  package func of(_ things: Int) -> Range<Int> {
    index * things / count..<(index + 1) * things / count
  }
}
