import ValenceCore
import ValenceEvaluation
import ValenceFigures

extension Comparison {
  /// An experiment's name with its cells.
  struct Member {
    let name: String
    let cells: ResultCells
  }

  /// A cell with its experiment, variant and place.
  struct NamedCell {
    let member: Member
    let variant: String
    let place: CorpusPair
    let cell: CellSummary

    /// Identifies the trained system among all that are compared.
    var system: String { "\(member.name)\n\(variant)\n\(place.train)" }
  }

  /// Training and test corpora of any cell, in the experiments' order.
  static func places(_ members: [Member]) -> [CorpusPair] {
    var places: [CorpusPair] = []
    for member in members {
      for key in member.cells.keys {
        let place = CorpusPair(train: key.train, test: key.test)
        if !places.contains(place) { places.append(place) }
      }
    }
    return places
  }

  /// The cells of a place that are compared with each other; baselines only where a plan names them.
  static func pairs(_ members: [Member], at place: CorpusPair) -> [(NamedCell, NamedCell)] {
    let cells = members.map { member in
      let spec = member.cells.spec
      return (members.count > 1 ? spec.variants : spec.trained).compactMap { variant in
        member.cells[variant, place.train, place.test].map {
          NamedCell(member: member, variant: variant, place: place, cell: $0)
        }
      }
    }
    guard members.count > 1 else {
      return (members.first?.cells.spec.comparisons ?? []).compactMap { pair in
        let found = [pair.first, pair.second].compactMap { name in
          cells[0].first { $0.variant == name }
        }
        return found.count == 2 ? (found[0], found[1]) : nil
      }
    }
    return combinations(Array(cells.indices)).flatMap { a, b in
      let variants = Set(members[a].cells.spec.variants)
      let share = !variants.isDisjoint(with: members[b].cells.spec.variants)
      return cells[a].flatMap { one in
        cells[b].filter { !share || $0.variant == one.variant }.map { (one, $0) }
      }
    }
  }

  /// Every pair, the earlier first.
  private static func combinations<Item>(_ items: [Item]) -> [(Item, Item)] {
    items.indices.flatMap { a in items.indices.dropFirst(a + 1).map { (items[a], items[$0]) } }
  }
}

// MARK: - Obstacles

extension Comparison.NamedCell {
  /// Why two cells cannot be paired, in one sentence; nil if they can.
  func obstacle(to other: Self) -> String? {
    let specs = (member.cells.spec, other.member.cells.spec)
    guard specs.0.classes == specs.1.classes else {
      return "The classes differ: \(specs.0.classes.joined(separator: ", ")) and "
        + "\(specs.1.classes.joined(separator: ", "))."
    }
    let (mine, theirs) = (Self.utterances(cell), Self.utterances(other.cell))
    guard mine == theirs else {
      return "The test utterances differ: \(mine.count) and \(theirs.count), of which "
        + "\(mine.intersection(theirs).count) are the same."
    }
    // Equal names prove nothing: a corpus may have been changed or converted between two runs.
    guard specs.0.identities[place.test] == specs.1.identities[place.test] else {
      return "The test utterances have the same names, but not the same sound, class or speaker."
    }
    let whole = [cell, other.cell].allSatisfy { cell in
      cell.sets.allSatisfy { Self.utterances($0) == mine }
    }
    return whole
      ? sharedNetworks(with: other)
      : "Some networks are not finished, so the networks were tested on different utterances."
  }

  /// Says that two cells have networks in common; nil if they have none.
  ///
  /// Two experiments may contain the same trials. These add 0 to the difference for every seed, so the
  /// variance would be underestimated.
  private func sharedNetworks(with other: Self) -> String? {
    let sides = [networks, other.networks]
    let common = sides[0].intersection(sides[1]).count
    if common == 0 { return nil }
    if common == sides[0].count, common == sides[1].count {
      return "Both are the same \(common == 1 ? "network" : "networks")."
    }
    return
      "\(Wording.counted(common, "network")) of the \(sides[0].count) and \(sides[1].count) "
      + "\(common == 1 ? "is" : "are") the same, so the sides are not independent."
  }

  /// The keys of the cell's trials.
  private var networks: Set<String> {
    member.cells.networks[.init(variant: variant, train: place.train, test: place.test)] ?? []
  }

  private static func utterances(_ cell: CellSummary) -> Set<String> {
    cell.sets.reduce(into: []) { $0.formUnion(utterances($1)) }
  }

  private static func utterances(_ predictions: [Prediction]) -> Set<String> {
    Set(predictions.map(\.id))
  }
}
