/// The difference of two systems that were tested on the same utterances, with interval and p-value.
///
/// The effect is first minus second, each averaged over its seeds. Speakers are left out of both sides
/// together, so a speaker who is hard for both contributes to neither the difference nor its variance.
/// Claims about settings need two seeds or more on each side: retraining from another seed changes the
/// score too, and only seeds show by how much. Seeds are treated as independent even where both sides
/// use the same numbers; a positive correlation between them would only narrow the interval. A side that no
/// seed moves, a classic model, needs none and adds no variance.
package struct PairedDifference: Hashable, Sendable {
  /// The population that a claim is about.
  package enum Claim: String, Hashable, Sendable, Codable, CaseIterable {
    /// The settings: other test speakers and other seeds (`VarianceComponents`, Student's t).
    case settings
    /// The trained networks: other test speakers only (`ExchangeTest`).
    case networks
  }

  /// The measure of the first system minus that of the second.
  package let difference: Double
  /// The subject of the interval and the p-value.
  package let claim: Claim
  /// The 95 % interval of the difference; nil where there is a gap.
  package let interval: Interval?
  /// The two-sided p-value; nil where there is a gap.
  package let p: Double?
  /// The smallest p-value possible with this number of speakers, seeds and utterances.
  package let smallestP: Double?
  /// Why there is no interval and no p-value.
  package let gap: InferenceGap?
  /// The number of speakers (or utterances) tested.
  package let clusters: Int
  /// The unit that was left out or exchanged in turn.
  package let unit: ResampledUnit
  /// The number of seeds of the first and of the second side.
  package let seeds: [Int]
  /// The difference of each pair of seeds; empty where their numbers differ.
  ///
  /// A side that no seed moves pairs with each of the other's.
  package let parts: [Double]
  /// By what each side's variance over seeds enters: 1 / seeds, or 0 where no seed moves it.
  let seedShares: [Double]

  /// The speakers (or utterances) by name, in the order of `components.deviations`.
  let clusterNames: [String]
  /// The variance due to speakers and to seeds, and each speaker's deviation; nil with a gap.
  let components: VarianceComponents?

  /// Compares two cells.
  ///
  /// - Throws: `EvaluationError.unpaired` where the utterances differ.
  package init(
    of metric: MetricName, _ first: CellSummary, _ second: CellSummary, claim: Claim = .settings
  ) throws(EvaluationError) {
    guard first.names == second.names, first.isPaired(with: second) else { throw .unpaired }
    let sides = (SystemScores(of: metric, first), SystemScores(of: metric, second))
    var test: Result<ExchangeTest, InferenceGap>?
    if claim == .networks {
      let sets = (first.sets(beside: second), second.sets(beside: first))
      test =
        sets.0.count == sets.1.count
        ? .success(try ExchangeTest(of: metric, sets.0, sets.1, classCount: first.names.count))
        : .failure(.unequalNetworks(first.sets.count, second.sets.count))
    }
    self.init(sides.0, sides.1, test: test)
  }

  /// Compares the scores of two systems that were tested on the same utterances.
  ///
  /// - Parameter test: the test of the trained networks, or why there is none; nil compares settings.
  init(
    _ first: SystemScores, _ second: SystemScores, test: Result<ExchangeTest, InferenceGap>? = nil
  ) {
    precondition(
      first.clusters == second.clusters,
      "\(first.clusters.count) and \(second.clusters.count) clusters")
    let sides = [first, second]
    (seeds, seedShares) = (sides.map(\.scores.count), sides.map(\.seedShare))
    claim = test == nil ? .settings : .networks
    clusters = first.clusters.count
    clusterNames = first.clusters
    unit = first.unit
    let scores = (first.scores(beside: second), second.scores(beside: first))
    parts = scores.0.count == scores.1.count ? zip(scores.0, scores.1).map { $0 - $1 } : []
    var exchange: ExchangeTest?
    var gap = first.gap ?? second.gap
    switch test {
    case .success(let found): exchange = found
    case .failure(let obstacle): gap = gap ?? obstacle
    case nil: if sides.contains(where: \.hasOneOfManySeeds) { gap = gap ?? .oneSeed }
    }
    self.gap = gap
    difference = exchange?.difference ?? first.mean - second.mean
    guard gap == nil else {
      (interval, p, smallestP, components) = (nil, nil, nil, nil)
      return
    }
    let components = VarianceComponents(first, minus: second, withSeeds: exchange == nil)
    // Satterthwaite's degrees of freedom, not S − 1: two variances of different precision are added, and
    // speakers with many utterances leave fewer effective ones.
    let distribution = StudentT(degrees: components.degrees)
    let error = components.variance.squareRoot()
    let reach = distribution.quantile(level: 0.95) * error
    self.components = components
    let span = 1 - first.least
    interval = Interval(
      low: max(-span, difference - reach), high: min(span, difference + reach),
      basis: .init(
        clusters: clusters, unit: unit, seeds: exchange == nil ? SystemScores.seeds(of: sides) : 1),
      isApproximate: min(first.effectiveClusters, second.effectiveClusters) < 3
        || components.isLeast)
    if let exchange {
      (p, smallestP) = (exchange.p, exchange.smallestP)
    } else {
      p = distribution.twoSided(difference / error)
      // The largest effect there is, all right against all wrong, over the smallest possible variance.
      smallestP = StudentT(degrees: components.speakerDegrees)
        .twoSided(span / components.least.squareRoot())
    }
  }
}

extension SystemScores {
  /// By what its variance over seeds enters that of a mean.
  fileprivate var seedShare: Double { isSeeded ? 1 / Double(scores.count) : 0 }

  /// The fewest seeds of those sides that seeds move; 1 where they move none.
  fileprivate static func seeds(of sides: [SystemScores]) -> Int {
    sides.filter(\.isSeeded).map(\.scores.count).min() ?? 1
  }

  /// Whether it was trained from a single seed although others would give others.
  fileprivate var hasOneOfManySeeds: Bool { isSeeded && scores.count == 1 }

  /// The scores, as many as another side has where no seed moves this one.
  fileprivate func scores(beside other: SystemScores) -> [Double] {
    isSeeded || scores.count != 1 || !other.isSeeded
      ? scores : Array(repeating: scores[0], count: other.scores.count)
  }
}

extension CellSummary {
  /// The predictions, once for each of the other side's seeds where no seed moves this one.
  fileprivate func sets(beside other: CellSummary) -> [[Prediction]] {
    isSeeded || !other.isSeeded
      ? sets : Array(repeatElement(sets, count: other.seeds.count).joined())
  }
}
