import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Makes a connection a stream, or one of HTTP, when its first request is there.
///
/// NIO 2.101 has a handler for that (`NIOTypedHTTPServerUpgradeHandler`), but it loses a request that asks for a
/// protocol that is not taken, as `Upgrade: h2c` is, or a stream that is refused: its client would wait in vain.
final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart
  typealias Upgrader = NIOTypedWebSocketServerUpgrader<Pipeline.Kind>

  private enum State {
    case waiting
    /// The head of a stream's request, whose end is awaited.
    case upgrading(HTTPRequestHead)
    /// Bytes of the stream that came before its handlers are there, and whether no more will.
    case buffering([NIOAny], isWhole: Bool)
    case done
  }

  /// What the connection is.
  let kind: EventLoopPromise<Pipeline.Kind>
  private let encoder: HTTPResponseEncoder
  private let handlers: [any RemovableChannelHandler]
  private let upgrader: Upgrader
  private let isStream: (HTTPRequestHead) -> Bool
  private var state = State.waiting

  /// - Parameters:
  ///   - handlers: those of HTTP beside the encoder, which a stream does without.
  ///   - isStream: whether a request becomes a stream.
  init(
    _ kind: EventLoopPromise<Pipeline.Kind>, _ encoder: HTTPResponseEncoder,
    _ handlers: [any RemovableChannelHandler], upgrader: Upgrader,
    isStream: @escaping (HTTPRequestHead) -> Bool
  ) {
    (self.kind, self.encoder, self.handlers) = (kind, encoder, handlers)
    (self.upgrader, self.isStream) = (upgrader, isStream)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch state {
    case .waiting:
      guard case .head(let head) = Self.unwrapInboundIn(data), isStream(head) else {
        becomeHTTP(context, data)
        return
      }
      state = .upgrading(head)
    case .upgrading(let head):
      guard case .end = Self.unwrapInboundIn(data) else {
        context.close(promise: nil)
        return
      }
      state = .buffering([], isWhole: false)
      becomeStream(context, head)
    case .buffering(let bytes, let isWhole):
      state = .buffering(bytes + [data], isWhole: isWhole)
    case .done: context.fireChannelRead(data)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    // Does nothing where the connection is something by now.
    kind.fail(ChannelError.eof)
  }

  /// The client sends nothing more: without a request there is nothing to wait for.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event as? ChannelEvent == .inputClosed else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    switch state {
    case .waiting, .upgrading: context.close(promise: nil)
    case .buffering(let bytes, _): state = .buffering(bytes, isWhole: true)
    case .done: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    kind.fail(ChannelError.eof)
    context.fireChannelInactive()
  }

  private func becomeHTTP(_ context: ChannelHandlerContext, _ data: NIOAny) {
    state = .done
    do {
      kind.succeed(.http(try Pipeline.HTTPChannel(wrappingChannelSynchronously: context.channel)))
    } catch {
      kind.fail(error)
      context.close(promise: nil)
    }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  private func becomeStream(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
    let pipeline = context.pipeline
    upgrader.buildUpgradeResponse(
      channel: context.channel, upgradeRequest: head, initialResponseHeaders: HTTPHeaders()
    ).assumeIsolated().flatMap { headers in
      EventLoopFuture.andAllSucceed(
        self.handlers.map { pipeline.syncOperations.removeHandler($0) }, on: context.eventLoop
      ).map { headers }
    }.flatMap { headers in
      let response = HTTPResponseHead(
        version: .http1_1, status: .switchingProtocols, headers: headers)
      return context.writeAndFlush(Self.wrapOutboundOut(.head(response)))
    }.flatMap {
      pipeline.syncOperations.removeHandler(self.encoder)
    }.flatMap {
      self.upgrader.upgrade(channel: context.channel, upgradeRequest: head)
    }.whenComplete { result in
      self.finish(context, result)
    }
  }

  private func finish(_ context: ChannelHandlerContext, _ result: Result<Pipeline.Kind, any Error>)
  {
    guard case .buffering(let bytes, let isWhole) = state else { return }
    state = .done
    switch result {
    case .success(let stream):
      kind.succeed(stream)
      for data in bytes { context.fireChannelRead(data) }
      context.fireChannelReadComplete()
      if isWhole { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    case .failure(let error):
      kind.fail(error)
      context.close(promise: nil)
    }
  }
}
