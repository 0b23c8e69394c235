import ValenceStore

/// The id of a request: a string or an integer, never null.
package enum RequestID: Hashable, Sendable, Decodable {
  case string(String)
  case integer(Int64)

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .string(text)
    } else {
      self = .integer(try value.decode(Int64.self))
    }
  }

  var json: JSONValue {
    switch self {
    case .string(let text): .string(text)
    case .integer(let number): .integer(number)
    }
  }
}
