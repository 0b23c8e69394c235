import NIOCore

/// Closes a connection in such a way that its client reads the last answer.
///
/// A socket that is closed with unread bytes, or gets some afterwards, is reset, and the client loses what it has
/// not read yet (RFC 9112 section 9.6). So what was written is sent, then the end of the answer, and what still comes
/// is dropped until the client ends too; all of it within limits.
final class LingeringClose: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// An outbound event: closes the connection at once.
  struct AtOnce {
    /// Also where the last answer is on its way, which has limits of its own.
    var cutsOff = false
  }

  private enum State {
    case open
    /// What was written is on its way.
    case sending
    /// What comes is dropped.
    case dropping
    case closed
  }

  /// The seconds that a client may take to read the last answer, and then to end.
  private let sendingS: Double
  private static let droppingS = 2.0
  /// The bytes that are dropped at most.
  private static let most = 4 << 20

  private var state = State.open
  private var hasWritten = false
  private var isInputClosed = false
  private var dropped = 0
  private var limit: Scheduled<Void>?

  /// - Parameter sendingS: the seconds that the last answer may take to its client.
  init(sendingS: Double) { self.sendingS = sendingS }

  // MARK: - What goes out

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    hasWritten = true
    context.write(data, promise: promise)
  }

  /// Reads for those above while the connection is open; then only to drop.
  func read(context: ChannelHandlerContext) {
    if state == .open { context.read() }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all else {
      context.close(mode: mode, promise: promise)
      return
    }
    switch state {
    case .open where hasWritten && context.channel.isActive:
      context.channel.closeFuture.cascade(to: promise)
      send(context)
    case .sending, .dropping: context.channel.closeFuture.cascade(to: promise)
    case .open, .closed: context.close(promise: promise)
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let order = event as? AtOnce else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    if order.cutsOff || state == .open { end(context) }
    promise?.succeed()
  }

  // MARK: - What comes in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state != .open else {
      context.fireChannelRead(data)
      return
    }
    dropped += Self.unwrapInboundIn(data).readableBytes
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    guard state != .open else {
      context.fireChannelReadComplete()
      return
    }
    if dropped < Self.most { context.read() } else if state == .dropping { end(context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed {
      isInputClosed = true
      if state == .dropping { end(context) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    state = .closed
    limit?.cancel()
    context.fireChannelInactive()
  }

  // MARK: - The steps

  private func send(_ context: ChannelHandlerContext) {
    state = .sending
    arm(sendingS, context)
    // Done when all that was written before it is.
    let sent = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: sent)
    sent.futureResult.assumeIsolated().whenComplete { _ in self.drop(context) }
    context.read()
  }

  private func drop(_ context: ChannelHandlerContext) {
    guard state == .sending else { return }
    guard !isInputClosed, dropped < Self.most else {
      end(context)
      return
    }
    state = .dropping
    arm(Self.droppingS, context)
    context.close(mode: .output, promise: nil)
  }

  private func end(_ context: ChannelHandlerContext) {
    limit?.cancel()
    guard state != .closed else { return }
    state = .closed
    context.close(promise: nil)
  }

  private func arm(_ seconds: Double, _ context: ChannelHandlerContext) {
    limit?.cancel()
    limit = context.eventLoop.assumeIsolated().scheduleTask(
      in: .nanoseconds(Int64(seconds * 1e9))
    ) { self.end(context) }
  }
}
