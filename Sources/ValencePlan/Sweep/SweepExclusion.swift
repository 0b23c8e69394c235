import ValenceCore

/// Points that a sweep leaves out: those that have all of these values.
struct SweepExclusion: Sendable {
  let settings: [SweepSetting]
  let place: SourcePlace

  private static let key = "exclude"

  /// Whether a point has all of the values.
  func matches(_ point: [SweepSetting]) -> Bool {
    settings.allSatisfy { setting in
      point.contains { $0.key == setting.key && $0.resolved == setting.resolved }
    }
  }

  /// `{features.fusion: mel}`, as messages quote it.
  var text: String {
    "{" + settings.map { "\($0.key): \($0.resolved.flow)" }.joined(separator: ", ") + "}"
  }

  /// Reads `exclude` beside axes with the given keys.
  static func all(
    from scope: inout PlanScope, form: Sweep.Form, axes: [String]
  ) -> [SweepExclusion] {
    scope.record(key, .other("a list of points, each a map of keys and values"))
    guard let node = scope.node(key) else {
      scope.resolveNothing(key)
      return []
    }
    scope.resolve(key, scope.swept(node, of: ""))
    guard let elements = node.elements, !elements.isEmpty else {
      let found = node.elements == nil ? node.found : "an empty one"
      scope.note(
        "expected a list of points such as [{features.fusion: mel}], found \(found).", about: key)
      return []
    }
    return elements.compactMap { element in
      guard let entries = element.entries, !entries.isEmpty else {
        let found = element.entries == nil ? element.found : "an empty map"
        scope.note(
          "expected a point such as {features.fusion: mel}, found \(found).", about: key,
          at: element.place)
        return nil
      }
      for entry in entries where !axes.contains(entry.key) {
        let hint = NearestWord(among: axes).hint(for: entry.key)
        scope.note(
          "'\(entry.key)' is not an axis of sweep.\(form.rawValue); "
            + "\(hint)\(hint.hasSuffix("?") ? "" : ".")", about: key, at: entry.place)
      }
      guard entries.allSatisfy({ axes.contains($0.key) }) else { return nil }
      return SweepExclusion(
        settings: entries.map { SweepSetting(key: $0.key, value: $0.value) },
        place: element.place)
    }
  }

  /// Says that there is nothing to exclude from, where a sweep has no axes that are combined.
  static func refuse(beside form: Sweep.Form?, from scope: inout PlanScope) {
    scope.resolveNothing(key)
    guard scope.has(key) else { return }
    switch form {
    case .variants:
      scope.note("cannot be combined with sweep.variants; leave the variant out there.", about: key)
    case .oneAtATime:
      scope.note(
        "cannot be combined with sweep.one_at_a_time; leave the value out there.",
        about: key)
    default: scope.note("has no grid and no random points to leave something out of.", about: key)
    }
  }
}
