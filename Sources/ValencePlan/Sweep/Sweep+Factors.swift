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
      let label =
        if case .map = value { "base" } else { value?.shown(for: axis.key).label ?? "none" }
      return Factor(
        name: name, base: label,
        levels: axis.values.map {
          Factor.Level(value: $0.label, variant: Self.name([$0], [name]))
        })
    }
  }
}
