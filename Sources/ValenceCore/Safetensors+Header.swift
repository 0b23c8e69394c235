import Foundation

extension Safetensors {
  /// The header of a file.
  struct Header {
    /// The place, type and shape of an array.
    struct Entry {
      var name: String
      var dtype: String
      var shape: [Int]
      var start: Int
      var end: Int
    }

    var entries: [Entry] = []
    var metadata: [String: String] = [:]

    /// Why a header cannot be read, in a clause.
    struct Fault: Error { let reason: String }

    /// Reads the JSON of a header.
    ///
    /// Foundation's decoder takes either of two equal keys, and names that differ in Unicode normalization
    /// only for equal; here the first is a fault and the second are two arrays.
    init(_ json: [UInt8]) throws(Fault) {
      var reader = HeaderReader(json)
      guard case .object(let members) = try reader.whole() else {
        throw Fault(reason: "its header is not the JSON that it should be")
      }
      // By their bytes: many names that differ in Unicode normalization only would have one hash.
      var names: Set<[UInt8]> = []
      for (name, value) in members {
        guard names.insert(Swift.Array(name.utf8)).inserted else {
          throw Fault(reason: "\(name) stands in it twice")
        }
        if name == "__metadata__" {
          metadata = try Self.metadata(value)
        } else {
          entries.append(try Self.entry(name, value))
        }
      }
      try refuseOverlaps()
    }

    private static func metadata(_ value: HeaderReader.Value) throws(Fault) -> [String: String] {
      guard case .object(let notes) = value else {
        throw Fault(reason: "its notes are not the JSON that they should be")
      }
      var metadata: [String: String] = [:]
      for (key, note) in notes {
        guard case .text(let text) = note else { throw Fault(reason: "its note \(key) is no text") }
        guard metadata.updateValue(text, forKey: key) == nil else {
          throw Fault(reason: "its note \(key) stands in it twice")
        }
      }
      return metadata
    }

    private static func entry(_ name: String, _ value: HeaderReader.Value) throws(Fault) -> Entry {
      guard case .object(let members) = value, members.count == 3,
        case .text(let dtype)? = value["dtype"], case .numbers(let shape)? = value["shape"],
        case .numbers(let offsets)? = value["data_offsets"], offsets.count == 2
      else { throw Fault(reason: "what it says of \(name) is not what it should be") }
      return Entry(name: name, dtype: dtype, shape: shape, start: offsets[0], end: offsets[1])
    }

    /// No byte belongs to two arrays: an offset that was changed shows.
    private func refuseOverlaps() throws(Fault) {
      var end = 0
      for entry in entries.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
        guard entry.start >= end, entry.end >= entry.start else {
          throw Fault(reason: "\(entry.name) begins before the array in front of it ends")
        }
        guard entry.start == end else {
          throw Fault(reason: "\(entry.name) does not begin where the array in front of it ends")
        }
        end = entry.end
      }
    }

    /// Where the last array ends: the format allows no byte behind it.
    var end: Int { entries.map(\.end).max() ?? 0 }
  }
}

/// Reads the little JSON that headers are: objects, texts, and lists of whole numbers.
private struct HeaderReader {
  enum Value {
    case text(String)
    case numbers([Int])
    case object([(String, Value)])

    /// The member of an object.
    subscript(key: String) -> Value? {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.0 == key }?.1
    }
  }

  private let bytes: [UInt8]
  private var place = 0
  private static let fault = Safetensors.Header.Fault(
    reason: "its header is not the JSON that it should be")

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func whole() throws(Safetensors.Header.Fault) -> Value {
    let value = try value(level: 0)
    skipSpaces()
    guard place == bytes.count else { throw Self.fault }
    return value
  }

  private mutating func value(level: Int) throws(Safetensors.Header.Fault) -> Value {
    skipSpaces()
    switch peek {
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "["): return .numbers(try numbers())
    case UInt8(ascii: "{") where level < 2: return try object(level: level)
    default: throw Self.fault
    }
  }

  private mutating func object(level: Int) throws(Safetensors.Header.Fault) -> Value {
    var members: [(String, Value)] = []
    try take("{")
    if takes("}") { return .object([]) }
    repeat {
      skipSpaces()
      let key = try text()
      try take(":")
      members.append((key, try value(level: level + 1)))
    } while takes(",")
    try take("}")
    return .object(members)
  }

  private mutating func numbers() throws(Safetensors.Header.Fault) -> [Int] {
    var numbers: [Int] = []
    try take("[")
    if takes("]") { return [] }
    repeat { numbers.append(try number()) } while takes(",")
    try take("]")
    return numbers
  }

  private mutating func number() throws(Safetensors.Header.Fault) -> Int {
    skipSpaces()
    let digits = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    place = digits.endIndex
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw Self.fault }
    return number
  }

  private mutating func text() throws(Safetensors.Header.Fault) -> String {
    guard peek == UInt8(ascii: "\"") else { throw Self.fault }
    let start = place
    place += 1
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw Self.fault }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard place < bytes.count else { throw Self.fault }
    place += 1
    let quoted = bytes[start..<place]
    let inside = quoted.dropFirst().dropLast()
    if !inside.contains(UInt8(ascii: "\\")) {
      guard let text = String(validating: inside, as: UTF8.self) else { throw Self.fault }
      return text
    }
    guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) else {
      throw Self.fault
    }
    return text
  }

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpaces() {
    while let byte = peek, " \t\n\r".utf8.contains(byte) { place += 1 }
  }

  private mutating func takes(_ mark: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard peek == UInt8(ascii: mark) else { return false }
    place += 1
    return true
  }

  private mutating func take(_ mark: Unicode.Scalar) throws(Safetensors.Header.Fault) {
    guard takes(mark) else { throw Self.fault }
  }
}
