import ValenceCore

/// The sweep of a file: which variants there are, before their settings are read.
struct Sweep {
  /// The most variants that a plan may have.
  static let variantLimit = 10_000

  /// The variants, in order; empty without a sweep.
  private(set) var drafts: [VariantDraft] = []
  /// The axes of a grid, each with its values; empty for named variants.
  private(set) var grid: [(key: String, values: [SweepSetting])] = []

  init() {}

  /// Reads `sweep`; what is wrong with keys and lists is noted, values are checked with the settings.
  init(from scope: inout PlanScope) {
    if scope.has("grid"), scope.has("variants") {
      scope.note("cannot stand beside sweep.grid; choose one of the two.", about: "variants")
    }
    if !scope.has("grid"), !scope.has("variants") {
      scope.note("expected grid or variants.", about: "grid")
    }
    for (key, what) in [("grid", "axes"), ("variants", "variants")]
    where scope.node(key)?.entries?.isEmpty == true {
      scope.note("has no \(what).", about: key)
    }
    if scope.has("grid") {
      grid = scope.nested("grid") { Self.axes(from: &$0) }
      drafts = expanded(&scope)
      if drafts.isEmpty { grid = [] }
    } else {
      scope.resolveNothing("grid")
    }
    if scope.has("variants") {
      drafts = scope.nested("variants") { Self.named(from: &$0) }
      grid = []
    } else {
      scope.resolveNothing("variants")
    }
  }

  private static func axes(from scope: inout PlanScope) -> [(key: String, values: [SweepSetting])] {
    var axes: [(key: String, values: [SweepSetting])] = []
    for key in keys(of: &scope) {
      guard let node = scope.node(key) else { continue }
      guard let elements = node.elements else {
        scope.note("expected a list of values, found \(node.found).", about: key)
        continue
      }
      let values = elements.map { SweepSetting(key: key, value: $0) }
      if isAxis(values, about: key, in: &scope) { axes.append((key, values)) }
    }
    return axes
  }

  private static func isAxis(
    _ values: [SweepSetting], about key: String, in scope: inout PlanScope
  ) -> Bool {
    if values.count < 2 {
      let top = key.split(separator: ".").first ?? ""
      scope.note(
        values.isEmpty
          ? "has no values." : "has only one value; write it under \(top) instead.", about: key)
      return false
    }
    var seen: Set<ResolvedValue> = []
    for value in values where !seen.insert(value.resolved).inserted {
      scope.note(
        "'\(value.resolved.flow)' stands twice in this list.", about: key, at: value.value.place)
      return false
    }
    return true
  }

  /// The keys that are set, without those that no sweep can vary; all become known to the scope.
  private static func keys(of scope: inout PlanScope) -> [String] {
    var kept: [String] = []
    for key in scope.keys {
      scope.resolve(key, scope.node(key).map(ResolvedValue.init(of:)) ?? .map(ResolvedMap()))
      let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      if !Settings.keys.contains(path[0]) || path.contains("") {
        let all = Settings.keys.dropLast().joined(separator: ", ")
        scope.note(
          "a sweep can vary only keys under \(all) and \(Settings.keys.last ?? "").", about: key)
      } else if let other = kept.first(where: { isBelow(key, $0) || isBelow($0, key) }) {
        scope.note("overlaps with \(other); vary one of the two.", about: key)
      } else {
        kept.append(key)
      }
    }
    return kept
  }

  private static func isBelow(_ key: String, _ other: String) -> Bool {
    key.hasPrefix(other + ".")
  }

  /// The cartesian product of the axes; the last one runs fastest.
  private func expanded(_ scope: inout PlanScope) -> [VariantDraft] {
    var total = 1
    for axis in grid {
      total *= axis.values.count
      if total > Self.variantLimit {
        scope.note("has more than \(Self.variantLimit) variants.", about: "grid")
        return []
      }
    }
    var points: [[SweepSetting]] = grid.isEmpty ? [] : [[]]
    for axis in grid {
      points = points.flatMap { point in axis.values.map { point + [$0] } }
    }
    let names = Self.shortKeys(grid.map(\.key))
    let place = scope.place(of: "grid") ?? scope.place
    return points.map { point in
      let parts = zip(names, point).map { "\($0)=\($1.label)" }
      return VariantDraft(
        name: parts.joined(separator: " "), settings: point, place: place,
        key: scope.fullKey("grid"))
    }
  }

  /// For each key its shortest ending, in whole words, that no other key has.
  static func shortKeys(_ keys: [String]) -> [String] {
    keys.map { key in
      let path = key.split(separator: ".")
      let others = keys.filter { $0 != key }
      for count in 1...path.count {
        let ending = path.suffix(count).joined(separator: ".")
        if !others.contains(where: { $0 == ending || $0.hasSuffix("." + ending) }) { return ending }
      }
      return key
    }
  }

  private static func named(from scope: inout PlanScope) -> [VariantDraft] {
    return scope.keys.map { name in
      if name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.+-]*/) == nil {
        scope.note("'\(name)' may have only letters, digits and - _ . + in its name.", about: name)
      }
      let (place, key) = (scope.place(of: name) ?? scope.place, scope.fullKey(name))
      let settings = scope.nested(name) { inner in
        keys(of: &inner).compactMap { key in
          inner.node(key).map { SweepSetting(key: key, value: $0) }
        }
      }
      return VariantDraft(name: name, settings: settings, place: place, key: key)
    }
  }
}
