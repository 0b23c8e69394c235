import NIOCore
import NIOHTTP1
import NIOWebSocket
import ValenceServeOptions

/// What bytes pass on their way: HTTP, until a stream takes over.
enum Pipeline {
  typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// What a connection is, once its first request is there.
  enum Kind: Sendable {
    case http(HTTPChannel)
    case stream(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, [(name: String, value: String)])
  }

  /// Takes a new connection; closes it where there are too many.
  static func begin(_ channel: any Channel, _ service: Service) -> EventLoopFuture<Void> {
    guard let connection = service.connections.add(channel) else {
      service.metrics.refusedConnection()
      // NIO closes what cannot be prepared; one that is closed here would be opened nevertheless.
      return channel.eventLoop.makeFailedFuture(ChannelError.eof)
    }
    connection.watchdog.arm(service.options.limits.headerS) { connection.close() }
    return channel.eventLoop.makeCompletedFuture {
      let kind = try install(channel, connection, service)
      Task {
        defer {
          connection.watchdog.disarm()
          service.connections.remove(connection)
        }
        // The connection ends with the error, whose reason is the client's or the network's.
        try? await serve(try kind.get(), connection, service)
      }
    }
  }

  private static func serve(
    _ kind: Kind, _ connection: Connection, _ service: Service
  ) async throws {
    switch kind {
    case .http(let channel): try await service.converse(connection, channel)
    case .stream(let channel, let settings):
      service.log.note(ServeLog.Entry("stream", connection: connection.number))
      try await channel.executeThenClose { inbound, outbound in
        var stream = StreamConnection(service, connection, outbound)
        try await stream.run(inbound, settings: settings)
      }
      service.log.note(ServeLog.Entry("stream ended", connection: connection.number))
    }
  }

  /// NIO's parsers with our limits; the returned future is done when the first request is there.
  private static func install(
    _ channel: any Channel, _ connection: Connection, _ service: Service
  ) throws -> EventLoopFuture<Kind> {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = ServeOptions.greatestHeader
    limits.maxHeaderListSize = ServeOptions.greatestHeader
    limits.maxHeaderFieldCount = 100
    let encoder = HTTPResponseEncoder()
    let handlers: [any RemovableChannelHandler] = [
      ByteToMessageHandler(
        HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)),
      HTTPServerPipelineHandler(), NIOHTTPResponseHeadersValidator(), ParserFaults(service.metrics),
    ]
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(LingeringClose(sendingS: service.options.limits.idleS))
    let first = FirstRequest(
      channel.eventLoop.makePromise(of: Kind.self), encoder, handlers,
      upgrader: upgrader(connection, service),
      isStream: { service.takesStream($0, connection) })
    try pipeline.addHandler(encoder)
    for handler in handlers { try pipeline.addHandler(handler) }
    try pipeline.addHandler(first)
    return first.kind.futureResult
  }

  private static func upgrader(
    _ connection: Connection, _ service: Service
  ) -> NIOTypedWebSocketServerUpgrader<Kind> {
    NIOTypedWebSocketServerUpgrader(
      maxFrameSize: ServeOptions.greatestFrame, enableAutomaticErrorHandling: false,
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          .stream(
            try NIOAsyncChannel(wrappingChannelSynchronously: channel),
            (try? Request(head).query) ?? [])
        }
      })
  }
}

extension Service {
  /// Whether a request may become a stream; takes its place then, else notes why not.
  fileprivate func takesStream(_ head: HTTPRequestHead, _ connection: Connection) -> Bool {
    do throws(Refusal) {
      let request = try Request(head)
      guard request.path == Route.stream.rawValue, request.method == .GET, request.asksForWebSocket
      else { return false }
      try access.checkPlace(request)
      try access.checkAuthorized(request)
      guard request.header("Sec-WebSocket-Version") == "13",
        request.header("Sec-WebSocket-Key") != nil
      else {
        var refusal = Refusal(
          .badRequest, "The request is no WebSocket's of version 13 with a key; send both headers.")
        refusal.headers = [("Sec-WebSocket-Version", "13")]
        throw refusal
      }
      guard !connection.isDraining else { throw Refusal.busy("The server stops.") }
      guard metrics.beginSession(limit: options.limits.sessions) else {
        throw Refusal.busy(
          "There are \(options.limits.sessions) streams, as many as this server takes; try again later."
        )
      }
      connection.channel.closeFuture.whenComplete { [metrics] _ in metrics.endSession() }
      metrics.request(Route.stream.rawValue, status: 101, seconds: 0)
      return true
    } catch {
      connection.refuseStream(error)
      return false
    }
  }
}

extension Request {
  /// Whether it asks for a WebSocket.
  fileprivate var asksForWebSocket: Bool {
    head.headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
      && head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
  }
}
