import NIOCore
import NIOHTTP1

/// Reads the requests of a connection, one after the other: a head, then the pieces of its body.
struct RequestReader {
  typealias Inbound = NIOAsyncChannelInboundStream<HTTPServerRequestPart>
  typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

  private var parts: Inbound.AsyncIterator
  private let outbound: Outbound
  private let connection: Connection
  private let limits: RequestLimits
  /// Whether the client waits for a word before it sends the body.
  private var isWaitedFor = false
  private var isTimed = false
  /// Whether the whole body was read.
  private(set) var isAtEnd = true
  /// The bytes of the body that were read.
  private(set) var bytes = 0

  /// The times that a client may take.
  struct RequestLimits {
    var headerS: Double
    var bodyS: Double
  }

  init(_ inbound: Inbound, _ outbound: Outbound, _ connection: Connection, _ limits: RequestLimits)
  {
    parts = inbound.makeAsyncIterator()
    (self.outbound, self.connection, self.limits) = (outbound, connection, limits)
  }

  /// The head of the next request; nil where none follows.
  mutating func head() async throws -> HTTPRequestHead? {
    while let part = try await parts.next() {
      guard case .head(let head) = part else { continue }
      connection.watchdog.disarm()
      (bytes, isAtEnd, isTimed) = (0, false, false)
      isWaitedFor = head.headers["Expect"].contains { $0.lowercased() == "100-continue" }
      let hasBody =
        head.headers.contains(name: "Content-Length")
        || head.headers.contains(name: "Transfer-Encoding")
      if !hasBody { _ = try await chunk() }
      return head
    }
    return nil
  }

  /// The next piece of the body; nil where it ends.
  ///
  /// - Throws: `Refusal` where the connection ends before, or takes too long.
  mutating func chunk() async throws -> ByteBuffer? {
    if isAtEnd { return nil }
    if isWaitedFor {
      isWaitedFor = false
      try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
    if !isTimed {
      isTimed = true
      armForBody()
    }
    while let part = try await parts.next() {
      switch part {
      case .head: continue
      case .body(let buffer):
        bytes += buffer.readableBytes
        return buffer
      case .end:
        isAtEnd = true
        guard connection.watchdog.disarm() else { throw Closed() }
        return nil
      }
    }
    throw Closed()
  }

  /// Nothing more can be read or written.
  struct Closed: Error {}

  private func armForBody() {
    let connection = connection
    connection.watchdog.arm(limits.bodyS) { [limits] in
      let answer = Refusal(
        .requestTimeout,
        "The body of the request was not there after \(Int(limits.bodyS)) s; send it faster."
      ).answer
      connection.channel.triggerUserOutboundEvent(
        ParserFaults.SlowBody(answer: answer), promise: nil)
    }
  }
}
