import Foundation
import ValenceCore

/// Options that can be read from the keys of a map.
protocol PlanReadable {
  /// Reads the options; the scope notes what is wrong and which keys there are.
  init(from scope: inout PlanScope)
}

/// The keys of one map, being read.
///
/// Every accessor names a key, its default and its range, notes a problem if the value is wrong (and
/// gives the default instead), and remembers key and value. So the valid keys, the resolved file
/// and the identity of settings come from the very lines that read.
///
/// Invariant: a reader calls `resolve` or `resolveNothing` for each of its keys on every path, whatever
/// the file has there, and in the same order. Otherwise a valid key is refused, or the identity of
/// settings changes, and with it every trial's key. The accessors do so; a reader that looks at a `node`
/// itself must do it too. `PlanScopeTests` gives each key values of every form and holds this.
struct PlanScope {
  /// The full key of the map; empty for the whole file.
  let path: String
  /// The place of the map: its key's, or the file.
  let place: SourcePlace
  let context: PlanContext
  private let entries: [PlanNode.Entry]
  /// The values read so far, every default spelled out, in the order of reading.
  private(set) var resolved = ResolvedMap()
  private(set) var problems: [Problem] = []
  /// The records of the keys, if the context asks for them.
  private(set) var records: [KeyRecord] = []
  /// The name in records for every key of a map whose keys are chosen by the file.
  private let placeholder: String?

  init(
    _ entries: [PlanNode.Entry], path: String = "", place: SourcePlace, context: PlanContext,
    placeholder: String? = nil
  ) {
    self.entries = entries
    self.placeholder = placeholder
    self.path = path
    self.place = place
    self.context = context
  }

  /// The keys that the map has, in the file's order.
  var keys: [String] { entries.map(\.key) }

  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  func fullKey(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  func node(_ key: String) -> PlanNode? { entries.first { $0.key == key }?.value }

  func place(of key: String) -> SourcePlace? { entries.first { $0.key == key }?.place }

  /// Notes what is wrong with `key`, at its own line unless another is given.
  mutating func note(_ message: String, about key: String, at place: SourcePlace? = nil) {
    problems.append(
      Problem(message, at: place ?? self.place(of: key) ?? self.place, key: fullKey(key)))
  }

  /// Remembers the value that `key` has in the end.
  mutating func resolve(_ key: String, _ value: ResolvedValue) {
    resolved.add(key, value)
    changeRecord(of: key) { _ in }
  }

  /// Knows a key that has no value.
  mutating func resolveNothing(_ key: String) {
    resolved.know(key)
    changeRecord(of: key) { _ in }
  }

  /// Changes the record of a key, which begins empty, unless the record is settled.
  mutating func changeRecord(of key: String, _ change: (inout KeyRecord) -> Void) {
    guard context.keepsRecords else { return }
    let name = placeholder ?? key
    if let index = records.firstIndex(where: { $0.key == name }) {
      if !records[index].isSettled { change(&records[index]) }
    } else {
      var record = KeyRecord(name)
      change(&record)
      records.append(record)
    }
  }

  /// Marks a key that was read as one that the other settings leave without effect.
  mutating func setAside(_ key: String) { resolved.setAside(key) }

  /// Marks a key within maps that were read.
  mutating func setAside(_ path: [String]) { resolved.setAside(path[...]) }

  /// Notes every key that no accessor asked for.
  mutating func finish() {
    let valid = resolved.keys
    for entry in entries where !valid.contains(entry.key) {
      let hint = NearestWord(among: valid).hint(for: entry.key)
      let end = hint.hasSuffix("?") || hint.hasSuffix("…") ? "" : "."
      note("no such key; \(hint)\(end)", about: entry.key)
    }
  }

  /// Reads the map under `key` (or none) by `body`, which shares this scope's notes.
  ///
  /// - Parameter placeholder: what records call the map's keys, where they are names of the file's own.
  mutating func nested<T>(
    _ key: String, placeholder: String? = nil, _ body: (inout PlanScope) -> T
  ) -> T {
    var inner = PlanScope(
      [], path: fullKey(key), place: place(of: key) ?? place, context: context,
      placeholder: placeholder)
    if let node = node(key) {
      if let entries = node.entries {
        inner = PlanScope(
          entries, path: inner.path, place: inner.place, context: context, placeholder: placeholder)
      } else {
        note("expected a map of keys, found \(node.found).", about: key)
      }
    }
    let value = body(&inner)
    inner.finish()
    problems += inner.problems
    resolve(key, .map(inner.resolved))
    record(key, .map, default: has(key) ? nil : .map(inner.resolved))
    changeRecord(of: key) { KeyRecord.merge(inner.records, into: &$0.keys) }
    return value
  }

  /// Reads the options under `key`.
  mutating func options<T: PlanReadable>(_ key: String, as type: T.Type = T.self) -> T {
    nested(key) { T(from: &$0) }
  }
}
