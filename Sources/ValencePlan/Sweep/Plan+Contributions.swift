import ValenceFeatures
package import ValenceReport

extension Plan {
  /// The variants that differ in their groups of features alone, for each variant that has all of the others'
  /// groups; none of fewer than three groups, whose scores side by side say as much.
  ///
  /// What counts are the settings, not how the sweep spells them.
  package var contributions: [Contributions] {
    var numbers: [FeatureGroup: Int] = [:]
    let candidates = variants.map { Candidate($0, numbers: &numbers) }
    let alike = Dictionary(grouping: candidates, by: \.rest)
    let families = candidates.compactMap { Family($0, among: alike[$0.rest] ?? []) }
    // One that another contains says nothing of its own.
    let outer = families.filter { family in
      !families.contains { $0.all.isWhole(of: family.all) }
    }
    let names = Self.commonNames(
      outer.map { family in [family.all.variant.name] + family.members.map(\.variant.name) })
    return zip(outer, names).compactMap { $0.contributions(name: $1) }
  }

  /// What tells groups of variants apart: what all names of a group say, or the first name where that is
  /// nothing, or the same for two; empty for a lone group of which all names say nothing.
  static func commonNames(_ groups: [[String]]) -> [String] {
    var names = groups.map(commonName)
    for index in names.indices
    where groups.count > 1
      && (names[index].isEmpty || names.count(where: { $0 == names[index] }) > 1)
    {
      names[index] = "\(groups[index][0]) …"
    }
    return names
  }

  /// What all names of variants say: of `fusion=late layer=0` and `fusion=late layer=1` the fusion.
  private static func commonName(_ names: [String]) -> String {
    let parts = names.map { $0.split(separator: " ") }
    return (parts.first ?? []).filter { part in parts.allSatisfy { $0.contains(part) } }
      .joined(separator: " ")
  }
}

/// A variant with its groups of features.
private struct Candidate {
  let variant: Variant
  let groups: [FeatureGroup]
  /// The groups by number: plans may have thousands of variants to compare.
  let numbers: [Int]
  let set: Set<Int>
  /// All settings that are not of features, and the normalization.
  let rest: Settings

  /// - Parameter known: the numbers of the groups so far.
  init(_ variant: Variant, numbers known: inout [FeatureGroup: Int]) {
    self.variant = variant
    groups = variant.settings.features.groups
    numbers = groups.map { group in
      let number = known[group] ?? known.count
      known[group] = number
      return number
    }
    set = Set(numbers)
    var rest = variant.settings
    rest.features = FeatureOptions()
    rest.features.normalization = variant.settings.features.normalization
    self.rest = rest
  }

  /// Whether it has all groups of another variant and more, and they differ in nothing else.
  func isWhole(of other: Candidate) -> Bool {
    let (mine, others) = (variant.settings.features, other.variant.settings.features)
    return set.isStrictSuperset(of: other.set) && rest == other.rest
      // A lone feature is not fused.
      && (!others.isJoined || others.fusion == mine.fusion)
  }
}

/// A variant with those that have some of its groups.
private struct Family {
  let all: Candidate
  /// In the plan's order, `all` among them.
  let members: [Candidate]
  /// The variants by what they have; of equals, which differ in unused options, the first.
  private let bySet: [Set<Int>: Variant]

  /// Nil unless there are three groups and two differences at least.
  init?(_ all: Candidate, among candidates: [Candidate]) {
    guard all.groups.count > 2 else { return nil }
    self.all = all
    members = candidates.filter {
      $0.variant.name == all.variant.name || all.isWhole(of: $0)
    }
    bySet = Dictionary(members.map { ($0.set, $0.variant) }) { first, _ in first }
    let lost = all.numbers.count { without($0) != nil }
    guard lost + (base?.added ?? 0) > 1 else { return nil }
  }

  private func without(_ group: Int) -> Variant? {
    bySet[all.set.subtracting([group])]
  }

  /// Who has a group beside others and yet not all; having all is the same as not lacking it.
  private func added(_ group: Int, to base: Candidate) -> Variant? {
    let both = base.set.union([group])
    return both == all.set || base.set.contains(group) ? nil : bySet[both]
  }

  /// The member that the most groups are added to, one at a time; of equals the one with fewer groups, then the
  /// first.
  private var base: (candidate: Candidate, added: Int)? {
    var best: (candidate: Candidate, added: Int)?
    for member in members {
      let count = all.numbers.count { added($0, to: member) != nil }
      guard count > 0 else { continue }
      if let found = best {
        let isBetter =
          (count, -member.groups.count) > (found.added, -found.candidate.groups.count)
        if !isBetter { continue }
      }
      best = (member, count)
    }
    return best
  }

  func contributions(name: String) -> Contributions {
    let base = base?.candidate
    return Contributions(
      name: name,
      groups: zip(all.groups, all.numbers).map { group, number in
        Contributions.Group(
          name: text(group), alone: bySet[[number]]?.name,
          added: base.flatMap { added(number, to: $0)?.name }, without: without(number)?.name)
      }, all: all.variant.name,
      base: base.map {
        Contributions.Base(
          name: $0.groups.map(text).joined(separator: " + "), variant: $0.variant.name,
          count: $0.groups.count)
      }, variants: members.count)
  }

  /// A group's name, which says where it is from if the features are not all frames or all functionals.
  private func text(_ group: FeatureGroup) -> String {
    let isMixed = all.groups.contains { $0.isOfFunctionals != group.isOfFunctionals }
    return isMixed && group.isOfFunctionals ? "functionals of \(group.word)" : group.word
  }
}
