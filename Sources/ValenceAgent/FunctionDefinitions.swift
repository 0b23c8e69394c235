package import Foundation
import ValenceStore

/// The tools as function definitions for OpenAI's interfaces, in strict mode.
package enum FunctionDefinitions {
  /// Which interface they are for.
  package enum Style: String, CaseIterable, Sendable {
    /// Chat Completions, which has the function below a member of its own.
    case chat
    /// Responses, which has it beside its type.
    case responses
  }

  /// The list as JSON over several lines, with the tools in their order.
  package static func list(_ style: Style) throws -> Data {
    try JSON.encoded(Tool.allCases.map { definition($0, style) })
  }

  private static func definition(_ tool: Tool, _ style: Style) -> JSONValue {
    let function: [String: JSONValue] = [
      "name": .string(tool.rawValue), "description": .string(tool.text), "strict": true,
      "parameters": Schema.object(tool.input).json(.strict),
    ]
    return switch style {
    case .chat: .object(["type": "function", "function": .object(function)])
    case .responses: .object(function.merging(["type": "function"]) { $1 })
    }
  }
}
