import Foundation
import NIOCore
import NIOWebSocket
import ValenceCore
import ValenceServeOptions

/// A WebSocket: sound comes in binary messages, events go out as text.
struct StreamConnection {
  typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

  let service: Service
  let connection: Connection
  let outbound: Outbound
  private var stream: SoundStream?
  /// The kind of a message of which further parts follow.
  private var open: WebSocketOpcode?
  private var text = Data()
  private let opened = ContinuousClock.now

  private static let greatestText = 4096

  /// What follows a frame.
  private enum Next {
    case more
    /// The stream ends with this code.
    case close(WebSocketErrorCode)
    /// The client has closed it.
    case closed(WebSocketErrorCode?)
  }

  init(_ service: Service, _ connection: Connection, _ outbound: Outbound) {
    (self.service, self.connection, self.outbound) = (service, connection, outbound)
  }

  /// Answers frames until the stream ends.
  ///
  /// - Parameter settings: those of the query; none where the client sends a start message.
  mutating func run(
    _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
    settings: [(name: String, value: String)]
  ) async throws {
    connection.onDrain { Self.drain($0) }
    var frames = inbound.makeAsyncIterator()
    do {
      if !settings.isEmpty { try await begin(settings, place: "query") }
      arm()
      // Frames that are still in memory when the connection is closed are of no use to anybody.
      while let frame = try await frames.next(), connection.channel.isActive {
        switch try await take(frame) {
        case .more: arm()
        case .close(let code):
          try await close(code, &frames)
          return
        case .closed(let code):
          service.metrics.closed(code.map { Int(UInt16(webSocketErrorCode: $0)) } ?? 1005)
          try await send(.connectionClose, code.map { StreamFault.body($0) } ?? ByteBuffer())
          return
        }
      }
      service.metrics.closed(1006)
    } catch let fault as StreamFault {
      try await refuse(fault, &frames)
    } catch let error as NIOWebSocketError {
      try await refuse(StreamFault(error), &frames)
    } catch let error where !(error is ChannelError || error is IOError) {
      var entry = ServeLog.Entry("fault", connection: connection.number, message: "\(error)")
      entry.level = "error"
      service.log.note(entry)
      try await refuse(
        StreamFault(.unexpectedServerError, "Something failed here; the server's log says what."),
        &frames)
    }
  }

  // MARK: - Frames

