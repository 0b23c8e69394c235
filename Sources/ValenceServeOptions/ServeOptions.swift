import Foundation

/// What `valence serve` is started with; the command hands it to the server's own program as JSON.
package struct ServeOptions: Codable, Hashable, Sendable {
  /// The networks: each a `model.safetensors`, or the folder of a trial that holds one.
  package var models: [String]
  /// The folder of the encoder that they hear through; nil looks in `$VALENCE_ENCODERS`.
  package var encoder: String?
  /// The address that is listened at.
  package var host = "127.0.0.1"
  /// The port; 0 is any that is free.
  package var port = 8420
  /// Further names by which browsers may ask for this server, as behind a reverse proxy.
  package var allowedHosts: [String] = []
  /// The file with the token that clients must send; nil looks in `$VALENCE_TOKEN`.
  package var tokenFile: String?
  package var limits = Limits()

  /// Options of a server of some networks.
  package init(models: [String]) { self.models = models }

  /// What clients may ask of the server.
  package struct Limits: Codable, Hashable, Sendable {
    /// Bytes of an upload.
    package var bytes = 64 << 20
    /// Seconds of sound in an upload.
    package var seconds = 600.0
    /// Streams at once.
    package var sessions = 64
    /// Uploads at once, those that wait for a thread included.
    package var uploads = 32
    /// Connections at once.
    package var connections = 512
    /// Threads that score, each with networks of its own; 0 is one for each core.
    package var threads = 0
    /// Seconds until the head of a request is there; also how long an unused connection is kept.
    package var headerS = 15.0
    /// Seconds until the body of a request is there.
    package var bodyS = 120.0
    /// Seconds that a client may neither send nor take anything.
    package var idleS = 60.0
    /// Seconds that work may take to end after SIGTERM.
    package var drainS = 10.0

    /// The stated defaults.
    package init() {}
  }

  /// Bytes of all the headers of a request.
  package static let greatestHeader = 16 << 10
  /// Bytes of a message of a stream.
  package static let greatestFrame = 1 << 20

  /// The options as the one argument of the server's own program.
  package func argument() throws -> String {
    String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
  }

  /// Reads what `argument` makes; nil for anything else.
  package init?(argument: String) {
    guard let options = try? JSONDecoder().decode(Self.self, from: Data(argument.utf8)) else {
      return nil
    }
    self = options
  }

  /// Checks each number.
  ///
  /// - Throws: `ServeFault`, which names the option.
  package func check() throws(ServeFault) {
    func number(
      _ option: String, _ value: Double, _ range: ClosedRange<Double>, _ meaning: String
    ) throws(ServeFault) {
      guard range.contains(value) else {
        throw ServeFault(
          "\(option): \(Self.text(value)) is outside of "
            + "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound)); "
            + "give \(meaning).")
      }
    }
    if models.isEmpty { throw ServeFault("model: none is given; name at least one network.") }
    if host.isEmpty { throw ServeFault("--host: it is empty; give an address, such as 127.0.0.1.") }
    try number("--port", Double(port), 0...65535, "a port, or 0 for any that is free")
    try number("--max-bytes", Double(limits.bytes), 1024...1e12, "bytes of an upload")
    try number("--max-seconds", limits.seconds, 0.1...86400, "seconds of sound in an upload")
    try number("--max-sessions", Double(limits.sessions), 0...100_000, "a number of streams")
    try number("--max-uploads", Double(limits.uploads), 1...10_000, "a number of uploads")
    try number(
      "--max-connections", Double(limits.connections), 1...100_000, "a number of connections")
    try number("--threads", Double(limits.threads), 0...1024, "threads, or 0 for one a core")
    let seconds: [(String, Double)] = [
      ("--header-timeout", limits.headerS), ("--body-timeout", limits.bodyS),
      ("--idle-timeout", limits.idleS), ("--drain-timeout", limits.drainS),
    ]
    for (option, value) in seconds { try number(option, value, 0.01...86400, "seconds") }
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}

/// Why the server cannot start, in a sentence.
package struct ServeFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// Notes the sentence.
  package init(_ description: String) { self.description = description }
}
