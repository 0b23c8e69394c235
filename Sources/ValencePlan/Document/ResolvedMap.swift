import Foundation

/// A value in the resolved file.
indirect enum ResolvedValue: Hashable, Sendable {
  case text(String)
  /// As it was written; `isRelative` where that, expanded, starts from the experiment file's folder.
  case path(String, isRelative: Bool)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case list([ResolvedValue])
  case map(ResolvedMap)

  /// The value on one line: YAML's flow style.
  var flow: String {
    switch self {
    case .text(let text), .path(let text, _): Self.quotedWhereNeeded(text)
    case .integer(let value): "\(value)"
    case .number(let value): Self.decimal(value)
    case .flag(let value): "\(value)"
    case .list(let values): "[" + values.map(\.flow).joined(separator: ", ") + "]"
    case .map(let map):
      "{"
        + map.shown.map { "\(Self.quotedWhereNeeded($0.key)): \($0.value.flow)" }
        .joined(separator: ", ") + "}"
    }
  }

  /// The value with every relative path in it changed.
  func changingRelativePaths(_ change: (String) -> String) -> ResolvedValue {
    switch self {
    case .path(let written, isRelative: true): .path(change(written), isRelative: true)
    case .list(let values): .list(values.map { $0.changingRelativePaths(change) })
    case .map(let map): .map(map.changingRelativePaths(change))
    default: self
    }
  }

  /// The shortest form that reads as the same number.
  ///
  /// YAML 1.1 takes `1e-05` for text and `1.0e-05` for a
  /// number, so a mantissa always has a point. Integral values have none: `3` and `3.0` are one setting.
  private static func decimal(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    let parts = "\(value)".split(separator: "e")
    guard parts.count == 2, !parts[0].contains(".") else { return "\(value)" }
    return "\(parts[0]).0e\(parts[1])"
  }

  /// A letter, then letters, digits, `_ . / -` and spaces, but none at the end.
  private static func isPlain(_ text: String.UTF8View) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard let first = text.first, isLetter(first), text.last != UInt8(ascii: " ") else {
      return false
    }
    return text.allSatisfy {
      isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || "_./- ".utf8.contains($0)
    }
  }

  /// Plain where nothing in YAML could take it for something else, else in double quotes.
  static func quotedWhereNeeded(_ text: String) -> String {
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    if isPlain(text.utf8), !reserved.contains(text.lowercased()) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
        quoted += String(format: "\\u%04X", scalar.value)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// Keys and resolved values in the order in which the readers asked for them.
///
/// The bytes of `effective.block()` are the identity of settings: trial keys, stored results and
/// checkpoints depend on them. So the YAML is written here and not by a library, whose next version might
/// quote or indent differently and thereby outdate every result; a change of a single byte does the same.
struct ResolvedMap: Hashable, Sendable {
  /// One key.
  struct Entry: Hashable, Sendable {
    let key: String
    var value: ResolvedValue?
    /// False where other settings leave the key without effect.
    var matters = true
  }

  private var entries: [Entry] = []

  /// Every key that was asked for.
  var keys: [String] { entries.map(\.key) }

  /// The keys that have a value.
  var shown: [(key: String, value: ResolvedValue)] {
    entries.compactMap { entry in entry.value.map { (entry.key, $0) } }
  }

  mutating func add(_ key: String, _ value: ResolvedValue) {
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = value
    } else {
      entries.append(Entry(key: key, value: value))
    }
  }

  /// Knows a key that has no value.
  mutating func know(_ key: String) {
    if !keys.contains(key) { entries.append(Entry(key: key, value: nil)) }
  }

  mutating func setAside(_ key: String) {
    for index in entries.indices where entries[index].key == key { entries[index].matters = false }
  }

  mutating func setAside(_ path: ArraySlice<String>) {
    guard let key = path.first else { return }
    if path.count == 1 { return setAside(key) }
    for index in entries.indices where entries[index].key == key {
      guard case .map(var map) = entries[index].value else { continue }
      map.setAside(path.dropFirst())
      entries[index].value = .map(map)
    }
  }

  /// Takes the value of a key within maps away; the key stays known.
  mutating func forget(_ path: ArraySlice<String>) {
    guard let key = path.first else { return }
    for index in entries.indices where entries[index].key == key {
      if path.count == 1 {
        entries[index].value = nil
      } else if case .map(var map) = entries[index].value {
        map.forget(path.dropFirst())
        entries[index].value = .map(map)
      }
    }
  }

  /// The value at a path of keys; nil where there is none.
  func value(at path: ArraySlice<String>) -> ResolvedValue? {
    guard let key = path.first, let value = self[key] else { return nil }
    if path.count == 1 { return value }
    guard case .map(let map) = value else { return nil }
    return map.value(at: path.dropFirst())
  }

  subscript(key: String) -> ResolvedValue? { entries.first { $0.key == key }?.value }

  /// The map without the keys that have no effect, so that changing one of them trains nothing anew.
  var effective: ResolvedMap {
    var result = self
    result.entries = entries.filter(\.matters).map { entry in
      guard case .map(let map) = entry.value else { return entry }
      return Entry(key: entry.key, value: .map(map.effective))
    }
    return result
  }

  /// The map with every relative path changed.
  func changingRelativePaths(_ change: (String) -> String) -> ResolvedMap {
    var result = self
    for index in entries.indices {
      result.entries[index].value = entries[index].value?.changingRelativePaths(change)
    }
    return result
  }

  /// The map as YAML: a key a line, nested maps indented, lists on their line.
  func block(indent: String = "") -> String {
    shown.map { key, value in
      let start = indent + ResolvedValue.quotedWhereNeeded(key) + ":"
      guard case .map(let map) = value, !map.shown.isEmpty else {
        return "\(start) \(value.flow)\n"
      }
      return "\(start)\n" + map.block(indent: indent + "  ")
    }.joined()
  }
}