  private mutating func take(_ frame: WebSocketFrame) async throws -> Next {
    guard frame.maskKey != nil else {
      throw StreamFault(.protocolError, "A frame is not masked; clients mask all frames.")
    }
    guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      throw StreamFault(.protocolError, "A frame is of an extension that was not agreed on.")
    }
    let bytes = frame.unmaskedData
    switch frame.opcode {
    case .ping:
      try await send(.pong, bytes)
      return .more
    case .pong: return .more
    case .connectionClose: return .closed(Self.code(bytes))
    case .binary, .text, .continuation:
      let kind = try kind(of: frame)
      open = frame.fin ? nil : kind
      if kind == .binary { return try await hear(bytes) }
      text.append(contentsOf: bytes.readableBytesView)
      guard text.count <= Self.greatestText else {
        throw StreamFault(.messageTooLarge, "A text message is larger than 4096 bytes; send less.")
      }
      guard frame.fin else { return .more }
      defer { text = Data() }
      return try await obey(text)
    default:
      throw StreamFault(.protocolError, "A frame is of a kind that WebSocket does not have.")
    }
  }

  /// The kind of the message that a frame is part of.
  private func kind(of frame: WebSocketFrame) throws(StreamFault) -> WebSocketOpcode {
    guard frame.opcode == .continuation else {
      if open == nil { return frame.opcode }
      throw StreamFault(.protocolError, "A message begins before the one before it has ended.")
    }
    guard let open else {
      throw StreamFault(.protocolError, "A part of a message comes without its beginning.")
    }
    return open
  }

  private mutating func hear(_ bytes: ByteBuffer) async throws -> Next {
    guard stream != nil else {
      throw StreamFault(
        .policyViolation,
        "Sound came before the start; send {\"type\": \"start\", \"rate_hz\": 16000} first.")
    }
    connection.watchdog.disarm()
    let start = ContinuousClock.now
    guard let (events, seconds) = try await stream?.hear(Data(bytes.readableBytesView)) else {
      return .more
    }
    if seconds > 0 {
      service.metrics.heard(seconds, by: Route.stream.rawValue)
      service.metrics.streamed((ContinuousClock.now - start).seconds)
    }
    for event in events { try await send(.text, StreamText.buffer(event)) }
    return .more
  }

  private mutating func obey(_ text: Data) async throws -> Next {
    let message: StreamMessage
    do throws(Refusal) { message = try StreamMessage(text) } catch {
      throw StreamFault(.policyViolation, error.sentence)
    }
    switch message {
    case .start(let settings):
      guard stream == nil else {
        throw StreamFault(.policyViolation, "The stream has started already; open another one.")
      }
      try await begin(settings, place: "start message")
      return .more
    case .end:
      guard stream != nil else {
        throw StreamFault(.policyViolation, "The stream ends before its start; send start first.")
      }
      connection.watchdog.disarm()
      for event in try await stream?.end() ?? [] {
        try await send(.text, StreamText.buffer(event))
      }
      return .close(.normalClosure)
    }
  }

  private mutating func begin(
    _ fields: [(name: String, value: String)], place: String
  ) async throws {
    let settings: StreamSettings
    do throws(Refusal) {
      settings = try StreamSettings(
        AskedSettings(fields, known: StreamSettings.names, place: place))
    } catch {
      throw StreamFault(.policyViolation, error.sentence)
    }
    connection.watchdog.disarm()
    let begun = try await SoundStream(settings, models: service.models)
    stream = begun
    try await send(.text, StreamText.buffer(begun.opening))
  }

  // MARK: - Writing and ending

  /// Sends a frame; a client that takes none for long is cut off, as its events would pile up.
  private func send(_ kind: WebSocketOpcode, _ bytes: ByteBuffer) async throws {
    guard !connection.isDraining else { return }
    connection.watchdog.arm(service.options.limits.idleS) { [connection] in connection.close() }
    try await outbound.write(WebSocketFrame(fin: true, opcode: kind, data: bytes))
    connection.watchdog.disarm()
  }

  private func refuse(
    _ fault: StreamFault, _ frames: inout NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
  ) async throws {
    var entry = ServeLog.Entry("stream refused", connection: connection.number)
    entry.message = fault.sentence
    entry.status = Int(UInt16(webSocketErrorCode: fault.code))
    service.log.note(entry)
    try await send(.text, fault.text)
    try await close(fault.code, reason: fault.sentence, &frames)
  }

  /// Closes the stream and reads until the client has closed it too, for a moment.
  private func close(
    _ code: WebSocketErrorCode, reason: String = "",
    _ frames: inout NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
  ) async throws {
    service.metrics.closed(Int(UInt16(webSocketErrorCode: code)))
    try await send(.connectionClose, StreamFault.body(code, reason))
    connection.watchdog.arm(2) { [connection] in connection.close() }
    while let frame = try? await frames.next(), frame.opcode != .connectionClose {}
    connection.watchdog.disarm()
  }

  private static func drain(_ connection: Connection) {
    let frame = WebSocketFrame(
      fin: true, opcode: .connectionClose,
      data: StreamFault.body(.goingAway, "The server stops."))
    connection.channel.writeAndFlush(frame, promise: nil)
    connection.watchdog.arm(1) { connection.close() }
  }

  /// Closes a stream that does not start in time, and one whose client is gone.
  ///
  /// A silent client is asked whether it is there, and cut off where nothing comes back.
  private func arm() {
    guard stream != nil else {
      let leftS = service.options.limits.headerS - (ContinuousClock.now - opened).seconds
      connection.watchdog.arm(max(0, leftS)) { [connection] in connection.close() }
      return
    }
    let half = service.options.limits.idleS / 2
    connection.watchdog.arm(half) { [connection] in
      let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
      connection.channel.writeAndFlush(ping, promise: nil)
      connection.watchdog.arm(half) { connection.close() }
    }
  }

  /// The code of a close frame; nil where it has none, 1002 where that is none that a client may send.
  private static func code(_ bytes: ByteBuffer) -> WebSocketErrorCode? {
    var bytes = bytes
    guard bytes.readableBytes > 0 else { return nil }
    guard let number = bytes.readInteger(as: UInt16.self),
      (1000...1003).contains(number) || (1007...1014).contains(number)
        || (3000...4999).contains(number)
    else { return .protocolError }
    return WebSocketErrorCode(codeNumber: Int(number))
  }
}
