import ValenceStore

/// The form of an argument or a result, from which JSON Schemas of two kinds are written.
indirect enum Schema: Hashable, Sendable {
  case string
  case number
  case integer
  case boolean
  /// The value, or null.
  case nullable(Schema)
  case array(of: Schema)
  /// An object whose keys are names, of classes for one.
  case map(of: Schema)
  /// An object with these members and no others.
  case object([Member])
  /// An object with these members, among others that are not described.
  case open([Member])

  /// A member of an object.
  struct Member: Hashable, Sendable {
    let name: String
    let schema: Schema
    /// What it means, for people and language models.
    let text: String
    let isRequired: Bool

    init(_ name: String, _ schema: Schema, _ text: String, isRequired: Bool = true) {
      (self.name, self.schema, self.text, self.isRequired) = (name, schema, text, isRequired)
    }
  }

  /// The kind of JSON Schema.
  enum Form {
    /// JSON Schema 2020-12, as the Model Context Protocol asks for it.
    case plain
    /// What OpenAI's strict mode takes: no unknown members, all required, and null in place of those that may
    /// be left out.
    case strict
  }

  /// The schema in JSON.
  func json(_ form: Form, text: String? = nil) -> JSONValue {
    var schema: [String: JSONValue]
    switch self {
    case .string: schema = ["type": "string"]
    case .number: schema = ["type": "number"]
    case .integer: schema = ["type": "integer"]
    case .boolean: schema = ["type": "boolean"]
    case .nullable(let inner): schema = Self.orNull(inner.json(form))
    case .array(let item): schema = ["type": "array", "items": item.json(form)]
    case .map(let value):
      schema = ["type": "object", "additionalProperties": value.json(form)]
    case .object(let members):
      schema = Self.object(members, form)
      schema["additionalProperties"] = false
    case .open(let members): schema = Self.object(members, form)
    }
    if let text { schema["description"] = .string(text) }
    return .object(schema)
  }

  private static func object(_ members: [Member], _ form: Form) -> [String: JSONValue] {
    let needed = members.filter { form == .strict || $0.isRequired }.map(\.name)
    let properties = members.map { member -> (String, JSONValue) in
      let schema =
        form == .strict && !member.isRequired ? Schema.nullable(member.schema) : member.schema
      return (member.name, schema.json(form, text: member.text))
    }
    return [
      "type": "object", "required": .array(needed.map(JSONValue.string)),
      "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
    ]
  }

  private static func orNull(_ schema: JSONValue) -> [String: JSONValue] {
    guard case .object(var members) = schema, let type = members["type"] else { return [:] }
    members["type"] = .array([type, "null"])
    return members
  }
}
