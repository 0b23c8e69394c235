package import Foundation
import Synchronization
import ValenceStore

/// The messages of one client over standard input and output, a line each.
///
/// Requests are worked on side by side; each answer is handed on whole as soon as it is there.
package final class StdioSession: Sendable {
  private let agent: Agent
  private let output: @Sendable (Data) -> Void
  private let sending = Mutex(())
  private let state = Mutex(State())
  /// Holds up reading while so many requests are being worked on.
  private let room = DispatchSemaphore(value: mostRequests)
  private let running = DispatchGroup()

  private static let mostRequests = 64

  private struct State {
    /// The requests that have no answer yet; nil for those whose work has not begun.
    var requests: [RequestID: Task<Void, Never>?] = [:]
    /// Whether the client speaks the one revision with batches.
    var allowsBatches = false
  }

  /// - Parameter send: takes an answer with its line end; called from several threads, one at a time.
  package init(_ agent: Agent, send: @escaping @Sendable (Data) -> Void) {
    (self.agent, output) = (agent, send)
  }

  /// Takes the next line; returns when its work has begun, or has been done.
  package func take(_ line: LineBuffer.Line) {
    switch line {
    case .tooLong: send(ProtocolError.tooLong.answer(to: nil))
    case .whole(let data):
      // An empty line is no message.
      guard data.contains(where: { !" \t\r".utf8.contains($0) }) else { return }
      take(Message(data))
    }
  }

  /// Waits until every request that was taken has its answer.
  package func finish() { running.wait() }

  private func take(_ message: Message) {
    switch message {
    case .notification(let notification):
      if let id = notification.cancelled { cancel(id) }
    case .faulty(let error, let id): send(error.answer(to: id))
    case .request(let request): begin(request)
    case .batch: work { await $0.answer(message, over: .stdio, allowsBatches: $1) }
    }
  }

  private func begin(_ request: Message.Request) {
    let isNew = state.withLock { state in
      if request.method == "initialize", let version = request.parameters.protocolVersion {
        state.allowsBatches = version == Revision.batches
      }
      guard state.requests[request.id] == nil else { return false }
      state.requests[request.id] = .some(nil)
      return true
    }
    guard isNew else {
      // With its id the client would take this for the answer to the earlier one.
      send(ProtocolError.request("a request with this id is being worked on").answer(to: nil))
      return
    }
    let task = work(for: request.id) { agent, _ in
      await agent.answer(.request(request), over: .stdio)
    }
    state.withLock { state in
      // It may be done by now.
      if let known = state.requests[request.id], known == nil { state.requests[request.id] = task }
    }
  }

  /// Works on a message beside all others and sends the answer, unless the request is cancelled by then.
  @discardableResult
  private func work(
    for id: RequestID? = nil, _ answer: @escaping @Sendable (Agent, Bool) async -> JSONValue?
  ) -> Task<Void, Never> {
    room.wait()
    running.enter()
    let allowsBatches = state.withLock(\.allowsBatches)
    return Task { [self] in
      let answer = await answer(agent, allowsBatches)
      let isWanted = state.withLock { state in
        id.map { state.requests.removeValue(forKey: $0) != nil } ?? true
      }
      if isWanted, let answer { send(answer) }
      room.signal()
      running.leave()
    }
  }

  private func cancel(_ id: RequestID) {
    let task = state.withLock { $0.requests.removeValue(forKey: id) }
    (task ?? nil)?.cancel()
  }

  private func send(_ answer: JSONValue) {
    let line = answer.bytes + Data("\n".utf8)
    sending.withLock { _ in output(line) }
  }
}
