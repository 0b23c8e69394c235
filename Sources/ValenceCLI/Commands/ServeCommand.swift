import ArgumentParser
import Foundation
import ValenceCore
import ValenceServeOptions

/// `valence serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answers over HTTP and WebSocket, with a page for a browser.",
    discussion: """
      MODEL is a model.safetensors, the folder of a trial (Results/NAME/trials/KEY), or a bundle. \
      The page at http://127.0.0.1:8420/ listens to the microphone or takes a recording.

        POST /v1/predict   a recording: its bytes, or a form with the field file
        GET  /v1/stream    a WebSocket: sound in, events out, as valence listen prints them
        GET  /v1/models    the networks and what is known of them
        GET  /health /metrics /openapi.json

      Only this machine is served unless --host says otherwise. With a token (--token-file, or \
      VALENCE_TOKEN) programs send it as Authorization: Bearer TOKEN, and the page asks for it. \
      Beyond this machine use a token and a proxy that speaks HTTPS: without it browsers give no \
      microphone. Requests of pages from other sites are refused.

      Examples:
        valence serve Results/quickstart/trials/0a1b2c
        curl -H 'Content-Type: audio/wav' --data-binary @call.wav http://127.0.0.1:8420/v1/predict
        curl -F file=@call.mp3 'http://127.0.0.1:8420/v1/predict?windows=true'

      SIGTERM and Ctrl-C end it: what was asked is answered, streams are closed. Exit status: 0 all \
      was answered, 1 something was cut off, 2 it could not start. Log lines are JSON on standard \
      error, without names, sound or tokens.
      """)

  @Argument(help: ArgumentHelp("The networks.", valueName: "model"), completion: .file())
  var models: [String]

  @OptionGroup var encoders: EncoderOption

  @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
  var host = ServeOptions(models: []).host

  @Option(help: ArgumentHelp("The port; 0 is any that is free.", valueName: "number"))
  var port = ServeOptions(models: []).port

  @Option(
    help: ArgumentHelp(
      "A file with the token that clients must send.", valueName: "file"), completion: .file())
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "A name by which browsers ask for this server, as behind a proxy; may be given several times.",
      valueName: "name"))
  var allowHost: [String] = []

  @OptionGroup(title: "Limits") var limits: ServeLimitOptions

  func run() throws {
    var options = ServeOptions(models: models)
    options.encoder = encoders.encoder
    (options.host, options.port) = (host, port)
    (options.tokenFile, options.allowedHosts) = (tokenFile, allowHost)
    options.limits = limits.limits
    try options.check()
    let program = try Self.program()
    let reason = ChildProcess.become(program.path, [try options.argument()])
    throw ServeFault(
      "\(program.path): it cannot be started (\(reason)); build it again with "
        + "\(Self.building).")
  }

  private static let name = "valence-serve"
  private static let building = "swift build -c release --product valence-serve"

  /// The server's program, beside this one.
  private static func program() throws -> URL {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: own).deletingLastPathComponent().appending(path: name)
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw ServeFault(
        "\(name): the server is a program of its own, and is not there beside valence; build it with "
          + "\(building).")
    }
    return program
  }
}

/// What clients may ask of the server.
struct ServeLimitOptions: ParsableArguments {
  private static let usual = ServeOptions.Limits()

  @Option(help: ArgumentHelp("Bytes of an upload.", valueName: "bytes"))
  var maxBytes = usual.bytes

  @Option(help: ArgumentHelp("Seconds of sound in an upload.", valueName: "seconds"))
  var maxSeconds = usual.seconds

  @Option(help: ArgumentHelp("Streams at once.", valueName: "number"))
  var maxSessions = usual.sessions

  @Option(help: ArgumentHelp("Uploads at once.", valueName: "number"))
  var maxUploads = usual.uploads

  @Option(help: ArgumentHelp("Connections at once.", valueName: "number"))
  var maxConnections = usual.connections

  @Option(
    help: ArgumentHelp(
      "Threads that score, each with the networks in memory; 0 is one for each core.",
      valueName: "number"))
  var threads = usual.threads

  @Option(
    help: ArgumentHelp(
      "Seconds until the head of a request must be there, or the next request on a connection.",
      valueName: "seconds"))
  var headerTimeout = usual.headerS

  @Option(help: ArgumentHelp("Seconds until an upload must be there.", valueName: "seconds"))
  var bodyTimeout = usual.bodyS

  @Option(
    help: ArgumentHelp(
      "Seconds that a client may neither answer nor take what is sent to it.",
      valueName: "seconds"))
  var idleTimeout = usual.idleS

  @Option(
    help: ArgumentHelp("Seconds that work may take to end after SIGTERM.", valueName: "seconds"))
  var drainTimeout = usual.drainS

  /// The limits that were chosen.
  var limits: ServeOptions.Limits {
    var limits = ServeOptions.Limits()
    (limits.bytes, limits.seconds) = (maxBytes, maxSeconds)
    (limits.sessions, limits.uploads, limits.connections) = (
      maxSessions, maxUploads, maxConnections
    )
    limits.threads = threads
    (limits.headerS, limits.bodyS) = (headerTimeout, bodyTimeout)
    (limits.idleS, limits.drainS) = (idleTimeout, drainTimeout)
    return limits
  }
}
