import Foundation
import NIOHTTP1
import ValenceServeOptions

extension Service {
  /// `POST /mcp`: the Model Context Protocol by Streamable HTTP, a message a request.
  ///
  /// What is in a message is the agent's to judge; the headers are this transport's: they must say what the
  /// message says (revision 2026-07-28), so that proxies may trust them.
  /// - Throws: `Refusal`.
  func agentAnswer(_ request: Request, _ reader: inout RequestReader) async throws -> Answer {
    guard let agent else {
      throw Refusal(.notFound, "This server has no agent; start it as valence serve does.")
    }
    guard request.mediaType == Answer.jsonType else {
      throw Refusal(.unsupportedMediaType, "A message is JSON; send application/json.")
    }
    let accepted = request.head.headers["Accept"].joined(separator: ",").lowercased()
    guard
      accepted.contains("*/*")
        || (accepted.contains(Answer.jsonType) && accepted.contains("text/event-stream"))
    else {
      throw Refusal(
        .notAcceptable, "Accept must list application/json and text/event-stream; send both.")
    }
    // Sound comes as base64, which takes four bytes for three.
    let message = try await whole(&reader, most: options.limits.bytes / 3 * 4 + (1 << 16))
    let said = AgentMessage(message)
    if let wrong = said.mismatch(request) {
      return Answer(.badRequest, type: Answer.jsonType, body: said.error(-32020, wrong))
    }
    guard uploads.take() else {
      throw Refusal.busy(
        "There are \(options.limits.uploads) requests, as many as this server takes; try again later."
      )
    }
    defer { uploads.leave() }
    guard let reply = await agent(message) else { return Answer(.accepted) }
    var answer = Answer(
      AgentMessage.status(of: reply, isModern: said.version != nil), type: Answer.jsonType,
      body: reply)
    answer.headers = [("X-Accel-Buffering", "no")]
    return answer
  }
}

/// What the transport must know of a message.
private struct AgentMessage {
  private struct Content: Decodable {
    struct Parameters: Decodable {
      struct Meta: Decodable {
        var version: String?

        private enum CodingKeys: String, CodingKey {
          case version = "io.modelcontextprotocol/protocolVersion"
        }
      }

      var name: String?
      var meta: Meta?

      private enum CodingKeys: String, CodingKey {
        case name
        case meta = "_meta"
      }
    }

    var method: String?
    var params: Parameters?
  }

  /// A number or a text.
  private struct Identity: Decodable {
    var json: String

    private enum CodingKeys: String, CodingKey { case id }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let number = try? container.decode(Int.self, forKey: .id) {
        json = "\(number)"
      } else {
        let text = try container.decode(String.self, forKey: .id)
        json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
      }
    }
  }

  private let content: Content?
  private let identity: String

  init(_ message: Data) {
    content = try? JSONDecoder().decode(Content.self, from: message)
    identity = (try? JSONDecoder().decode(Identity.self, from: message))?.json ?? "null"
  }

  /// The revision that the message says it is of; nil for those before 2026-07-28.
  var version: String? { content?.params?.meta?.version }

  /// Which header does not say what the message says; nil where all do.
  func mismatch(_ request: Request) -> String? {
    guard let version, let content else { return nil }
    var headers = [("MCP-Protocol-Version", version), ("Mcp-Method", content.method ?? "")]
    if content.method == "tools/call" { headers.append(("Mcp-Name", content.params?.name ?? "")) }
    for (name, value) in headers where request.header(name) != value {
      return "\(name) is not '\(value)', as the message says; send the same."
    }
    return nil
  }

  /// An error of JSON-RPC.
  func error(_ code: Int, _ message: String) -> Data {
    struct Fault: Encodable {
      var code: Int
      var message: String
    }
    let fault =
      (try? JSONEncoder().encode(Fault(code: code, message: message))).map {
        String(decoding: $0, as: UTF8.self)
      } ?? "{}"
    return Data("{\"jsonrpc\":\"2.0\",\"id\":\(identity),\"error\":\(fault)}\n".utf8)
  }

  /// The status of a reply: errors of the protocol have their own in the modern revision.
  static func status(of reply: Data, isModern: Bool) -> HTTPResponseStatus {
    struct Reply: Decodable {
      struct Fault: Decodable { var code: Int }
      var error: Fault?
    }
    guard isModern, let code = (try? JSONDecoder().decode(Reply.self, from: reply))?.error?.code
    else { return .ok }
    switch code {
    case -32601: return .notFound
    case -32700, -32600, -32602, -32020, -32021, -32022: return .badRequest
    default: return .ok
    }
  }
}
