import Foundation
import Testing
import ValencePredict
import ValenceServeOptions
import ValenceStore
import ValenceTestSupport

@testable import ValenceServe

extension ServerTests {
  @Suite("The agent's route")
  struct AgentTests {
    private static let plain = [
      "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
    ]

    private static func modern(_ method: String, _ tool: String? = nil) -> [String: String] {
      var headers = plain
      (headers["MCP-Protocol-Version"], headers["Mcp-Method"]) = ("2026-07-28", method)
      headers["Mcp-Name"] = tool
      return headers
    }

    private static func message(
      _ method: String, _ tool: String? = nil, _ arguments: [String: Any] = [:]
    ) throws -> Data {
      var parameters: [String: Any] = [
        "_meta": [
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": [String: String](),
        ]
      ]
      if let tool { (parameters["name"], parameters["arguments"]) = (tool, arguments) }
      return try JSONSerialization.data(
        withJSONObject: ["jsonrpc": "2.0", "id": 1, "method": method, "params": parameters])
    }

    @Test("messages are answered by the transport's rules")
    func rules() async throws {
      try await Serving.with({ $0.limits.bytes = 3000 }) { place in
        func ask(_ headers: [String: String], _ body: Data) async throws -> Client.Response {
          try await place.ask("POST", "/mcp", headers, body: body)
        }
        let list = try Self.message("tools/list")
        let answer = try await ask(Self.modern("tools/list"), list)
        #expect(answer.status == 200 && answer.text.contains("predict_emotion"))
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["x-accel-buffering"] == "no")
        let first =
          #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":"#
          + #"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
        let legacy = try await ask(Self.plain, Data(first.utf8))
        #expect(legacy.status == 200 && legacy.text.contains("2025-06-18"))
        let notification = Data(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
        let accepted = try await ask(Self.plain, notification)
        #expect(accepted.status == 202 && accepted.body.isEmpty)
        #expect(try await ask(Self.modern("no/such"), Self.message("no/such")).status == 404)
        #expect(try await place.ask("GET", "/mcp").status == 405)
        #expect(try await place.ask("DELETE", "/mcp").status == 405)
        #expect(try await ask(["Content-Type": "application/json"], list).status == 406)
        #expect(try await ask(["Accept": "*/*", "Content-Type": "text/plain"], list).status == 415)
        #expect(try await ask(Self.modern("tools/list"), Data(count: 100_000)).status == 413)
        #expect(try await ask(Self.plain, Data("{".utf8)).status == 400)
        let elsewhere = Self.modern("tools/list").merging(["Origin": "http://evil.example"]) { $1 }
        #expect(try await ask(elsewhere, list).status == 403)
        for (name, value) in [
          ("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Method", "tools/call"),
        ] {
          let wrong = try await ask(Self.modern("tools/list").merging([name: value]) { $1 }, list)
          #expect(wrong.status == 400 && wrong.text.contains("-32020"), "\(name): \(wrong.text)")
        }
      }
    }

    /// Found by schemathesis: the description promised a sentence where JSON-RPC has an object.
    @Test("the description has errors of the route in either form")
    func described() throws {
      let document = OpenAPI(options: ServeOptions(models: ["a"]), hasToken: false).document
      func member(_ value: JSONValue, _ path: [String]) -> JSONValue? {
        guard let name = path.first else { return value }
        guard case .object(let members) = value, let inner = members[name] else { return nil }
        return member(inner, Array(path.dropFirst()))
      }
      let content = ["responses", "400", "content", "application/json", "schema"]
      let own = member(document, ["paths", "/mcp", "post"] + content)
      #expect(own == ["type": "object"])
      let other = member(document, ["paths", "/v1/predict", "post"] + content)
      #expect(other == ["$ref": "#/components/schemas/Error"])
    }

    @Test("a tool says what predict says, and no path of the server is heard")
    func prediction() async throws {
      try await Serving.with { place in
        let sound = ToneCorpus.wav(Serving.samples(seconds: 2))
        func call(_ arguments: [String: Any]) async throws -> [String: Any] {
          let answer = try await place.ask(
            "POST", "/mcp", Self.modern("tools/call", "predict_emotion"),
            body: Self.message("tools/call", "predict_emotion", arguments))
          let object = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
          return try #require(object?["result"] as? [String: Any], "\(answer.text)")
        }
        let result = try await call(["audio_base64": sound.base64EncodedString()])
        let text = String(
          decoding: try JSONSerialization.data(withJSONObject: result), as: UTF8.self)
        let http = try await place.ask(
          "POST", "/v1/predict", ["Content-Type": "audio/wav"], body: sound)
        let object = try JSONSerialization.jsonObject(with: http.body) as? [String: Any]
        let answers = try #require(object?["answers"] as? [[String: Any]])
        let probabilities = try #require(answers[0]["probabilities"] as? [String: Double])
        let said = try #require(Self.probabilities(in: result))
        #expect(said.keys.sorted() == probabilities.keys.sorted(), "\(text)")
        for (name, value) in probabilities { #expect(abs((said[name] ?? -1) - value) <= 1e-5) }
        let refused = try await call(["path": "/etc/hostname"])
        #expect(refused["isError"] as? Bool == true)
      }
    }

    /// The first probabilities anywhere in a result.
    private static func probabilities(in value: Any) -> [String: Double]? {
      if let object = value as? [String: Any] {
        if let found = object["probabilities"] as? [String: Double] { return found }
        return object.values.lazy.compactMap(probabilities).first
      }
      return (value as? [Any])?.lazy.compactMap(probabilities).first
    }
  }
}
