import Foundation
import Testing
import ValenceStore

@testable import ValenceAgent

@Suite("The Model Context Protocol over HTTP")
struct HTTPTests {
  private func reply(_ body: String, _ headers: Agent.Headers) async -> (status: Int, code: Int?) {
    let reply = await AgentLab().agent.reply(to: Data(body.utf8), headers: headers)
    let json = reply.body.flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
    return (reply.status, json?["error"]?["code"]?.integer)
  }

  private func modern(_ method: String, _ more: String = "") -> String {
    "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"\(method)\", \"params\": {\(AgentLab.meta)\(more)}}"
  }

  private static let version = "2026-07-28"

  @Test("headers that say what the body says are taken, also in base64")
  func agreeing() async {
    let call = modern("tools/call", ", \"name\": \"describe_model\"")
    for name in ["describe_model", "=?base64?ZGVzY3JpYmVfbW9kZWw=?="] {
      let found = await reply(
        call, .init(protocolVersion: Self.version, method: "tools/call", name: name))
      #expect(found.status == 200 && found.code == nil)
    }
    let list = await reply(
      modern("tools/list"), .init(protocolVersion: Self.version, method: "tools/list"))
    #expect(list.status == 200 && list.code == nil)
  }

  @Test(
    "headers that are missing, malformed or say something else are refused",
    arguments: [
      Agent.Headers(), .init(method: "tools/call", name: "describe_model"),
      .init(protocolVersion: "2026-07-28", name: "describe_model"),
      .init(protocolVersion: "2026-07-28", method: "tools/call"),
      .init(protocolVersion: "2025-11-25", method: "tools/call", name: "describe_model"),
      .init(protocolVersion: "2026-07-28", method: "tools/list", name: "describe_model"),
      .init(protocolVersion: "2026-07-28", method: "Tools/call", name: "describe_model"),
      .init(protocolVersion: "2026-07-28", method: "tools/call", name: "compare"),
      .init(protocolVersion: "2026-07-28", method: "tools/call", name: "=?base64?**?="),
    ])
  func contradicting(headers: Agent.Headers) async {
    let found = await reply(modern("tools/call", ", \"name\": \"describe_model\""), headers)
    #expect(found.status == 400 && found.code == -32020)
  }

  @Test("errors have the status that the protocol gives them")
  func statuses() async {
    func headers(_ method: String, _ version: String = Self.version) -> Agent.Headers {
      .init(protocolVersion: version, method: method)
    }
    let unknown = await reply(modern("resources/list"), headers("resources/list"))
    #expect(unknown == (404, -32601))
    let old = modern("tools/list").replacing(Self.version, with: "1900-01-01")
    #expect(await reply(old, headers("tools/list", "1900-01-01")) == (400, -32022))
    #expect(await reply("{", headers("x")) == (400, -32700))
    #expect(await reply("[]", headers("x")) == (400, -32600))
    let bare = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}"
    #expect(await reply(bare, headers("tools/list")) == (400, -32020))
    let note = "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}"
    #expect(await reply(note, .init()) == (202, nil))
  }

  @Test("clients of the eras before need no headers")
  func legacy() async {
    func message(_ method: String) -> String {
      "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"\(method)\", \"params\": "
        + "{\"protocolVersion\": \"2025-06-18\"}}"
    }
    for headers in [Agent.Headers(), .init(protocolVersion: "2025-06-18")] {
      #expect(await reply(message("initialize"), headers) == (200, nil))
      #expect(await reply(message("tools/list"), headers) == (200, nil))
      #expect(await reply(message("resources/list"), headers) == (200, -32601))
    }
    #expect(await reply(message("ping"), .init(protocolVersion: "x")) == (400, -32022))
  }
}
