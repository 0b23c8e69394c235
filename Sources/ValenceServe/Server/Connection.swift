import NIOCore
import Synchronization

/// A connection as the server keeps track of it.
final class Connection: Sendable {
  private struct State {
    /// Whether a request is being answered.
    var isBusy = false
    var isDraining = false
    /// Why a stream was not begun.
    var refusal: Refusal?
    /// What ends a stream when the server stops; it holds no connection, which would keep itself in memory then.
    var endStream: (@Sendable (Connection) -> Void)?
  }

  /// Counts from 1; what log lines name.
  let number: Int
  let channel: any Channel
  let watchdog: Watchdog
  private let state = Mutex(State())

  init(_ channel: any Channel, number: Int) {
    self.channel = channel
    self.number = number
    watchdog = Watchdog(on: channel.eventLoop)
  }

  /// Closes the connection at once, unless it is being closed behind its last answer.
  func close() { channel.triggerUserOutboundEvent(LingeringClose.AtOnce(), promise: nil) }

  /// Closes the connection whatever it does.
  func cutOff() {
    channel.triggerUserOutboundEvent(LingeringClose.AtOnce(cutsOff: true), promise: nil)
  }

  /// Notes that a request is being answered; returns false where the server stops.
  func begin() -> Bool {
    state.withLock { state in
      state.isBusy = true
      return !state.isDraining
    }
  }

  /// Notes that it is answered; returns false where the server stops, so that no other may follow.
  func end() -> Bool {
    state.withLock { state in
      state.isBusy = false
      return !state.isDraining
    }
  }

  /// Whether the server stops.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Notes why a stream is not begun.
  func refuseStream(_ refusal: Refusal) { state.withLock { $0.refusal = refusal } }

  /// Why a stream was not begun.
  var streamRefusal: Refusal? { state.withLock { $0.refusal } }

  /// Notes how a stream is ended when the server stops; does it if that is now.
  func onDrain(_ end: @escaping @Sendable (Connection) -> Void) {
    let isNow = state.withLock { state in
      state.endStream = end
      return state.isDraining
    }
    if isNow { end(self) }
  }

  /// Ends the connection when what it does is done; at once if that is nothing.
  func drain() {
    let (isIdle, endStream) = state.withLock { state in
      state.isDraining = true
      return (!state.isBusy && state.endStream == nil, state.endStream)
    }
    if let endStream { endStream(self) } else if isIdle { close() }
  }
}

/// The connections that are open.
final class Connections: Sendable {
  private struct State {
    var open: [Int: Connection] = [:]
    var count = 0
    var isDraining = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: the connections at once.
  init(limit: Int) { self.limit = limit }

  /// Adds one; nil where there are as many as may be, or the server stops.
  func add(_ channel: any Channel) -> Connection? {
    state.withLock { state in
      guard state.open.count < limit, !state.isDraining else { return nil }
      state.count += 1
      let connection = Connection(channel, number: state.count)
      state.open[state.count] = connection
      return connection
    }
  }

  /// Forgets one that is closed and done with.
  func remove(_ connection: Connection) {
    let ended = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.open[connection.number] = nil
      guard state.open.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in ended { continuation.resume() }
  }

  /// How many are open.
  var count: Int { state.withLock { $0.open.count } }

  /// Those that are open.
  var all: [Connection] { state.withLock { Array($0.open.values) } }

  /// Takes no more, and lets each end.
  func drain() {
    state.withLock { $0.isDraining = true }
    for connection in all { connection.drain() }
  }

  /// Closes all at once.
  func cutOffAll() {
    for connection in all { connection.cutOff() }
  }

  /// Waits until none is open.
  func waitForNone() async {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        if !state.open.isEmpty { state.waiting.append(continuation) }
        return state.open.isEmpty
      }
      if isNow { continuation.resume() }
    }
  }
}
