import ValenceCore

/// The arguments of a call, each of a name that the tool knows.
struct Arguments: Sendable {
  private let values: [String: Argument]

  /// - Throws: `ToolFault` for an argument that the tool does not have.
  init(_ values: [String: Argument], of tool: Tool) throws(ToolFault) {
    let names = tool.input.map(\.name)
    if let other = values.keys.sorted().first(where: { !names.contains($0) }) {
      let name = String(other.prefix(100))
      throw ToolFault(
        names.isEmpty
          ? "\(name): \(tool.rawValue) takes no arguments."
          : "\(name): \(tool.rawValue) has no such argument; \(NearestWord(among: names).hint(for: name))"
      )
    }
    // Strict function calls give null for what is left out.
    self.values = values.filter { $0.value != .null }
  }

  func string(_ name: String) throws(ToolFault) -> String? {
    guard let value = values[name] else { return nil }
    guard case .string(let text) = value else { throw fault(name, "a string", value) }
    return text
  }

  func bool(_ name: String) throws(ToolFault) -> Bool? {
    guard let value = values[name] else { return nil }
    guard case .bool(let bool) = value else { throw fault(name, "true or false", value) }
    return bool
  }

  func number(_ name: String) throws(ToolFault) -> Double? {
    guard let value = values[name] else { return nil }
    guard case .number(let number) = value else { throw fault(name, "a number", value) }
    return number
  }

  func strings(_ name: String) throws(ToolFault) -> [String]? {
    guard let value = values[name] else { return nil }
    guard case .strings(let strings) = value else { throw fault(name, "a list of strings", value) }
    return strings
  }

  private func fault(_ name: String, _ right: String, _ value: Argument) -> ToolFault {
    let wrong =
      switch value {
      case .null: "null"
      case .bool: "true or false"
      case .number: "a number"
      case .string: "a string"
      case .strings: "a list of strings"
      case .other(let what): what
      }
    return ToolFault("\(name) should be \(right), and is \(wrong).")
  }
}
