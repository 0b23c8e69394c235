import Foundation
import Synchronization

/// Runs independent jobs side by side, each on a thread of its own, and hands results back in order.
package struct OrderedPool {
  /// How many jobs run at a time.
  private let jobs: Int

  /// A pool whose items are worked on by at most `jobs` threads.
  package init(jobs: Int) { self.jobs = jobs }

  /// Runs `body` for each of `items` and returns the results in the order of the items.
  ///
  /// The next item goes to the first thread that is free, so the order of work depends on the
  /// clock; the order of results does not.
  package func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    let queue = PoolQueue<Result>(count: items.count)
    let group = DispatchGroup()
    for _ in 0..<min(jobs, items.count) {
      group.enter()
      let thread = Thread {
        while let index = queue.next() { queue.finish(index, with: body(items[index])) }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return queue.results()
  }
}

/// Which item is next, and the results so far.
private final class PoolQueue<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Result?]
  }

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(results: Array(repeating: nil, count: count)))
  }

  func next() -> Int? {
    state.withLock { state in
      guard state.next < state.results.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func finish(_ index: Int, with result: Result) {
    state.withLock { $0.results[index] = result }
  }

  func results() -> [Result] {
    state.withLock { $0.results.compactMap(\.self) }
  }
}
