import Foundation
import Testing
import ValenceStore

@testable import ValenceAgent

@Suite("Definitions of the tools")
struct SchemaTests {
  /// What OpenAI's strict mode asks of the parameters: every object names all its members as required and
  /// allows no others, and only these keywords are used.
  /// Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
  private func check(strict schema: JSONValue, _ path: String) {
    let known: Set = [
      "type", "description", "properties", "required", "additionalProperties", "items",
    ]
    #expect(known.isSuperset(of: schema.names), "\(path): \(schema.names)")
    #expect(schema["type"] != nil, "\(path)")
    if let properties = schema["properties"] {
      #expect(schema["additionalProperties"] == false, "\(path)")
      #expect(
        schema["required"]?.items.compactMap(\.string).sorted() == properties.names, "\(path)")
      for name in properties.names {
        if let inner = properties[name] { check(strict: inner, "\(path).\(name)") }
      }
    }
    if let items = schema["items"] { check(strict: items, path + "[]") }
  }

  @Test(
    "OpenAI's definitions obey the rules of strict mode",
    arguments: FunctionDefinitions.Style.allCases)
  func strict(style: FunctionDefinitions.Style) throws {
    let list = try JSONDecoder().decode(JSONValue.self, from: FunctionDefinitions.list(style))
    #expect(list.items.count == Tool.allCases.count)
    for (entry, tool) in zip(list.items, Tool.allCases) {
      #expect(entry["type"] == "function")
      let function = try #require(style == .chat ? entry["function"] : entry)
      #expect(function["name"]?.string == tool.rawValue && function["strict"] == true)
      #expect(tool.rawValue.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil)
      #expect((function["description"]?.string ?? "").count <= 1024)
      let parameters = try #require(function["parameters"])
      check(strict: parameters, tool.rawValue)
      // What may be left out may be null, and nothing else.
      for member in tool.input {
        let type = parameters["properties"]?[member.name]?["type"]
        #expect((type?.items.contains("null") == true) == !member.isRequired, "\(member.name)")
      }
      #expect(
        entry.names
          == (style == .chat
            ? ["function", "type"] : ["description", "name", "parameters", "strict", "type"]))
    }
  }

  @Test("the protocol's list has every tool with schemas of objects that take nothing unknown")
  func listing() throws {
    let list = try JSONDecoder().decode(JSONValue.self, from: Tool.list())
    for (entry, tool) in zip(list.items, Tool.allCases) {
      #expect(entry["name"]?.string == tool.rawValue)
      #expect(entry["inputSchema"]?["additionalProperties"] == false)
      #expect(
        entry["inputSchema"]?["type"] == "object" && entry["outputSchema"]?["type"] == "object")
      let required = tool.input.filter(\.isRequired).map(\.name)
      #expect(entry["inputSchema"]?["required"]?.items.compactMap(\.string) == required)
    }
  }

  @Test("results fit their schemas")
  func results() async throws {
    let lab = AgentLab()
    let audio = "{\"audio_base64\": \"\(AgentLab.recording())\"}"
    for (tool, arguments) in [(Tool.predictEmotion, audio), (.describeModel, "{}")] {
      let result = try #require(await lab.call(tool.rawValue, arguments)?["structuredContent"])
      #expect(Fit(tool.output).faults(result) == [])
    }
    // The judge itself finds what does not fit.
    #expect(Fit(.object([.init("a", .string, "")])).faults(.object(["b": 1.json])).count == 2)
    #expect(Fit(.map(of: .integer)).faults(.object(["b": "x"])) == ["$.b: not an integer"])
  }
}

/// Judges whether a value fits a schema.
private struct Fit {
  let schema: Schema

  init(_ schema: Schema) { self.schema = schema }

  func faults(_ value: JSONValue, _ path: String = "$") -> [String] {
    func inner(_ schema: Schema, _ value: JSONValue, _ name: String) -> [String] {
      Fit(schema).faults(value, "\(path).\(name)")
    }
    func members(_ members: [Schema.Member], isOpen: Bool) -> [String] {
      guard case .object(let object) = value else { return ["\(path): not an object"] }
      let known = members.map(\.name)
      return members.flatMap { member -> [String] in
        guard let value = object[member.name] else {
          return member.isRequired ? ["\(path): no \(member.name)"] : []
        }
        return inner(member.schema, value, member.name)
      }
        + (isOpen
          ? [] : object.keys.filter { !known.contains($0) }.map { "\(path): unknown \($0)" })
    }
    switch (schema, value) {
    case (.string, .string), (.boolean, .bool), (.integer, .integer), (.number, .integer),
      (.number, .number), (.nullable, .null):
      return []
    case (.nullable(let schema), _): return Fit(schema).faults(value, path)
    case (.array(let item), .array(let items)):
      return items.enumerated().flatMap { inner(item, $1, "\($0)") }
    case (.map(let item), .object(let object)):
      return object.sorted { $0.key < $1.key }.flatMap { inner(item, $1, $0) }
    case (.object(let list), _): return members(list, isOpen: false)
    case (.open(let list), _): return members(list, isOpen: true)
    default: return ["\(path): not \(name)"]
    }
  }

  private var name: String {
    switch schema {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "a boolean"
    default: "of its kind"
    }
  }
}

extension Int {
  fileprivate var json: JSONValue { .integer(Int64(self)) }
}
