/// Variants that differ in which groups of features they have and in nothing else: one has them all, the others
/// some of them.
package struct Contributions: Hashable, Sendable, Codable {
  /// A group of features, and the variants that say what it adds.
  package struct Group: Hashable, Sendable, Codable {
    /// `mfcc`, or `functionals of mfcc` where there are frames too.
    package let name: String
    /// The variant that has this group alone.
    package let alone: String?
    /// The variant that has it beside the base.
    package let added: String?
    /// The variant that has all groups but this one.
    package let without: String?

    package init(name: String, alone: String?, added: String?, without: String?) {
      self.name = name
      self.alone = alone
      self.added = added
      self.without = without
    }
  }

  /// The groups that others are added to, and the variant that has no others.
  package struct Base: Hashable, Sendable, Codable {
    /// `mel + mfcc`.
    package let name: String
    package let variant: String
    /// How many groups it has.
    package let count: Int

    package init(name: String, variant: String, count: Int) {
      self.name = name
      self.variant = variant
      self.count = count
    }
  }

  /// What the variants have in common besides, such as `normalization=speaker`; empty if nothing else varies.
  package let name: String
  /// The groups, in the order of the features.
  package let groups: [Group]
  /// The variant that has all groups.
  package let all: String
  /// Nil where no group is added to fewer than all others.
  package let base: Base?
  /// How many variants there are.
  package let variants: Int

  package init(name: String, groups: [Group], all: String, base: Base?, variants: Int) {
    self.name = name
    self.groups = groups
    self.all = all
    self.base = base
    self.variants = variants
  }
}
