import ValenceCore
package import ValenceEvaluation
import ValenceFigures
package import ValenceStore

/// Cells of one or several experiments compared: their difference, its interval and p-value.
///
/// Cells are matched by training corpus, test corpus and variant. Of several experiments, equal variants
/// are compared, or every variant with every other if two experiments have no variant name in common; of
/// one experiment, the pairs that its plan declares: each variant with the base, or those of
/// `report.compare`.
package struct Comparison: Codable, Sendable {
  /// One of two compared cells.
  package struct Side: Codable, Hashable, Sendable {
    package var experiment: String
    package var variant: String
    /// The measure: the mean over seeds (folds pooled) or over networks.
    package var value: Double
    /// The number of networks.
    package var networks: Int
  }

  /// Two cells of the same training and test corpus.
  package struct CellPair: Codable, Hashable, Sendable {
    package var train: String
    package var test: String
    /// The cell that comes first.
    package var first: Side
    /// The cell that it is compared with.
    package var second: Side
    /// The second's value minus the first's; nil if the two cannot be paired.
    package var difference: Double?
    /// The lower end of the difference's 95 % interval.
    package var low: Double?
    /// The upper end.
    package var high: Double?
    /// Whether the interval's coverage may be below 90 %.
    package var isApproximate: Bool?
    package var p: Double?
    /// The smallest p-value possible with this number of speakers, seeds and utterances.
    package var pSmallest: Double?
    /// The p-value, corrected for all tests of the comparison by the maximum of their joint statistics.
    package var pAdjusted: Double?
    /// The unit of resampling: speakers, or utterances where speakers are unknown.
    package var unit: ResampledUnit?
    /// The number of them.
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
  /// The subject of intervals and p-values: the settings, or the trained networks.
  package let claim: PairedDifference.Claim
  /// The comparisons: by training corpus, test corpus, then in the order of experiments and variants.
  package let rows: [CellPair]
  /// Sentences that must be shown with the numbers, each with its experiment.
  package let notes: [String]

  /// Compares the cells of experiments by a measure; nil takes the first experiment's headline.
  ///
  /// - Parameter ofNetworks: whether to compare the trained networks instead of their settings.
  /// - Throws: `Problems` if there is nothing to compare; `StoreError`, `EvaluationError` from reading
  ///   results.
  package init(
    _ stores: [RunStore], metric: String? = nil, ofNetworks: Bool = false
  ) throws {
    let members = try stores.map { store in
      Member(
        name: store.name,
        cells: try ResultCells(
          store, spec: store.read(ReportSpec.self, from: .reportSpec),
          corpora: store.read([CorpusSummary].self, from: .corpora)))
    }
    guard let first = members.first,
      let measure = metric.map(MetricName.init(rawValue:)) ?? first.cells.spec.headline
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
    metric = cells.spec.headline.rawValue
    claim = .settings
    rows = try Self.rows(
      [Member(name: cells.spec.name, cells: cells)], metric: cells.spec.headline,
      claim: .settings)
    notes = []
  }

  private static func rows(
    _ members: [Member], metric: MetricName, claim: PairedDifference.Claim
  ) throws(EvaluationError) -> [CellPair] {
    var tests = CellTests(metric: metric, claim: claim)
    var rows: [CellPair] = []
    for place in places(members) {
      for (one, other) in pairs(members, at: place) {
        rows.append(try tests.compare(one, other))
      }
    }
    let tested = rows.indices.filter { rows[$0].p != nil }
    for (index, p) in zip(tested, tests.adjusted) { rows[index].pAdjusted = p }
    return rows
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

/// The tests of one comparison, whose p-values are corrected together.
private struct CellTests {
  let metric: MetricName
  let claim: PairedDifference.Claim
  private var family = ComparisonFamily()

  init(metric: MetricName, claim: PairedDifference.Claim) {
    (self.metric, self.claim) = (metric, claim)
  }

  /// The corrected p-values of the tests so far.
  var adjusted: [Double?] { family.adjusted }

  /// Compares two cells of the same place: the second's value minus the first's.
  mutating func compare(
    _ one: Comparison.NamedCell, _ other: Comparison.NamedCell
  ) throws(EvaluationError) -> Comparison.CellPair {
    var row = Comparison.CellPair(
      train: one.place.train, test: one.place.test, first: side(one), second: side(other))
    row.untested = one.obstacle(to: other)
    guard row.untested == nil else { return row }
    let found = try PairedDifference(of: metric, other.cell, one.cell, claim: claim)
    row.difference = found.difference
    row.untested = Self.gap(found, one.cell)
    (row.p, row.pSmallest) = (found.p, found.smallestP)
    (row.low, row.high) = (found.interval?.low, found.interval?.high)
    row.isApproximate = found.interval?.isApproximate
    (row.unit, row.clusters) = (found.unit, found.clusters)
    row.seeds = found.seeds.reversed()
    if found.p != nil {
      family.add(found, first: other.system, second: one.system, group: one.place.test)
    }
    return row
  }

  private func side(_ cell: Comparison.NamedCell) -> Comparison.Side {
    .init(
      experiment: cell.member.name, variant: cell.variant,
      value: cell.cell.headline(metric).mean, networks: cell.cell.runs.count)
  }

  /// Why there is no p-value, naming the first side first.
  private static func gap(_ found: PairedDifference, _ cell: CellSummary) -> String? {
    guard case .unequalNetworks(let second, let first)? = found.gap else {
      return found.gap?.description
    }
    // Folds are pooled before they are exchanged, so the numbers are those of seeds.
    guard cell.combination == .pooledFolds else {
      return InferenceGap.unequalNetworks(first, second).description
    }
    return
      "The sides have networks of \(first) and \(Wording.counted(second, "seed")), which cannot "
      + "be exchanged in pairs."
  }
}
