package import Foundation
import ValenceStore

extension Agent {
  /// The headers of an HTTP request that repeat what its body says.
  package struct Headers: Hashable, Sendable {
    /// `MCP-Protocol-Version`.
    package var protocolVersion: String?
    /// `Mcp-Method`.
    package var method: String?
    /// `Mcp-Name`.
    package var name: String?

    package init(protocolVersion: String? = nil, method: String? = nil, name: String? = nil) {
      (self.protocolVersion, self.method, self.name) = (protocolVersion, method, name)
    }
  }

  /// What is sent back over HTTP.
  package struct Reply: Hashable, Sendable {
    package var status: Int
    /// JSON; nil for no body.
    package var body: Data?
  }

  /// The answer to the body of a POST to the endpoint of Streamable HTTP.
  ///
  /// Whatever else HTTP asks for is the server's: other methods are 405, a foreign `Origin` 403.
  package func reply(to body: Data, headers: Headers) async -> Reply {
    let message = Message(body)
    switch message {
    case .notification: return Reply(status: 202, body: nil)
    case .faulty, .batch:
      return Reply(status: 400, body: await answer(message, over: .http)?.bytes)
    case .request(let request):
      if let error = Self.mismatch(request, headers) {
        return Reply(status: 400, body: error.answer(to: request.id).bytes)
      }
      let answer = await answer(message, over: .http)
      return Reply(status: Self.status(of: answer, to: request), body: answer?.bytes)
    }
  }

  /// The status of an answer: before the stateless era errors came with 200.
  private static func status(of answer: JSONValue?, to request: Message.Request) -> Int {
    guard case .object(let members) = answer, case .object(let error)? = members["error"],
      request.isModern
    else { return 200 }
    return switch error["code"] {
    case .integer(-32601): 404
    case .integer(-32603): 500
    default: 400
    }
  }

  /// What headers and body of a request contradict each other in; nil if they do not.
  private static func mismatch(_ request: Message.Request, _ headers: Headers) -> ProtocolError? {
    guard request.isModern, let meta = request.parameters.meta else {
      guard let version = headers.protocolVersion, request.method != "initialize" else {
        return nil
      }
      if Revision.modern.contains(version) {
        return .headers("the header says \(version), and the body has no _meta of it")
      }
      return Revision.legacy.contains(version) ? nil : .version(version)
    }
    // What the body lacks is said by the answer itself.
    guard meta.missing == nil else { return nil }
    let expected = [
      ("MCP-Protocol-Version", headers.protocolVersion, meta.protocolVersion),
      ("Mcp-Method", headers.method, request.method),
      (
        "Mcp-Name", headers.name.flatMap(decoded),
        request.method == "tools/call" ? request.parameters.name : nil
      ),
    ]
    for (name, header, body) in expected {
      guard let body else { continue }
      guard let header else { return .headers("the header \(name) is missing or malformed") }
      if header != body { return .headers("the header \(name) is not what the body says") }
    }
    return nil
  }

  /// The value of a header that may be base64 between marks; nil if that is broken.
  private static func decoded(_ value: String) -> String? {
    let (start, end) = ("=?base64?", "?=")
    guard value.hasPrefix(start), value.hasSuffix(end), value.count >= start.count + end.count
    else {
      return value
    }
    let inner = value.dropFirst(start.count).dropLast(end.count)
    return Data(base64Encoded: String(inner)).flatMap { String(data: $0, encoding: .utf8) }
  }
}

extension Message.Request {
  /// Whether it is of the stateless era.
  var isModern: Bool { parameters.meta != nil && method != "initialize" }
}
