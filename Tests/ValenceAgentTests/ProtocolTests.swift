import Foundation
import Testing
import ValenceStore
import ValenceTestSupport

@testable import ValenceAgent

@Suite("The Model Context Protocol")
struct ProtocolTests {
  /// The rows of `messages.json`: a message, and what its answer must be.
  private struct Row: Decodable {
    /// What it is about.
    var name: String
    /// The message, as JSON or as text where it is none.
    var message: JSONValue
    /// The code of the error; nil for a result, 0 for no answer.
    var code: Int?
    /// The id of the answer; nil where it must have none.
    var id: JSONValue?
  }

  @Test("each message of the table gets its answer: a result, an error with its code, or none")
  func table() async throws {
    let file = Fixture(.module).folder.appending(path: "messages.json")
    let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
    #expect(rows.count > 40)
    let lab = AgentLab()
    for row in rows {
      let text = row.message.string ?? row.message.text
      let answer = await lab.answer(text)
      guard row.code != 0 else {
        #expect(answer == nil, "\(row.name)")
        continue
      }
      let found = try #require(answer, "\(row.name): no answer")
      #expect(found["error"]?["code"]?.integer == row.code, "\(row.name): \(found.text)")
      #expect(found["id"] == row.id, "\(row.name): \(found.text)")
      #expect((found["result"] == nil) == (row.code != nil), "\(row.name)")
      #expect(found["jsonrpc"] == "2.0", "\(row.name)")
    }
  }

  @Test("every result of the stateless era says that it is complete and who answers")
  func modern() async throws {
    let lab = AgentLab()
    for method in ["server/discover", "tools/list"] {
      let result = try #require(await lab.modern(method)?["result"])
      #expect(result["resultType"] == "complete")
      #expect(result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "valence")
      #expect(result["ttlMs"]?.integer ?? -1 >= 0 && result["cacheScope"] == "public")
    }
    let discovered = try #require(await lab.modern("server/discover")?["result"])
    #expect(discovered["supportedVersions"]?.items == ["2026-07-28"])
    #expect(discovered["capabilities"]?["tools"] != nil)
    let called = try #require(await lab.call("describe_model"))
    #expect(called["resultType"] == "complete" && called["isError"] == false)
    #expect(called["content"]?[0]?["text"]?.string == called["structuredContent"]?.text)
  }

  @Test(
    "initialize takes the version that is asked for, or else the newest before the stateless era",
    arguments: [
      ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
      ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("1900-01-01", "2025-11-25"),
    ])
  func handshake(asked: String, given: String) async throws {
    let lab = AgentLab()
    let result = try #require(
      await lab.answer(
        "{\"jsonrpc\": \"2.0\", \"id\": \"a\", \"method\": \"initialize\", \"params\": "
          + "{\"protocolVersion\": \"\(asked)\", \"capabilities\": {}, \"clientInfo\": "
          + "{\"name\": \"x\", \"version\": \"1\"}}}")?["result"])
    #expect(result["protocolVersion"]?.string == given)
    #expect(result["serverInfo"]?["name"] == "valence" && result["capabilities"]?["tools"] != nil)
    // What only the stateless era has would mislead a client of another.
    #expect(result["resultType"] == nil && result["_meta"] == nil)
  }

  @Test("an unknown version is refused with those that would be right")
  func version() async throws {
    let lab = AgentLab()
    let answer = try #require(
      await lab.answer(
        "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"tools/list\", \"params\": {\"_meta\": "
          + "{\"io.modelcontextprotocol/protocolVersion\": \"1900-01-01\", "
          + "\"io.modelcontextprotocol/clientCapabilities\": {}}}}"))
    #expect(answer["error"]?["code"]?.integer == -32022 && answer["id"]?.integer == 7)
    #expect(answer["error"]?["data"]?["supported"]?.items == ["2026-07-28"])
    #expect(answer["error"]?["data"]?["requested"] == "1900-01-01")
  }

  @Test("the list of tools is the same in both eras and in every order of requests")
  func stable() async throws {
    let lab = AgentLab()
    let first = await lab.modern("tools/list")?["result"]?["tools"]
    _ = await lab.call("predict_emotion", "{\"audio_base64\": \"\(AgentLab.recording())\"}")
    let legacy = await lab.answer("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
    #expect(first == legacy?["result"]?["tools"])
    #expect(
      first?.items.compactMap { $0["name"]?.string } == [
        "predict_emotion", "describe_model", "list_experiments", "compare",
      ])
  }

  @Test("answers are one line of UTF-8, whatever a client sends")
  func lines() async throws {
    let lab = AgentLab()
    for text in ["a\\nb", "\\u2028", "\\ud83d\\ude00", "\\u0000", "é"] {
      let message =
        "{\"jsonrpc\": \"2.0\", \"id\": \"\(text)\", \"method\": \"\(text)\", \"params\": {}}"
      let data = try #require(await lab.agent.answer(Data(message.utf8), over: .stdio))
      #expect(!data.contains(UInt8(ascii: "\n")) && !data.contains(UInt8(ascii: "\r")))
      #expect(String(data: data, encoding: .utf8) != nil)
      let id = try JSONDecoder().decode(JSONValue.self, from: data)["id"]
      #expect(id == (try JSONDecoder().decode(JSONValue.self, from: Data("\"\(text)\"".utf8))))
    }
  }
}
