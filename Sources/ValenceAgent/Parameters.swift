import Foundation

/// The members of a request's `params` that have a meaning.
struct Parameters: Decodable, Sendable {
  /// What a request of the stateless era says of itself; nil in one of the eras before.
  var meta: Meta?
  /// The version that `initialize` asks for.
  var protocolVersion: String?
  /// The tool of `tools/call`.
  var name: String?
  /// Its arguments; nil if they are no object.
  var arguments: [String: Argument]? = [:]
  /// Whether `tools/list` is asked to go on from somewhere.
  var hasCursor = false
  /// The request that `notifications/cancelled` names.
  var requestId: RequestID?

  init() {}

  private enum Keys: String, CodingKey {
    case meta = "_meta", protocolVersion, name, arguments, cursor, requestId
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    meta = (try? values.decode(Meta.self, forKey: .meta)).flatMap { $0.isModern ? $0 : nil }
    protocolVersion = try? values.decode(String.self, forKey: .protocolVersion)
    name = try? values.decode(String.self, forKey: .name)
    if values.contains(.arguments), (try? values.decodeNil(forKey: .arguments)) != true {
      arguments = try? values.decode(ArgumentList.self, forKey: .arguments).arguments
    }
    hasCursor = values.contains(.cursor) && (try? values.decodeNil(forKey: .cursor)) != true
    requestId = try? values.decode(RequestID.self, forKey: .requestId)
  }

  /// What a request of the stateless era carries in `_meta`.
  struct Meta: Decodable, Sendable {
    /// Nil if it is missing or no string.
    let protocolVersion: String?
    /// Whether capabilities are given, as an object.
    let hasCapabilities: Bool
    /// Whether any of the members is there that only this era has.
    let isModern: Bool

    private enum Keys: String, CodingKey, CaseIterable {
      case protocolVersion = "io.modelcontextprotocol/protocolVersion"
      case capabilities = "io.modelcontextprotocol/clientCapabilities"
      case info = "io.modelcontextprotocol/clientInfo"
    }

    private enum Nothing: CodingKey {}

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Keys.self)
      protocolVersion = try? values.decode(String.self, forKey: .protocolVersion)
      hasCapabilities =
        (try? values.nestedContainer(keyedBy: Nothing.self, forKey: .capabilities)) != nil
      isModern = Keys.allCases.contains(where: values.contains)
    }

    /// The members that a request must have and this one has not, in words; nil if it has both.
    var missing: String? {
      let names = [
        protocolVersion == nil ? Keys.protocolVersion.rawValue + " (a string)" : nil,
        hasCapabilities ? nil : Keys.capabilities.rawValue + " (an object)",
      ].compactMap(\.self)
      return names.isEmpty ? nil : names.joined(separator: " and ")
    }
  }
}

/// A tool's argument, as a client sent it.
enum Argument: Hashable, Sendable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case strings([String])
  /// Something else, in words.
  case other(String)

  /// The most items of a list.
  static let longestList = 50

  init(from decoder: any Decoder) throws {
    if var list = try? decoder.unkeyedContainer() {
      self = Self.list(&list)
      return
    }
    guard let value = try? decoder.singleValueContainer() else {
      self = .other("an object")
      return
    }
    if value.decodeNil() {
      self = .null
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self), number.isFinite {
      self = .number(number)
    } else {
      self = .other("an object or a number beyond all bounds")
    }
  }

  private static func list(_ list: inout any UnkeyedDecodingContainer) -> Argument {
    guard (list.count ?? 0) <= longestList else {
      return .other("a list of more than \(longestList) items")
    }
    var strings: [String] = []
    while !list.isAtEnd {
      guard let item = try? list.decode(String.self) else {
        return .other("a list of other things")
      }
      strings.append(item)
    }
    return .strings(strings)
  }
}

/// The members of an object whose names are not known beforehand, few of them.
private struct ArgumentList: Decodable {
  var arguments: [String: Argument] = [:]

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    // Any that is left out here is refused as unknown all the same: no tool has nearly as many.
    for key in values.allKeys.prefix(Argument.longestList) {
      arguments[key.stringValue] = try values.decode(Argument.self, forKey: key)
    }
  }
}
