import Foundation
import ValenceCore

extension PlanScope {
  /// Notes that a key without a default is not there.
  mutating func noteMissing(_ key: String) {
    resolveNothing(key)
    note("is missing; every experiment needs name, corpora and labels.", about: key)
  }

  /// The options under `key`, or nil if it says `none`.
  mutating func noneOrOptions<T: PlanReadable>(_ key: String) -> T? {
    record(key, .words(["none"]))
    return node(key)?.isWord("none") == true ? nil : options(key)
  }

  /// The value that `read` makes of a key, or nil if the key is not there or says `none`.
  ///
  /// An identity leaves such a `none` out, as settings did before there was the key.
  mutating func noneUnlessGiven<T>(
    _ key: String, _ read: (inout PlanScope) -> T
  ) -> T? {
    record(key, .words(["none"]), default: .text("none"))
    if let node = node(key), !node.isWord("none") { return read(&self) }
    resolve(key, .text("none"))
    setAside(key)
    return nil
  }

  /// The options under `key`: the defaults if it says `true`, nil if it says `false` or nothing.
  mutating func falseOrOptions<T: PlanReadable>(_ key: String) -> T? {
    record(key, .flag, default: .flag(false))
    if let node = node(key) {
      if node.flag == true { return defaults(key) }
      if node.entries != nil { return options(key) }
      if node.flag == nil {
        note("expected true, false or a map of keys, found \(node.found).", about: key)
      }
    }
    resolve(key, .flag(false))
    return nil
  }

  /// The options under `key` as if the map were empty, regardless of the file.
  mutating func defaults<T: PlanReadable>(_ key: String) -> T {
    var inner = PlanScope([], path: fullKey(key), place: place, context: context)
    let value = T(from: &inner)
    resolve(key, .map(inner.resolved))
    return value
  }

  /// Reads a map that has exactly one of `keys`, the first one by default.
  mutating func oneOf<T>(
    _ key: String, keys: [String], _ body: (inout PlanScope, String) -> T
  ) -> T {
    let given = node(key)?.entries?.map(\.key) ?? []
    record(key, .oneOf(keys))
    if given.filter(keys.contains).count > 1 || node(key)?.entries?.isEmpty == true {
      let all = keys.joined(separator: ", ")
      note("expected exactly one of \(all), found \(given.count) keys.", about: key)
    }
    return nested(key) { inner in
      let chosen = keys.first(where: given.contains) ?? keys[0]
      let value = body(&inner, chosen)
      for other in keys { inner.resolveNothing(other) }
      return value
    }
  }

  /// A path that must be given and must exist: relative to the file that has it, `~` and
  /// `${NAME}` expanded.
  ///
  /// The resolved file keeps it as it was written (that of a base, relative to the experiment file),
  /// so that results do not depend on the machine.
  mutating func existingPath(_ key: String, as kinds: Set<PathKind>) -> URL? {
    record(key, .path(kinds))
    recordRequired(key)
    guard has(key) else {
      resolveNothing(key)
      note("is missing.", about: key)
      return nil
    }
    changeRecord(of: key) { $0.isSettled = true }
    guard let written = text(key, default: nil) else { return nil }
    let base = node(key).flatMap { context.baseFolders[$0.place.file] }
    let url: URL
    do {
      let path = try context.expanded(written)
      url = try context.existing(path, from: base ?? context.folder, as: kinds)
    } catch {
      note(error.sentence, about: key)
      return nil
    }
    resolve(key, self.path(written, at: node(key)))
    return url
  }
}
