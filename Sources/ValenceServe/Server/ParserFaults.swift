import NIOCore
import NIOHTTP1
import ValenceServeOptions

/// Answers what is no HTTP, or comes too slowly, in a sentence, as every other mistake is, and closes the
/// connection.
///
/// That may happen while a request is being answered elsewhere: a request gets one answer, the first.
final class ParserFaults: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// An outbound event: the body of the request takes too long.
  struct SlowBody {
    var answer: Answer
  }

  private enum State {
    /// There is no request, or it has not been answered.
    case open
    /// The request that is being read has its answer.
    case answered
    /// The last answer of this connection was sent from here.
    case failed
  }

  private let metrics: Metrics
  private var state = State.open
  private var isReading = false

  init(_ metrics: Metrics) { self.metrics = metrics }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head:
      isReading = true
      if state == .answered { state = .open }
    case .body: break
    case .end: isReading = false
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard state != .failed else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch Self.unwrapOutboundIn(data) {
    case .head(let head): if head.status.code >= 200 { state = .answered }
    case .body: break
    case .end: if !isReading { state = .open }
    }
    context.write(data, promise: promise)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let slow = event as? SlowBody else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    fail(slow.answer, context)
    promise?.succeed()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError { fail(Self.refusal(of: error).answer, context) }
    context.fireErrorCaught(error)
  }

  private func fail(_ answer: Answer, _ context: ChannelHandlerContext) {
    if state == .open {
      metrics.request(Route.other, status: Int(answer.status.code), seconds: 0)
      context.write(Self.wrapOutboundOut(.head(answer.head(keepsOpen: false))), promise: nil)
      context.write(
        Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
      context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }
    state = .failed
    context.close(promise: nil)
  }

  private static func refusal(of error: any Error) -> Refusal {
    switch error as? HTTPParserError {
    case .headerOverflow:
      Refusal(
        .requestHeaderFieldsTooLarge,
        "The headers of the request are larger than \(ServeOptions.greatestHeader) bytes; send fewer."
      )
    case .invalidVersion:
      Refusal(.httpVersionNotSupported, "This is no request of HTTP/1.1; use HTTP/1.1.")
    case .invalidMethod: Refusal(.badRequest, "The request's method is not known; use GET or POST.")
    default: Refusal(.badRequest, "This is no whole HTTP request; the connection is closed.")
    }
  }
}
