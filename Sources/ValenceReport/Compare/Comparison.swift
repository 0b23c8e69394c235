import ValenceCore
package import ValenceEvaluation
import ValenceFigures
package import ValenceStore

/// Cells of one or several experiments side by side: what differs, by how much, and how sure that is.
///
/// Cells are matched by training corpus, test corpus and variant. Of several experiments, equal variants
/// are compared, or every variant with every other where two experiments have no variant's name in
/// common; of one experiment, the pairs that its plan declares: each variant with the base, or those of
/// `report.compare`.
package struct Comparison: Codable, Sendable {
  /// One of the things that are compared.
  package struct Side: Codable, Hashable, Sendable {
    package var experiment: String
    package var variant: String
    /// The measure: the mean over seeds (folds pooled) or over networks.
    package var value: Double
    /// How many networks stand behind it.
    package var networks: Int
  }

  /// Two cells of the same training and test corpus.
  package struct Row: Codable, Hashable, Sendable {
    package var train: String
    package var test: String
    /// The cell that comes first.
    package var first: Side
    /// The cell that it is compared with.
    package var second: Side
    /// The second's value less the first's; nil where the two cannot be paired.
    package var difference: Double?
    /// The lower end of the difference's 95 % interval.
    package var low: Double?
    /// See `low`.
    package var high: Double?
    /// Whether the interval may hold the true difference less often than nine times in ten.
    package var isApproximate: Bool?
    package var p: Double?
    /// The least p-value that could occur with so many speakers, seeds and utterances.
    package var pSmallest: Double?
    /// The p-value, corrected for all tests of the comparison by the maximum of their joint statistics.
    package var pAdjusted: Double?
    /// What was left out or exchanged in turn: speakers, or utterances where speakers are unknown.
    package var unit: ResampledUnit?
    /// How many of them there are.
    package var clusters: Int?
    /// The number of seeds of the first and of the second.
    package var seeds: [Int]?
    /// Why the two are not tested, in one sentence.
    package var untested: String?
  }

  /// The measure.
  package let metric: String
  /// The names of the measures that there are.
  package static let measures = MetricName.allCases.map(\.rawValue)
  /// What intervals and p-values are said of: the settings, or the networks as they are.
  package let claim: PairedDifference.Claim
  /// The comparisons: by training corpus, test corpus, then in the order of experiments and variants.
  package private(set) var rows: [Row] = []
  /// Sentences that must stand beside the numbers, each with its experiment.
  package private(set) var notes: [String] = []

  /// An experiment's name with its cells.
  private struct Member {
    let name: String
    let cells: ResultCells
  }

  /// Compares the cells of experiments by a measure; nil takes the first experiment's headline.
  ///
  /// - Parameter ofNetworks: whether to ask about the networks that were trained, not about their
  ///   settings.
  /// - Throws: `Problems` where there is nothing to compare; `StoreError`, `EvaluationError` from
  ///   reading results.
  package init(
    _ stores: [RunStore], metric: String? = nil, ofNetworks: Bool = false
  ) throws {
    let members = try stores.map { store in
      Member(
        name: store.name,
        cells: try ResultCells(
          store, outline: store.read(Outline.self, from: "outline.json"),
          corpora: store.read([CorpusSummary].self, from: "corpora.json")))
    }
    guard let first = members.first,
      let measure = metric.map(MetricName.init(rawValue:)) ?? first.cells.outline.headline
    else {
      let word = metric ?? ""
      throw Problems([
        Problem(
          "--metric \(word): no such measure; "
            + NearestWord(among: Self.measures).hint(for: word))
      ])
    }
    self.metric = measure.rawValue
    claim = ofNetworks ? .networks : .settings
    rows = try Self.rows(members, metric: measure, claim: claim)
    guard !rows.isEmpty else { throw Problems([Self.nothing(members)]) }
    notes = members.flatMap { member in
      var sentences = member.cells.attributedNotes
      if !member.cells.unfinished.isEmpty {
        sentences.append("\(ResultWording.unfinished(member.cells.unfinished.count)).")
      }
      return sentences.map { "\(member.name): \($0)" }
    }
  }

  /// The comparisons that an experiment's own plan declares, of its settings and headline measure.
  init(declaredIn cells: ResultCells) throws(EvaluationError) {
    metric = cells.outline.headline.rawValue
    claim = .settings
    rows = try Self.rows(
      [Member(name: cells.outline.name, cells: cells)], metric: cells.outline.headline,
      claim: .settings)
  }

  private static func rows(
    _ members: [Member], metric: MetricName, claim: PairedDifference.Claim
  ) throws(EvaluationError) -> [Row] {
    var rows: [Row] = []
    var family = ComparisonFamily()
    for place in places(members) {
      for (one, other) in pairs(members, at: place) {
        rows.append(
          try row(place, one, other, metric: metric, claim: claim, family: &family))
      }
    }
    let tested = rows.indices.filter { rows[$0].p != nil }
    for (index, p) in zip(tested, family.adjusted) { rows[index].pAdjusted = p }
    return rows
  }
}

// MARK: - What is compared with what

extension Comparison {
  private struct Place: Hashable {
    var train: String
    var test: String
  }

  /// A cell with the names that it goes by.
  private struct Entry {
    let member: Member
    let variant: String
    let train: String
    let cell: CellSummary
  }

  /// Training and test corpora that two variants or more have a cell of, in the experiments' order.
  private static func places(_ members: [Member]) -> [Place] {
    var places: [Place] = []
    for member in members {
      for key in member.cells.keys {
        let place = Place(train: key.train, test: key.test)
        if !places.contains(place) { places.append(place) }
      }
    }
    return places
  }

