import NIOCore
import Synchronization

/// Acts where a peer keeps a connection waiting.
final class Watchdog: Sendable {
  private struct State {
    var task: Scheduled<Void>?
    var hasActed = false
  }

  private let loop: any EventLoop
  private let state = Mutex(State())

  /// - Parameter loop: what keeps the time.
  init(on loop: any EventLoop) { self.loop = loop }

  /// Acts in some seconds, unless it is disarmed or armed anew before.
  func arm(_ seconds: Double, _ action: @escaping @Sendable () -> Void) {
    let task = loop.scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) { [self] in
      state.withLock { $0.hasActed = true }
      action()
    }
    state.withLock { state in
      state.task?.cancel()
      state.task = task
    }
  }

  /// Takes the last order back; returns whether it is not too late.
  @discardableResult
  func disarm() -> Bool {
    state.withLock { state in
      state.task?.cancel()
      state.task = nil
      return !state.hasActed
    }
  }
}
