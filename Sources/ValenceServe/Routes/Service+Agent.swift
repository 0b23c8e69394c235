import Foundation
import NIOHTTP1
import ValenceAgent
import ValenceServeOptions

extension Service {
  /// `POST /mcp`: the Model Context Protocol by Streamable HTTP, a message a request.
  ///
  /// What is in a message, and whether the headers say the same, is the agent's to judge.
  /// - Throws: `Refusal`.
  func agentAnswer(_ request: Request, _ reader: inout RequestReader) async throws -> Answer {
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
    guard uploads.take() else {
      throw Refusal.busy(
        "There are \(options.limits.uploads) requests, as many as this server takes; try again later."
      )
    }
    defer { uploads.leave() }
    let reply = await models.agent.reply(
      to: message,
      headers: Agent.Headers(
        protocolVersion: request.header("MCP-Protocol-Version"),
        method: request.header("Mcp-Method"), name: request.header("Mcp-Name")))
    let status = HTTPResponseStatus(statusCode: reply.status)
    guard let body = reply.body else { return Answer(status) }
    var answer = Answer(status, type: Answer.jsonType, body: body)
    answer.headers = [("X-Accel-Buffering", "no")]
    return answer
  }
}
