import ValenceReport

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
