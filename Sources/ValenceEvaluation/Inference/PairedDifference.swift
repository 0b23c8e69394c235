/// By how much two systems differ that were tested on the same utterances, and how sure that is.
///
/// Utterances that are hard for both move neither the difference nor its interval, since speakers are left out
/// of both together. Claims about settings need two seeds or more on each side: a network trained
/// from another seed differs too, and only seeds show by how much. Seeds are taken as
/// independent, also where both sides have the same ones.
package struct PairedDifference: Hashable, Sendable {
  /// The claim that a difference supports.
  package enum Claim: String, Hashable, Sendable, Codable {
    /// The settings: other speakers, trained from other seeds (`VarianceComponents`, Student's t).
    case settings
    /// The networks that were trained, as they are: other speakers (`ExchangeTest`).
    case networks
  }

  /// The measure of the first system less that of the second.
  package let difference: Double
  /// The claim of the interval and the p-value.
  package let claim: Claim
  /// The difference's interval at 95 %; nil where there is a gap.
  package let interval: Interval?
  /// The two-sided p-value; nil where there is a gap.
  package let p: Double?
  /// The least p-value that could occur with so many speakers, seeds and utterances.
  package let smallestP: Double?
  /// Why there is no interval and no p-value.
  package let gap: InferenceGap?
  /// How many speakers (or utterances) were tested.
  package let clusters: Int
  /// The unit that was left out or exchanged in turn.
  package let unit: ResampledUnit
  /// How many seeds each side has: the first's, the second's.
  package let seeds: [Int]
  /// The difference of each pair of seeds; empty where their numbers differ.
  package let parts: [Double]

  /// The names of the speakers, in the order of `components.deviations`.
  let clusterNames: [String]
  /// How far each speaker is from the mean, and what is due to speakers and seeds; nil with a gap.
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
      test =
        first.sets.count == second.sets.count
        ? .success(
          try ExchangeTest(of: metric, first.sets, second.sets, classCount: first.names.count))
        : .failure(.unequalNetworks(first.sets.count, second.sets.count))
    }
    self.init(sides.0, sides.1, test: test)
  }

  /// Compares the scores of two settings that were tested on the same utterances.
  package init(_ first: SystemScores, _ second: SystemScores) {
    self.init(first, second, test: nil)
  }

  private init(
    _ first: SystemScores, _ second: SystemScores, test: Result<ExchangeTest, InferenceGap>?
  ) {
    precondition(
      first.clusters == second.clusters,
      "\(first.clusters.count) and \(second.clusters.count) clusters")
    seeds = [first.scores.count, second.scores.count]
    claim = test == nil ? .settings : .networks
    clusters = first.clusters.count
    clusterNames = first.clusters
    unit = first.unit
    parts =
      first.scores.count == second.scores.count
      ? zip(first.scores, second.scores).map { $0 - $1 } : []
    var exchange: ExchangeTest?
    var gap = first.gap ?? second.gap
    switch test {
    case .success(let found): exchange = found
    case .failure(let obstacle): gap = gap ?? obstacle
    case nil: if seeds.contains(1) { gap = gap ?? .oneSeed }
    }
    self.gap = gap
    difference = exchange?.difference ?? first.mean - second.mean
    guard gap == nil else {
      (interval, p, smallestP, components) = (nil, nil, nil, nil)
      return
    }
    let components = VarianceComponents(first, minus: second, withSeeds: exchange == nil)
    let distribution = StudentT(degrees: components.degrees)
    let error = components.variance.squareRoot()
    let reach = distribution.quantile(level: 0.95) * error
    self.components = components
    interval = Interval(
      low: max(-1, difference - reach), high: min(1, difference + reach), clusters: clusters,
      unit: unit, seeds: exchange == nil ? seeds.min() ?? 1 : 1,
      isApproximate: min(first.effectiveClusters, second.effectiveClusters) < 3
        || components.isLeast)
    if let exchange {
      (p, smallestP) = (exchange.p, exchange.smallestP)
    } else {
      p = distribution.twoSided(difference / error)
      // All right against all wrong, without seeds that differ, by the least variance there is.
      smallestP = StudentT(degrees: components.speakerDegrees)
        .twoSided(1 / components.least.squareRoot())
    }
  }
}
