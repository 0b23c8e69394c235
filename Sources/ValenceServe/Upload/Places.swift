import Synchronization

/// A number of places for work, of which no more may be taken than there are.
final class Places: Sendable {
  private let count: Int
  private let taken = Mutex(0)

  init(_ count: Int) { self.count = count }

  /// Takes a place; returns whether one was free.
  func take() -> Bool {
    taken.withLock { taken in
      guard taken < count else { return false }
      taken += 1
      return true
    }
  }

  /// Gives a place back.
  func leave() { taken.withLock { $0 -= 1 } }

  /// How many are taken.
  var inUse: Int { taken.withLock { $0 } }
}

/// A number of places for work, for which work waits in the order of its arrival.
final class WaitingLine: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  /// Does work when a place is free.
  func run<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isNow { continuation.resume() }
    }
    defer { leave() }
    return try await work()
  }

  /// How many wait.
  var length: Int { state.withLock { $0.waiting.count } }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
