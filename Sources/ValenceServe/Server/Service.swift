import Foundation
import NIOCore
import NIOHTTP1
import ValenceCore
import ValenceServeOptions

/// What all connections share.
struct Service: Sendable {
  let options: ServeOptions
  let access: AccessRules
  let models: ServedModels
  let metrics = Metrics()
  let log: ServeLog
  let connections: Connections
  let spool: Spool
  /// Uploads that are received, wait or are heard.
  let uploads: Places
  /// One thread is left to streams while recordings are heard, where there are several.
  let recordings: WaitingLine

  /// - Throws: a sentence where the folder for uploads cannot be made.
  init(
    _ options: ServeOptions, token: String?, models: ServedModels, log: ServeLog
  ) throws {
    self.options = options
    self.models = models
    self.log = log
    access = AccessRules(host: options.host, allowed: options.allowedHosts, token: token)
    connections = Connections(limit: options.limits.connections)
    do { spool = try Spool() } catch {
      throw ServeFault(
        "\(FileManager.default.temporaryDirectory.path): no folder for uploads can be made here; set "
          + "TMPDIR to a folder that can be written.")
    }
    uploads = Places(options.limits.uploads)
    recordings = WaitingLine(max(1, models.threads - 1))
  }

  /// Answers requests of a connection until it ends.
  func converse(
    _ connection: Connection,
    _ channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  ) async throws {
    let limits = RequestReader.RequestLimits(
      headerS: options.limits.headerS, bodyS: options.limits.bodyS)
    try await channel.executeThenClose { inbound, outbound in
      var reader = RequestReader(inbound, outbound, connection, limits)
      while let head = try await reader.head() {
        guard try await exchange(head, &reader, connection, outbound) else { return }
        connection.watchdog.arm(limits.headerS) { connection.close() }
      }
    }
  }

  /// Answers a request; returns whether another may follow.
  private func exchange(
    _ head: HTTPRequestHead, _ reader: inout RequestReader, _ connection: Connection,
    _ outbound: RequestReader.Outbound
  ) async throws -> Bool {
    let start = ContinuousClock.now
    _ = connection.begin()
    var route = Route.other
    let answer = try await answer(head, &reader, connection, &route)
    // Behind a request for another protocol the parser reads no more.
    let isLast = answer.ends || head.headers.contains(name: "Upgrade")
    let keepsOpen = !connection.isDraining && head.isKeepAlive && !isLast && reader.isAtEnd
    connection.watchdog.arm(options.limits.idleS) { connection.close() }
    try await outbound.write(.head(answer.head(keepsOpen: keepsOpen)))
    if head.method != .HEAD, !answer.body.isEmpty {
      try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: answer.body))))
    }
    try await outbound.write(.end(nil))
    connection.watchdog.disarm()
    var entry = ServeLog.Entry("request", connection: connection.number)
    (entry.route, entry.bytesIn) = (route, reader.bytes)
    note(entry, answer, to: head, seconds: (ContinuousClock.now - start).seconds)
    return connection.end() && keepsOpen
  }

  private func answer(
    _ head: HTTPRequestHead, _ reader: inout RequestReader, _ connection: Connection,
    _ route: inout String
  ) async throws -> Answer {
    do {
      let request = try Request(head)
      return try await self.answer(request, &reader, connection, &route)
    } catch let refusal as Refusal {
      return refusal.answer
    } catch let error
      where error is RequestReader.Closed || error is ChannelError
      || error is HTTPParserError || error is IOError
    {
      // There is nobody to answer, or the parser's fault was answered.
      throw error
    } catch {
      var entry = ServeLog.Entry("fault", connection: connection.number, message: "\(error)")
      entry.level = "error"
      log.note(entry)
      return Refusal(.internalServerError, "Something failed here; the server's log says what.")
        .answer
    }
  }

  private func note(
    _ entry: ServeLog.Entry, _ answer: Answer, to head: HTTPRequestHead, seconds: Double
  ) {
    var entry = entry
    let status = Int(answer.status.code)
    metrics.request(entry.route ?? Route.other, status: status, seconds: seconds)
    entry.method = Route.isUsual(head.method) ? head.method.rawValue : "other"
    entry.status = status
    entry.ms = (seconds * 1e6).rounded() / 1e3
    log.note(entry)
  }
}
