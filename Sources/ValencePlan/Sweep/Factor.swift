/// A setting that `sweep.one_at_a_time` varies alone, around the base.
package struct Factor: Hashable, Sendable, Codable {
  /// One value of the factor, and the variant that has it.
  package struct Level: Hashable, Sendable, Codable {
    /// The value as names show it: `16-32-64` for a list.
    package let value: String
    /// The name of the variant that differs from the base in this value alone.
    package let variant: String
  }

  /// The shortest ending of the key that tells it from the other factors: `fusion`.
  package let name: String
  /// The value that the base has; `base` for a group of keys.
  package let base: String
  /// The other values, in the file's order.
  package let levels: [Level]
}

extension Sweep {
  /// The factors of `one_at_a_time`; none for other forms.
  ///
  /// - Parameter base: the settings outside of the sweep, every default spelled out.
  func factors(base: ResolvedMap) -> [Factor] {
    guard form == .oneAtATime else { return [] }
    let names = Self.shortKeys(axes.map(\.key))
    return zip(axes, names).map { axis, name in
      let value = base.value(at: axis.key.split(separator: ".").map(String.init)[...])
      let label = if case .map = value { "base" } else { value?.label ?? "none" }
      return Factor(
        name: name, base: label,
        levels: axis.values.map {
          Factor.Level(value: $0.label, variant: Self.name([$0], [name]))
        })
    }
  }
}

extension ResolvedMap {
  /// The value at a path of keys; nil where there is none.
  fileprivate func value(at path: ArraySlice<String>) -> ResolvedValue? {
    guard let key = path.first, let value = self[key] else { return nil }
    if path.count == 1 { return value }
    guard case .map(let map) = value else { return nil }
    return map.value(at: path.dropFirst())
  }
}
