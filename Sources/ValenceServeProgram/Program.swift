import Dispatch
import Foundation
import ValenceCore
import ValenceServe
import ValenceServeOptions

/// The server's own program, which `valence serve` becomes: so only those who serve build a network library.
@main
struct Program {
  static func main() async {
    guard CommandLine.arguments.count == 2,
      let options = ServeOptions(argument: CommandLine.arguments[1])
    else {
      complain("valence-serve is started by valence serve; see valence serve --help.")
      exit(2)
    }
    // A client that is gone must not end the server.
    signal(SIGPIPE, SIG_IGN)
    let signals = Signals()
    do {
      let token = try ServeToken.read(options, environment: ProcessInfo.processInfo.environment)
      // Programs that are started from here, such as ffmpeg, need not know it.
      ChildProcess.hide(variable: ServeToken.variable)
      let server = try await Server.start(options, token: token)
      let line = "Listening at http://\(server.address)/\n"
      try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
      await signals.first()
      exit(await server.drain() ? 0 : 1)
    } catch {
      complain("\(error)")
      exit(2)
    }
  }

  private static func complain(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }
}

/// SIGTERM and Ctrl-C: the first asks for an end, the second ends the process at once.
private struct Signals {
  private let sources: [any DispatchSourceSignal]
  private let arrivals: AsyncStream<Void>

  init() {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.arrivals = arrivals
    let queue = DispatchQueue(label: "signals")
    sources = [SIGTERM, SIGINT].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { @Sendable in
        if case .terminated = continuation.yield(()) { _exit(130) }
      }
      source.resume()
      return source
    }
  }

  /// Waits for the first one.
  func first() async {
    for await _ in arrivals { return }
  }
}
