import Foundation
import Testing
import ValenceServeOptions

@testable import ValenceServe

extension ServerTests {
  @Suite("The agent's route")
  struct AgentTests {
    /// Repeats the message; knows one method, and answers no notification.
    private static let agent: AgentDoor = { message in
      let text = String(decoding: message, as: UTF8.self)
      if text.contains("notifications/") { return nil }
      if text.contains("no/such") {
        return Data(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#.utf8)
      }
      return Data(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)
    }

    private static let plain = [
      "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
    ]
    private static let modern = plain.merging(
      [
        "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "compare",
      ]) { $1 }

    private static func message(_ method: String) -> Data {
      let meta = #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#
      return Data(
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"name":"compare",\#(meta)}}"#.utf8
      )
    }

    @Test("messages are handed over, and answered by the transport's rules")
    func rules() async throws {
      try await Serving.with(agent: Self.agent, { $0.limits.bytes = 3000 }) { place in
        func ask(_ headers: [String: String], _ body: Data) async throws -> Client.Response {
          try await place.ask("POST", "/mcp", headers, body: body)
        }
        let call = Self.message("tools/call")
        let answer = try await ask(Self.modern, call)
        #expect(answer.status == 200 && answer.text.contains("result"))
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["x-accel-buffering"] == "no")
        #expect(try await ask(Self.plain, Data(#"{"method":"initialize"}"#.utf8)).status == 200)
        let notification = Data(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
        let accepted = try await ask(Self.plain, notification)
        #expect(accepted.status == 202 && accepted.body.isEmpty)
        let unknown = Self.modern.merging(["Mcp-Method": "no/such"]) { $1 }
        #expect(try await ask(unknown, Self.message("no/such")).status == 404)
        #expect(try await place.ask("GET", "/mcp").status == 405)
        #expect(try await place.ask("DELETE", "/mcp").status == 405)
        #expect(try await ask(["Content-Type": "application/json"], call).status == 406)
        #expect(try await ask(["Accept": "*/*", "Content-Type": "text/plain"], call).status == 415)
        #expect(try await ask(Self.modern, Data(count: 100_000)).status == 413)
        let elsewhere = Self.modern.merging(["Origin": "http://evil.example"]) { $1 }
        #expect(try await ask(elsewhere, call).status == 403)
        for (name, value) in [
          ("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Method", "tools/list"),
          ("Mcp-Name", "other"),
        ] {
          let wrong = try await ask(Self.modern.merging([name: value]) { $1 }, call)
          #expect(wrong.status == 400 && wrong.text.contains("-32020"), "\(name): \(wrong.text)")
          #expect(wrong.text.contains("\"id\":1"))
        }
      }
    }

    @Test("without an agent there is no such route")
    func none() async throws {
      try await Serving.with { place in
        let answer = try await place.ask("POST", "/mcp", Self.plain, body: Data("{}".utf8))
        #expect(answer.status == 404)
        #expect(try await !place.ask("GET", "/openapi.json").text.contains("/mcp"))
      }
    }
  }
}
