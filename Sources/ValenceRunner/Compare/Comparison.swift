import ValenceCore
import ValenceEvaluation
public import ValenceStore

/// Cells of one or several experiments side by side: what differs, by how much, and how sure that is.
///
/// Cells are matched by training corpus, test corpus and variant. Of several experiments, equal variants
/// are compared, or every variant with every other where two experiments have no variant's name in
/// common; of one experiment, every pair of variants.
public struct Comparison: Codable, Sendable {
  /// One of the things that are compared.
  public struct Side: Codable, Hashable, Sendable {
    /// The experiment.
    public var experiment: String
    /// The variant.
    public var variant: String
    /// The measure: the mean over seeds (folds pooled) or over networks.
    public var value: Double
    /// How many networks stand behind it.
    public var networks: Int
  }

  /// Two cells of the same training and test corpus.
  public struct Row: Codable, Hashable, Sendable {
    /// The training corpus.
    public var train: String
    /// The test corpus.
    public var test: String
    /// The cell that comes first.
    public var first: Side
    /// The cell that it is compared with.
    public var second: Side
    /// The second's value less the first's; nil where the two cannot be paired.
    public var difference: Double?
    /// The lower end of the difference's 95 % interval, a paired bootstrap over speakers.
    public var low: Double?
    /// See `low`.
    public var high: Double?
    /// The two-sided p-value of approximate randomization over speakers.
    public var p: Double?
    /// The same, corrected after Holm for all tests of the comparison.
    public var pHolm: Double?
    /// How many speakers (or utterances, where speakers are unknown) stand behind the interval.
    public var clusters: Int?
    /// Why the two are not tested, in one sentence.
    public var untested: String?
  }

  /// The measure.
  public let metric: String
  /// The comparisons: by training corpus, test corpus, then in the order of experiments and variants.
  public private(set) var rows: [Row] = []
  /// Sentences that must stand beside the numbers, each with its experiment.
  public private(set) var notes: [String] = []

  /// An experiment's name with its cells.
  private struct Member {
    let name: String
    let cells: ResultCells
  }

  /// Compares the cells of experiments by a measure; nil takes the first experiment's headline.
  ///
  /// - Throws: `Problems` where there is nothing to compare; `StoreError`, `EvaluationError` from
  ///   reading results.
  public init(_ stores: [RunStore], metric: String? = nil) throws {
    let members = try stores.map { store in
      Member(
        name: store.name,
        cells: try ResultCells(
          store, outline: store.read(Outline.self, from: "outline.json"),
          corpora: store.read([CorpusSummary].self, from: "corpora.json")))
    }
    let names = MetricName.allCases.map(\.rawValue)
    guard let first = members.first,
      let measure = MetricName(rawValue: metric ?? first.cells.outline.headline)
    else {
      let word = metric ?? ""
      throw Problems([
        Problem("--metric \(word): no such measure; \(NearestWord(among: names).hint(for: word))")
      ])
    }
    self.metric = measure.rawValue
    for cell in Self.places(members) {
      for (one, other) in Self.pairs(members, at: cell) {
        rows.append(try Self.row(cell, one, other, metric: measure))
      }
    }
    guard !rows.isEmpty else { throw Problems([Self.nothing(members)]) }
    let tested = rows.indices.filter { rows[$0].p != nil }
    let corrected = HolmCorrection.corrected(tested.compactMap { rows[$0].p })
    for (index, p) in zip(tested, corrected) { rows[index].pHolm = p }
    notes = members.flatMap { member in
      var sentences = member.cells.attributedNotes
      if !member.cells.unfinished.isEmpty {
        sentences.append("\(member.cells.unfinished.count) trials are not finished.")
      }
      return sentences.map { "\(member.name): \($0)" }
    }
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
          Entry(member: member, variant: variant, cell: $0)
        }
      }
    }
    guard members.count > 1 else { return combinations(entries.first ?? []) }
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
    _ place: Place, _ one: Entry, _ other: Entry, metric: MetricName
  ) throws -> Row {
    var row = Row(
      train: place.train, test: place.test, first: side(one, metric), second: side(other, metric))
    row.untested = obstacle(one, other, test: place.test)
    guard row.untested == nil else { return row }
    let found = try PairedDifference(of: metric, other.cell, one.cell)
    row.difference = found.difference
    row.p = found.p
    (row.low, row.high) = (found.interval?.low, found.interval?.high)
    row.clusters = found.interval?.clusters
    return row
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
    guard one.cell.sets.count == other.cell.sets.count else {
      let unit = one.cell.kind == .pooledFolds ? "seeds" : "networks"
      return "The numbers of \(unit) differ: \(one.cell.sets.count) and \(other.cell.sets.count)."
    }
    let parts = (one.cell.sets.map(utterances), other.cell.sets.map(utterances))
    return parts.0 == parts.1
      ? nil : "Some networks are not finished, so that the others' test utterances differ."
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
