/// A measure of one cell, for each seed, with all test speakers and with each left out in turn.
///
/// The interval of a cell and that of the difference of two cells are computed from it. The pseudo-value
/// S·θ − (S − 1)·θ₍ᵢ₎, with θ₍ᵢ₎ the measure without speaker i of S, is the speaker's contribution. UAR
/// is not a mean over speakers; its pseudo-values make it behave like one, so that the variance of a mean
/// applies (the jackknife; Tukey, 1958; Efron and Tibshirani, 1993, chapter 11).
///
/// Reports compute intervals anew, so a change moves those of finished experiments, and no revision tells.
/// `SystemScoresTests` and `PairedDifferenceTests` hold them to NumPy and SciPy (fixture
/// `inference/cells.json`), `SizeTests` how often they err.
struct SystemScores: Hashable, Sendable {
  /// With fewer speakers (or utterances) there are no intervals and no p-values.
  static let fewestClusters = 4

  /// The measure of each seed: folds pooled, or averaged over the seed's networks.
  let scores: [Double]
  /// Whether other seeds would give other scores; where not, seeds add no variance.
  let isSeeded: Bool
  /// Why nothing can be inferred about other speakers; nil where it can.
  let gap: InferenceGap?
  /// The unit that is left out in turn.
  let unit: ResampledUnit

  /// The speakers (or utterances) by name, in the order of `pseudovalues`.
  let clusters: [String]
  /// `[seeds, clusters]`; empty where there is a gap.
  let pseudovalues: [[Double]]
  /// The number of equally weighted speakers with the same sum of squared weights (Kish, 1965).
  let effectiveClusters: Double
  /// The least value that the measure can have; the greatest is 1.
  let least: Double
  /// The smallest change of one network's measure when one of its answers changes.
  let step: Double

  init(of metric: MetricName, _ cell: CellSummary) {
    self.init(
      of: metric, cell.seedSets, classCount: cell.names.count, isSeeded: cell.isSeeded)
  }

  /// Scores predictions: for each seed those of its networks, whose measures are averaged.
  init(
    of metric: MetricName, _ seeds: [[[Prediction]]], classCount: Int, isSeeded: Bool = true
  ) {
    self.isSeeded = isSeeded
    let sets = Array(seeds.joined())
    let clusters = PredictionClusters(sets, classCount: classCount)
    let whole = sets.map { ClassCounts(ConfusionMatrix($0, classCount: classCount)) }
    let values = whole.map { $0.value(metric) }
    var starts: [Int] = []
    for networks in seeds.map(\.count) { starts.append((starts.last ?? 0) + networks) }
    let ranges = zip([0] + starts, starts).map { $0..<$1 }
    func mean(_ values: [Double]) -> [Double] {
      ranges.map { values[$0].reduce(0, +) / Double($0.count) }
    }
    scores = mean(values)
    least = metric.least
    unit = clusters.unit
    self.clusters = clusters.names
    (step, effectiveClusters) = Self.weights(of: metric, clusters, set: 0, whole: whole[0])

    let count = clusters.names.count
    var pseudovalues = seeds.map { _ in [Double](repeating: 0, count: count) }
    var gap = count < Self.fewestClusters ? InferenceGap.fewClusters(count, clusters.unit) : nil
    for index in 0..<(gap == nil ? count : 0) {
      var without = whole
      for set in sets.indices {
        for pair in clusters.pairs[index][set] {
          without[set].remove(pair.count, pair.truth, pair.prediction)
        }
        if zip(whole[set].support, without[set].support).contains(where: { $0 > 0 && $1 == 0 }) {
          gap = .classOfOneCluster(clusters.unit)
        }
      }
      guard gap == nil else { break }
      let left = mean(without.map { $0.value(metric) })
      for seed in seeds.indices {
        pseudovalues[seed][index] = Double(count) * scores[seed] - Double(count - 1) * left[seed]
      }
    }
    self.gap = gap
    self.pseudovalues = gap == nil ? pseudovalues : []
  }

  /// The mean over seeds.
  var mean: Double { scores.reduce(0, +) / Double(scores.count) }

  /// The smallest change of the measure, and Σ(weights)² / Σ(weights²) of the speakers.
  private static func weights(
    of metric: MetricName, _ clusters: PredictionClusters, set: Int, whole: ClassCounts
  ) -> (step: Double, effective: Double) {
    let present = whole.support.indices.filter { whole.support[$0] > 0 }
    let isByClass = metric.weighsClassesEqually
    let most = isByClass ? Double(whole.support.max() ?? 1) : 1
    let shares = Double(isByClass ? present.count : whole.total)
    var squares = 0.0
    for cluster in clusters.pairs {
      var weight = 0.0
      for pair in cluster[set] {
        weight += Double(pair.count) / (isByClass ? Double(whole.support[pair.truth]) : 1)
      }
      squares += (weight / shares) * (weight / shares)
    }
    return (1 / (shares * most), squares > 0 ? 1 / squares : 1)
  }
}
