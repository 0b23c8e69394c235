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
    node(key)?.isWord("none") == true ? nil : options(key)
  }

  /// The options under `key`: the defaults if it says `true`, nil if it says `false` or nothing.
  mutating func falseOrOptions<T: PlanReadable>(_ key: String) -> T? {
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

  /// The options under `key` as if the map were empty, whatever the file says there.
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

  /// What a path must lead to.
  enum PathKind {
    case file
    case folder
    case fileOrFolder
  }

  /// A path that must be given and must exist: relative to the experiment file, `~` and `${NAME}`
  /// expanded.
  ///
  /// The resolved file keeps it as it was written, so that results do not depend on the machine.
  mutating func existingPath(_ key: String, as kind: PathKind) -> URL? {
    guard has(key) else {
      resolveNothing(key)
      note("is missing.", about: key)
      return nil
    }
    guard let written = text(key, default: nil), let path = expanded(written, about: key) else {
      return nil
    }
    let url = URL(filePath: path, relativeTo: context.folder).standardizedFileURL.absoluteURL
    let real = url.resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: real) else {
      note("\(url.path) does not exist.", about: key)
      return nil
    }
    let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
    if kind == .folder, !isFolder {
      note("\(url.path) is a file; expected a folder.", about: key)
      return nil
    }
    if kind == .file, isFolder {
      note("\(url.path) is a folder; expected a file.", about: key)
      return nil
    }
    resolve(key, .path(written, isRelative: !path.hasPrefix("/")))
    return url
  }

  private mutating func expanded(_ written: String, about key: String) -> String? {
    var path = ""
    var rest = written[...]
    if rest == "~" || rest.hasPrefix("~/") {
      guard let home = context.environment["HOME"] else {
        note("the environment variable HOME is not set, which ~ stands for.", about: key)
        return nil
      }
      path = home
      rest = rest.dropFirst()
    }
    while let start = rest.firstRange(of: "${") {
      path += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        note("'\(written)' has ${ without }.", about: key)
        return nil
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = context.environment[name] else {
        note("the environment variable \(name) is not set.", about: key)
        return nil
      }
      path += value
      rest = rest[rest.index(after: end)...]
    }
    return path + rest
  }
}
