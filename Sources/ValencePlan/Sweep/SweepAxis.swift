import ValenceCore

/// A key that a sweep varies, with the values that it takes.
struct SweepAxis: Sendable {
  let key: String
  /// The place of the axis in the file.
  let place: SourcePlace
  let values: [SweepSetting]

  /// The axes of a map of lists; those with problems are noted and left out.
  ///
  /// - Parameter combined: whether a variant has a value of each axis, so that no axis may set a key
  ///   below another axis.
  static func all(from scope: inout PlanScope, fewest: Int, combined: Bool = true) -> [SweepAxis] {
    keys(of: &scope, combined: combined).compactMap { key in
      scope.record(key, .other("a list of at least \(fewest == 1 ? "one value" : "two values")"))
      guard let node = scope.node(key) else { return nil }
      guard let values = values(of: node, key: key, fewest: fewest, about: key, in: &scope) else {
        return nil
      }
      return SweepAxis(key: key, place: scope.place(of: key) ?? scope.place, values: values)
    }
  }

  /// The different values of a list, or nil after a note.
  static func values(
    of node: PlanNode, key: String, fewest: Int, about name: String, in scope: inout PlanScope
  ) -> [SweepSetting]? {
    guard let elements = node.elements else {
      scope.note("expected a list of values, found \(node.found).", about: name)
      return nil
    }
    let values = elements.map { SweepSetting(key: key, value: $0) }
    if values.count < fewest || values.isEmpty {
      let top = key.split(separator: ".").first ?? ""
      scope.note(
        values.isEmpty
          ? "has no values." : "has only one value; write it under \(top) instead.", about: name)
      return nil
    }
    var seen: Set<ResolvedValue> = []
    for value in values where !seen.insert(value.resolved).inserted {
      scope.note(
        "'\(value.resolved.flow)' is in this list twice.", about: name, at: value.value.place)
      return nil
    }
    return values
  }

  /// The keys of a map without those that no sweep can vary; all become known to the scope.
  static func keys(of scope: inout PlanScope, combined: Bool = true) -> [String] {
    var kept: [String] = []
    for key in scope.keys {
      scope.resolve(key, scope.node(key).map { scope.swept($0, of: key) } ?? .map(ResolvedMap()))
      let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      if !Settings.keys.contains(path[0]) || path.contains("") {
        let all = Settings.keys.dropLast().joined(separator: ", ")
        scope.note(
          "a sweep can vary only keys under \(all) and \(Settings.keys.last ?? "").", about: key)
      } else if combined, let other = kept.first(where: { isBelow(key, $0) || isBelow($0, key) }) {
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
}
