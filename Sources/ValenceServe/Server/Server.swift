package import Foundation
import NIOCore
import NIOPosix
import ValenceAgent
import ValenceCore
package import ValenceServeOptions

/// A server that listens.
package final class Server: Sendable {
  /// The port that it listens at.
  package let port: Int
  let service: Service
  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel

  /// Starts a server: reads the networks, then listens.
  ///
  /// - Parameters:
  ///   - options: what it is started with, checked.
  ///   - token: what clients must send; nil asks for nothing.
  ///   - writeLog: what takes a line of the log; nil is standard error.
  /// - Throws: a sentence that names the file or option.
  package static func start(
    _ options: ServeOptions, token: String?, writeLog: (@Sendable (Data) -> Void)? = nil
  ) async throws -> Server {
    try options.check()
    let log = writeLog.map(ServeLog.init) ?? ServeLog()
    let models = try ServedModels(options)
    let service = try Service(options, token: token, models: models, log: log)
    let group = MultiThreadedEventLoopGroup(
      numberOfThreads: min(2, ProcessInfo.processInfo.activeProcessorCount))
    do {
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        // A client that sends nothing more may still wait for its answer.
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { Pipeline.begin($0, service) }
        .bind(host: options.host, port: options.port).get()
      return Server(service, group, listener)
    } catch {
      service.spool.remove()
      models.agent.close()
      try? await group.shutdownGracefully()
      throw ServeFault(
        "--host \(options.host) --port \(options.port): nothing can listen there "
          + "(\(Self.reason(error))); use another port, or 0 for any that is free.")
    }
  }

  private init(_ service: Service, _ group: MultiThreadedEventLoopGroup, _ listener: any Channel) {
    (self.service, self.group, self.listener) = (service, group, listener)
    port = listener.localAddress?.port ?? service.options.port
    var entry = ServeLog.Entry("listening")
    entry.message = "http://\(address)/"
    service.log.note(entry)
  }

  /// The host and port, as an address has them.
  package var address: String {
    let host = service.options.host
    return (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
  }

  /// Stops: takes nothing new, answers what was asked, closes streams with 1001, and cuts off what is left after the
  /// limit.
  ///
  /// - Returns: whether nothing was cut off.
  package func drain() async -> Bool {
    service.log.note(ServeLog.Entry("draining"))
    try? await listener.close()
    service.connections.drain()
    let service = service
    let cut = Task {
      try await Task.sleep(for: .seconds(service.options.limits.drainS))
      var entry = ServeLog.Entry("cut off")
      entry.level = "warning"
      entry.message = Wording.counted(service.connections.count, "connection")
      service.log.note(entry)
      service.connections.cutOffAll()
    }
    await service.connections.waitForNone()
    cut.cancel()
    let wasCut = (try? await cut.value) != nil
    service.spool.remove()
    service.models.agent.close()
    try? await group.shutdownGracefully()
    service.log.note(ServeLog.Entry("stopped"))
    service.log.flush()
    return !wasCut
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    let text = NSError(domain: NSPOSIXErrorDomain, code: Int(error.errnoCode)).localizedDescription
      .replacing("The operation could not be completed. ", with: "")
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
