/// A setting that `sweep.one_at_a_time` varies alone, around the base.
package struct Factor: Hashable, Sendable, Codable {
  /// One value of the factor, and the variant that has it.
  package struct Level: Hashable, Sendable, Codable {
    /// The value as in variant names: `16-32-64` for a list.
    package let value: String
    /// The name of the variant that differs from the base in this value alone.
    package let variant: String

    package init(value: String, variant: String) {
      self.value = value
      self.variant = variant
    }
  }

  /// The shortest unambiguous ending of the key: `fusion`.
  package let name: String
  /// The base's value; `base` for a group of keys.
  package let base: String
  /// The other values, in the file's order.
  package let levels: [Level]

  package init(name: String, base: String, levels: [Level]) {
    self.name = name
    self.base = base
    self.levels = levels
  }
}
