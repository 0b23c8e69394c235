import ValenceCore

extension PlanDocument {
  private static let commandLine = SourcePlace(file: "command line")

  /// Puts `key=value` words over the file; a key's old value is replaced as a whole.
  ///
  /// A key that an axis of the sweep varies is held at the value: the axis is taken out. Whatever
  /// would leave an override without effect is a problem.
  mutating func put(_ overrides: [String]) {
    var keys: [String] = []
    for override in overrides {
      guard let (key, text) = Self.parts(of: override) else {
        note("'\(override)' is not of the form key=value, as in seeds=[1].", about: nil)
        continue
      }
      if key == "extends" {
        note("what a file extends can be said in the file only.", about: key)
      } else if keys.contains(key) {
        note("this key is given twice.", about: key)
      } else if let undone = keys.first(where: { $0.hasPrefix(key + ".") }) {
        note("would undo \(undone); give it first.", about: key)
      } else {
        set(key, text)
        keys.append(key)
      }
    }
    for key in keys { hold(key) }
  }

  private mutating func note(_ message: String, about key: String?) {
    problems.append(Problem(message, at: Self.commandLine, key: key))
  }

  private static func parts(of override: String) -> (key: String, value: String)? {
    let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let words = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && !words.contains("") ? (String(parts[0]), String(parts[1])) : nil
  }

  /// The keys that lead to `key`; an axis of a sweep is one key, dots and all.
  static func path(of key: String) -> [String] {
    let words = key.split(separator: ".").map(String.init)
    let isDeeper = ["variants", "random"].contains(words.dropFirst().first)
    let depth = isDeeper ? 3 : 2
    guard words.first == "sweep", words.count > depth else { return words }
    return words.prefix(depth) + [words.dropFirst(depth).joined(separator: ".")]
  }

  private mutating func set(_ key: String, _ text: String) {
    var reader = YAMLReader(file: Self.commandLine.file, hasLines: false)
    do {
      let value = try reader.read(text)
      if let blocked = root.set(value, at: Self.path(of: key)[...]) {
        problems.append(root.blocked(blocked, key: key, at: Self.commandLine))
      }
    } catch {
      for problem in error.all { note(problem.message, about: key) }
    }
  }

  /// Sees to it that no sweep sets a key that was overridden.
  private mutating func hold(_ key: String) {
    for path in Sweep.axisPaths { hold(key, against: path) }
    for variant in root.value(at: ["sweep", "variants"])?.entries ?? [] {
      for setting in variant.value.entries ?? []
      where key == setting.key || key.hasPrefix(setting.key + ".") {
        note(
          "sweep.variants.\(variant.key) sets \(setting.key), so this has no effect there.",
          about: key)
      }
    }
  }

  /// Takes the axis of an overridden key out of the map of axes at `path`.
  private mutating func hold(_ key: String, against path: [String]) {
    let axes = root.value(at: path)?.entries ?? []
    let name = path.joined(separator: ".")
    if let axis = axes.first(where: { key.hasPrefix($0.key + ".") }) {
      note("\(name) varies \(axis.key) as a whole, so this has no effect.", about: key)
    }
    guard let axis = axes.first(where: { $0.key == key }) else { return }
    guard axis.place != Self.commandLine else {
      note("\(name) varies this on the command line too; give one of the two.", about: key)
      return
    }
    root.remove(at: axes.count == 1 ? ["sweep"] : path + [key])
    holdExclusions(key)
  }

  /// Takes an overridden key out of `sweep.exclude`: points that have another value are gone anyway.
  private mutating func holdExclusions(_ key: String) {
    guard let points = root.value(at: ["sweep", "exclude"])?.elements,
      let held = root.value(at: Self.path(of: key)).map(ResolvedValue.init(of:))
    else { return }
    var kept: [PlanNode] = []
    for var point in points {
      if let excluded = point.value(at: [key]) {
        guard ResolvedValue(of: excluded) == held else { continue }
        point.remove(at: [key])
        if point.entries?.isEmpty == true {
          note("sweep.exclude leaves out every point with this value.", about: key)
          continue
        }
      }
      kept.append(point)
    }
    if kept.isEmpty {
      root.remove(at: ["sweep", "exclude"])
    } else if let place = root.place(of: ["sweep", "exclude"]) {
      _ = root.set(PlanNode(content: .list(kept), place: place), at: ["sweep", "exclude"])
    }
  }
}

extension PlanNode {
  /// Says that nothing can be put below a value which has no keys.
  func blocked(_ path: [String], key: String, at place: SourcePlace) -> Problem {
    let found = value(at: path)?.found ?? "nothing"
    return Problem(
      "\(path.joined(separator: ".")) is \(found), so there is nothing below it to set.",
      at: place, key: key)
  }
}
