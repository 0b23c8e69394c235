import Foundation
import NIOCore
import NIOHTTP1
import ValenceStore

/// What a request is answered with.
struct Answer: Sendable {
  var status = HTTPResponseStatus.ok
  var headers: [(name: String, value: String)] = []
  /// The media type of the body; nil where there is no body.
  var type: String?
  var body = Data()
  /// Whether the connection ends with it.
  var ends = false

  /// An answer without a body.
  init(_ status: HTTPResponseStatus) { self.status = status }

  /// An answer with a body.
  init(_ status: HTTPResponseStatus = .ok, type: String, body: Data) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  /// A value as JSON.
  static func json(_ value: some Encodable, _ status: HTTPResponseStatus = .ok) throws -> Answer {
    Answer(status, type: Self.jsonType, body: try JSON.encoded(value, onOneLine: true))
  }

  static let jsonType = "application/json"

  /// The head that is sent before the body.
  ///
  /// - Parameter keepsOpen: whether another request may follow.
  func head(keepsOpen: Bool) -> HTTPResponseHead {
    var fields = HTTPHeaders(headers.map { ($0.name, $0.value) })
    if let type { fields.add(name: "Content-Type", value: type) }
    if status.code >= 200, status != .noContent {
      fields.add(name: "Content-Length", value: "\(body.count)")
    }
    fields.add(name: "X-Content-Type-Options", value: "nosniff")
    fields.add(name: "Referrer-Policy", value: "no-referrer")
    fields.add(name: "Cross-Origin-Resource-Policy", value: "same-origin")
    if !fields.contains(name: "Cache-Control") {
      fields.add(name: "Cache-Control", value: "no-store")
    }
    if !keepsOpen { fields.add(name: "Connection", value: "close") }
    return HTTPResponseHead(version: .http1_1, status: status, headers: fields)
  }
}

/// A request that is not done as asked, in a sentence for the client.
struct Refusal: Error, Sendable {
  var status: HTTPResponseStatus
  var sentence: String
  var headers: [(name: String, value: String)] = []

  /// Notes a status and the sentence that says what is wrong and what would be right.
  init(_ status: HTTPResponseStatus, _ sentence: String) {
    (self.status, self.sentence) = (status, sentence)
  }

  /// What a client reads: `{"error": sentence}`.
  struct Content: Codable {
    var error: String
  }

  /// The refusal as an answer.
  var answer: Answer {
    var answer = Answer(
      status, type: Answer.jsonType,
      body: (try? JSON.encoded(Content(error: sentence), onOneLine: true)) ?? Data())
    answer.headers = headers
    return answer
  }

  /// That the server has as much to do as it may.
  static func busy(_ sentence: String) -> Refusal {
    var refusal = Refusal(.serviceUnavailable, sentence)
    refusal.headers = [("Retry-After", "1")]
    return refusal
  }
}