  private static func pairs(_ members: [Member], at place: Place) -> [(Entry, Entry)] {
    let entries = members.map { member in
      member.cells.outline.variants.compactMap { variant in
        member.cells[variant, place.train, place.test].map {
          Entry(member: member, variant: variant, train: place.train, cell: $0)
        }
      }
    }
    guard members.count > 1 else {
      return (members.first?.cells.outline.comparisons ?? []).compactMap { pair in
        let found = [pair.first, pair.second].compactMap { name in
          entries[0].first { $0.variant == name }
        }
        return found.count == 2 ? (found[0], found[1]) : nil
      }
    }
    return combinations(Array(entries.indices)).flatMap { a, b in
      let variants = Set(members[a].cells.outline.variants)
      let share = !variants.isDisjoint(with: members[b].cells.outline.variants)
      return entries[a].flatMap { one in
        entries[b].filter { !share || $0.variant == one.variant }.map { (one, $0) }
      }
    }
  }

  /// Every pair, the earlier first.
  private static func combinations<Item>(_ items: [Item]) -> [(Item, Item)] {
    items.indices.flatMap { a in items.indices.dropFirst(a + 1).map { (items[a], items[$0]) } }
  }

  private static func row(
    _ place: Place, _ one: Entry, _ other: Entry, metric: MetricName,
    claim: PairedDifference.Claim, family: inout ComparisonFamily
  ) throws(EvaluationError) -> Row {
    var row = Row(
      train: place.train, test: place.test, first: side(one, metric), second: side(other, metric))
    row.untested = obstacle(one, other, test: place.test)
    guard row.untested == nil else { return row }
    let found = try PairedDifference(of: metric, other.cell, one.cell, claim: claim)
    row.difference = found.difference
    row.untested = gap(found, one.cell)
    (row.p, row.pSmallest) = (found.p, found.smallestP)
    (row.low, row.high) = (found.interval?.low, found.interval?.high)
    row.isApproximate = found.interval?.isApproximate
    (row.unit, row.clusters) = (found.unit, found.clusters)
    row.seeds = found.seeds.reversed()
    if found.p != nil {
      family.add(
        found, first: name(other, place), second: name(one, place), group: place.test)
    }
    return row
  }

  /// Why there is no p-value, the first side first.
  private static func gap(_ found: PairedDifference, _ cell: CellSummary) -> String? {
    guard case .unequalNetworks(let second, let first)? = found.gap else {
      return found.gap?.description
    }
    // Folds are pooled before they are exchanged.
    guard cell.kind == .pooledFolds else {
      return InferenceGap.unequalNetworks(first, second).description
    }
    return
      "The sides have networks of \(first) and \(Wording.counted(second, "seed")), which cannot "
      + "be exchanged in pairs."
  }

  private static func name(_ entry: Entry, _ place: Place) -> String {
    "\(entry.member.name)\n\(entry.variant)\n\(place.train)"
  }

  private static func side(_ entry: Entry, _ metric: MetricName) -> Side {
    Side(
      experiment: entry.member.name, variant: entry.variant,
      value: entry.cell.headline(metric).mean, networks: entry.cell.runs.count)
  }

  /// Why two cells cannot be paired, in one sentence; nil where they can.
  private static func obstacle(_ one: Entry, _ other: Entry, test: String) -> String? {
    let outlines = (one.member.cells.outline, other.member.cells.outline)
    guard outlines.0.classes == outlines.1.classes else {
      return "The classes differ: \(outlines.0.classes.joined(separator: ", ")) and "
        + "\(outlines.1.classes.joined(separator: ", "))."
    }
    let (mine, theirs) = (utterances(one.cell), utterances(other.cell))
    guard mine == theirs else {
      return "The test utterances differ: \(mine.count) and \(theirs.count), of which "
        + "\(mine.intersection(theirs).count) are the same."
    }
    guard outlines.0.identities[test] == outlines.1.identities[test] else {
      return "The test utterances have the same names, but not the same sound, class or speaker."
    }
    let whole = [one.cell, other.cell].allSatisfy { cell in
      cell.sets.allSatisfy { utterances($0) == mine }
    }
    return whole
      ? sharedNetworks(one, other, test: test)
      : "Some networks are not finished, so that the others' test utterances differ."
  }

  /// That two cells have networks in common: two experiments may ask for the same trials, and what is the
  /// same on both sides says nothing of a difference.
  private static func sharedNetworks(_ one: Entry, _ other: Entry, test: String) -> String? {
    let sides = [one, other].map { entry in
      entry.member.cells.networks[
        .init(variant: entry.variant, train: entry.train, test: test)] ?? []
    }
    let common = sides[0].intersection(sides[1]).count
    if common == 0 { return nil }
    if common == sides[0].count, common == sides[1].count {
      return "Both are the same \(common == 1 ? "network" : "networks")."
    }
    return
      "\(Wording.counted(common, "network")) of the \(sides[0].count) and \(sides[1].count) "
      + "\(common == 1 ? "is" : "are") the same, so that the sides do not vary independently."
  }

  private static func utterances(_ cell: CellSummary) -> Set<String> {
    cell.sets.reduce(into: []) { $0.formUnion(utterances($1)) }
  }

  private static func utterances(_ predictions: [Prediction]) -> Set<String> {
    Set(predictions.map(\.id))
  }

  private static func nothing(_ members: [Member]) -> Problem {
    guard members.count > 1 else {
      let name = members.first?.name ?? ""
      return Problem(
        "\(name): this experiment has one variant, or none that is finished, so there is nothing to "
          + "compare; name a second experiment.")
    }
    let names = members.map(\.name).joined(separator: " and ")
    return Problem(
      "\(names): these experiments have no training and test corpus in common; compare experiments "
        + "on the same corpora.")
  }
}
