import Foundation

/// One of the JSON files that describe an encoder; each question that it cannot answer is an error that
/// names the key.
struct ConfigFile {
  /// What errors call the file.
  let name: String
  private let members: [String: Value]

  /// The greatest size of such a file; the published ones have some thousand bytes.
  private static let limit = 1 << 20

  /// Reads a file of a folder.
  init(_ file: String, in folder: URL) throws(EncoderError) {
    let url = folder.appending(path: file)
    name = url.path
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw EncoderError(
        file: name, reason: "it is missing; get it from where the weights are from.")
    }
    let data: Data
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      data = try handle.read(upToCount: Self.limit + 1) ?? Data()
    } catch {
      throw EncoderError(file: name, reason: "it cannot be read: \(error.localizedDescription).")
    }
    guard data.count <= Self.limit,
      let value = try? JSONDecoder().decode(Value.self, from: data),
      case .object(let members) = value
    else {
      throw EncoderError(file: name, reason: "it is not the JSON object that it should be.")
    }
    self.members = members
  }

  /// What stands behind a key.
  private indirect enum Value: Decodable {
    case none
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([Value])
    case object([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .none
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .object(try container.decode([String: Value].self))
      }
    }

    var whole: Int? {
      guard case .number(let number) = self else { return nil }
      return Int(exactly: number)
    }
  }

  /// An error about a key.
  func error(_ key: String, _ reason: String) -> EncoderError {
    EncoderError(file: name, reason: "\(key) \(reason).")
  }

  private func value(_ key: String) throws(EncoderError) -> Value {
    guard let value = members[key] else {
      throw EncoderError(
        file: name,
        reason: "the key \(key) is missing; use the file that was published with the weights.")
    }
    return value
  }

  /// Whether a key is there with any other value than null.
  func has(_ key: String) -> Bool {
    if case .none = members[key, default: .none] { false } else { true }
  }

  /// A whole number from 1 on.
  func count(_ key: String, upTo most: Int = 1 << 20) throws(EncoderError) -> Int {
    guard let number = try value(key).whole, 1...most ~= number else {
      throw error(key, "should be a whole number from 1 to \(most)")
    }
    return number
  }

  /// A list of whole numbers from 1 on.
  func counts(_ key: String) throws(EncoderError) -> [Int] {
    guard case .list(let list) = try value(key), !list.isEmpty, list.count <= 64 else {
      throw error(key, "should be a list of whole numbers")
    }
    let numbers = list.compactMap(\.whole).filter { 1...(1 << 16) ~= $0 }
    guard numbers.count == list.count else {
      throw error(key, "should be a list of whole numbers from 1 to \(1 << 16)")
    }
    return numbers
  }

  /// A positive number; `fallback` where the key is not there.
  func positive(_ key: String, or fallback: Double) throws(EncoderError) -> Double {
    guard members[key] != nil else { return fallback }
    guard case .number(let number) = try value(key), number > 0, number <= 1 else {
      throw error(key, "should be a number above 0 and up to 1")
    }
    return number
  }

  /// True or false; `fallback`, if there is one, where the key is not there.
  func flag(_ key: String, or fallback: Bool? = nil) throws(EncoderError) -> Bool {
    if members[key] == nil, let fallback { return fallback }
    guard case .flag(let flag) = try value(key) else {
      throw error(key, "should be true or false")
    }
    return flag
  }

  /// A text.
  func text(_ key: String) throws(EncoderError) -> String {
    guard case .text(let text) = try value(key) else { throw error(key, "should be a text") }
    return text
  }

  /// Refuses any other text than the only one that is supported; a key that is not there means that one.
  func require(_ key: String, _ only: String) throws(EncoderError) {
    guard members[key] != nil else { return }
    let text = try text(key)
    if text != only {
      throw error(key, "is \(text), but only \(only) is supported")
    }
  }

  /// Refuses any other number.
  func require(_ key: String, _ only: Int) throws(EncoderError) {
    let number = try count(key)
    if number != only {
      throw error(key, "is \(number), but only \(only) is supported")
    }
  }

  /// Refuses options that are switched on.
  func refuse(flags keys: [String]) throws(EncoderError) {
    for key in keys where has(key) {
      if try flag(key) { throw error(key, "is true, but only false is supported") }
    }
  }

  /// Refuses options that have any value but null.
  func refuse(values keys: [String]) throws(EncoderError) {
    for key in keys where has(key) {
      throw error(key, "has a value, but encoders with it are not supported; it should be null")
    }
  }
}
