import ValenceStore

/// An error of the protocol itself; what a tool refuses is a result of the tool instead.
struct ProtocolError: Error, Hashable, Sendable {
  let code: Int
  let message: String
  /// The versions that would be right, and the one that was asked for.
  var versions: (supported: [String], requested: String)? {
    requested.map { (Revision.modern, $0) }
  }
  private var requested: String?

  private init(_ code: Int, _ message: String, requested: String? = nil) {
    (self.code, self.message, self.requested) = (code, message, requested)
  }

  /// The message is no JSON.
  static func parse(_ reason: String) -> Self { Self(-32700, "Parse error: \(reason).") }

  /// The message is no request.
  static func request(_ reason: String) -> Self { Self(-32600, "Invalid request: \(reason).") }

  /// The message is longer than any that is read.
  static let tooLong = request("the message has more than \(LineBuffer.longest >> 20) MiB")

  /// There is no such method.
  static func method(_ name: String) -> Self {
    Self(-32601, "Method not found: \(shown(name)).")
  }

  /// The parameters are not those of the method.
  static func parameters(_ reason: String) -> Self {
    Self(-32602, "Invalid params: \(reason).")
  }

  /// The headers of an HTTP request say something else than its body.
  static func headers(_ reason: String) -> Self { Self(-32020, "Header mismatch: \(reason).") }

  /// The server does not speak this version.
  static func version(_ requested: String) -> Self {
    Self(
      -32022, "Unsupported protocol version: \(shown(requested)).", requested: shown(requested))
  }

  /// Something of the server's own is wrong.
  static func inner(_ reason: String) -> Self { Self(-32603, "Internal error: \(reason).") }

  /// The beginning of what a client sent.
  private static func shown(_ text: String) -> String {
    text.count > 100 ? text.prefix(100) + "…" : text
  }

  /// The whole message.
  func answer(to id: RequestID?) -> JSONValue {
    var error: [String: JSONValue] = ["code": .integer(Int64(code)), "message": .string(message)]
    if let versions {
      error["data"] = .object([
        "supported": .array(versions.supported.map(JSONValue.string)),
        "requested": .string(versions.requested),
      ])
    }
    var answer: [String: JSONValue] = ["jsonrpc": "2.0", "error": .object(error)]
    // Left out where it is not known: null is no id.
    if let id { answer["id"] = id.json }
    return .object(answer)
  }
}

/// The revisions of the protocol.
enum Revision {
  /// Those without a handshake, each request of which says its revision.
  static let modern = ["2026-07-28"]
  /// Those that begin with `initialize`, newest first.
  static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  /// The only one with batches.
  static let batches = "2025-03-26"
}
