import ValenceCore

/// A randomization test of two sets of trained networks on the same utterances (Noreen, 1989).
///
/// If the networks were equally good, it would not matter which side made which predictions for a speaker.
/// So the sides' predictions are exchanged for some of the speakers (utterances, where speakers are
/// unknown), and the p-value is the share of exchanges in which the measures differ at least as much as
/// observed. Up to `exactClusters` speakers all exchanges are enumerated; beyond, `draws` are sampled and
/// the observed assignment counts as one more. The test says nothing about other seeds.
///
/// Reports compute it anew: other draws, or speakers in another order (`PredictionClusters`), move sampled
/// p-values of finished experiments, and no revision tells. `ExchangeTestTests` count all exchanges, and hold
/// the sampled values to the counted ones no closer than chance allows.
struct ExchangeTest: Hashable, Sendable {
  /// The largest number of speakers for which all exchanges are enumerated.
  static let exactClusters = 14
  /// The number of random exchanges beyond that; enough to reach .05 after a correction for hundreds
  /// of comparisons.
  static let draws = 19_999

  /// The measure of the first side minus that of the second.
  let difference: Double
  let p: Double
  /// The smallest p-value possible with this number of speakers and draws.
  let smallestP: Double

  /// Compares two sides with equal numbers of networks, whose measures are averaged.
  ///
  /// - Parameters:
  ///   - first: the first side's predictions, a list for each network.
  ///   - second: the second side's, of the same utterances.
  /// - Throws: `EvaluationError.unpaired` where utterances or the numbers of networks differ.
  init(
    of metric: MetricName, _ first: [[Prediction]], _ second: [[Prediction]], classCount: Int,
    draws: Int = Self.draws
  ) throws(EvaluationError) {
    guard !first.isEmpty, first.map(Self.key) == second.map(Self.key) else { throw .unpaired }
    let clusters = PredictionClusters(first + second, classCount: classCount)
    let count = clusters.pairs.count
    let sums = Exchange(clusters, networks: first.count, metric: metric, classCount: classCount)
    let truth = sums.difference { _ in false }
    func isAsFar(_ value: Double) -> Bool { abs(value) >= abs(truth) - 1e-12 }
    difference = truth
    if count <= Self.exactClusters {
      // The last speaker is never exchanged: exchanging all speakers only flips the sign.
      let all = 1 << max(0, count - 1)
      let extreme = (0..<all).count { pattern in
        isAsFar(sums.difference { pattern >> $0 & 1 == 1 })
      }
      p = Double(extreme) / Double(all)
      smallestP = 1 / Double(all)
    } else {
      var random = RandomStream(seed: 0, "paired test")
      var extreme = 1
      for _ in 0..<draws where isAsFar(sums.difference { _ in random.below(2) == 1 }) {
        extreme += 1
      }
      p = Double(extreme) / Double(draws + 1)
      smallestP = 1 / Double(draws + 1)
    }
  }

  /// The utterances with their true classes, which two lists must share to be paired.
  private static func key(_ predictions: [Prediction]) -> [String] {
    predictions.map { "\($0.id) \($0.truth)" }.sorted()
  }
}

/// The difference of the two sides after some speakers are exchanged.
private struct Exchange {
  private let clusters: PredictionClusters
  private let networks: Int
  private let metric: MetricName
  private let classCount: Int
  /// For measures that are sums over speakers: the contribution of each to the difference.
  private let shares: [Double]?

  init(_ clusters: PredictionClusters, networks: Int, metric: MetricName, classCount: Int) {
    self.clusters = clusters
    self.networks = networks
    self.metric = metric
    self.classCount = classCount
    guard metric.isSumOverUtterances else {
      shares = nil
      return
    }
    // Both sides have the same utterances, so an exchange does not change the class sizes.
    var support = [Int](repeating: 0, count: classCount)
    for cluster in clusters.pairs {
      for pair in cluster[0] { support[pair.truth] += pair.count }
    }
    let total = Double(support.reduce(0, +))
    let present = Double(support.count { $0 > 0 })
    shares = clusters.pairs.map { cluster in
      cluster.enumerated().reduce(0) { sum, item in
        let right = item.element.reduce(0) { sum, pair in
          guard pair.truth == pair.prediction else { return sum }
          let whole = metric.weighsClassesEqually ? present * Double(support[pair.truth]) : total
          return sum + Double(pair.count) / whole
        }
        return sum + (item.offset < networks ? right : -right) / Double(networks)
      }
    }
  }

  func difference(isSwapped: (Int) -> Bool) -> Double {
    if let shares {
      return shares.indices.reduce(0) { $0 + (isSwapped($1) ? -shares[$1] : shares[$1]) }
    }
    var matrices = [ConfusionMatrix](
      repeating: ConfusionMatrix(classCount: classCount), count: 2 * networks)
    for index in clusters.pairs.indices {
      let shift = isSwapped(index) ? networks : 0
      for set in matrices.indices {
        clusters.add(index, set: set, to: &matrices[(set + shift) % (2 * networks)])
      }
    }
    return matrices.enumerated().reduce(0) { sum, item in
      let value = ClassCounts(item.element).value(metric) / Double(networks)
      return sum + (item.offset < networks ? value : -value)
    }
  }
}
