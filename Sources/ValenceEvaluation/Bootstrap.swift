import ValenceCore

/// Percentile intervals from resampled speakers (Efron and Tibshirani, 1993, chapter 13).
///
/// Utterances of one speaker resemble each other, so whole speakers are drawn with replacement
/// (a cluster bootstrap; Field and Welsh, 2007); utterances without a speaker are drawn one by one.
/// Several sets of predictions of the same speakers (seeds, or networks) are resampled together, and
/// the statistic is the mean of their scores. The interval thus says how far the value depends on
/// who was tested, not on the training seed. A draw that lacks a class that the data have is drawn
/// again, as its average would be over other classes.
public struct Bootstrap: Hashable, Sendable {
  /// The number of draws.
  public var draws = 1000
  /// The probability that the interval is to cover.
  public var level = 0.95
  /// The seed of the draws; equal data and seeds give equal intervals.
  public var seed: UInt64 = 0

  /// The defaults: 1000 draws, 95 %.
  public init() {}

  /// At this many draws an interval is given up as too few hold every class.
  private var attemptLimit: Int { 20 * draws }

  /// The interval of the mean, over `sets`, of a measure; nil where there are fewer than two speakers
  /// (or utterances) or hardly any draw holds every class.
  ///
  /// - Parameters:
  ///   - sets: predictions of one network each (or of one seed's folds pooled).
  ///   - others: the same of another system, on the same utterances; the interval is then that of the
  ///     difference of the two means.
  public func interval(
    of metric: MetricName, sets first: [[Prediction]], minus others: [[Prediction]] = [],
    names: [String]
  ) -> Interval? {
    let sets = first + others
    let clusters = PredictionClusters(sets, classCount: names.count)
    let count = clusters.pairs.count
    guard count > 1 else { return nil }
    var random = RandomStream(seed: seed, "bootstrap")
    let whole = sets.map { ConfusionMatrix($0, classCount: names.count) }
    let present = whole.map { matrix in names.indices.map { matrix.support($0) > 0 } }
    var values: [Double] = []
    for _ in 0..<attemptLimit where values.count < draws {
      var matrices = sets.map { _ in ConfusionMatrix(classCount: names.count) }
      for _ in 0..<count {
        let drawn = random.below(count)
        for set in sets.indices { clusters.add(drawn, set: set, to: &matrices[set]) }
      }
      guard let scores = scores(of: metric, matrices, present: present, names: names) else {
        continue
      }
      values.append(
        Self.mean(scores[..<first.count]) - (others.isEmpty ? 0 : Self.mean(scores[first.count...]))
      )
    }
    guard values.count == draws else { return nil }
    values.sort()
    let tail = (1 - level) / 2
    return Interval(
      low: Self.quantile(tail, ofSorted: values), high: Self.quantile(1 - tail, ofSorted: values),
      level: level, clusters: count, unit: Self.unit(sets), isApproximate: count < 20)
  }

  private static func unit(_ sets: [[Prediction]]) -> ResampledUnit {
    let areKnown = Set(sets.joined().map { $0.speaker != nil })
    return areKnown == [true] ? .speakers : areKnown == [false] ? .utterances : .mixed
  }

  private static func mean(_ scores: ArraySlice<Double>) -> Double {
    scores.reduce(0, +) / Double(scores.count)
  }

  /// The score of each set, or nil where one lacks a class that it has in the data.
  private func scores(
    of metric: MetricName, _ matrices: [ConfusionMatrix], present: [[Bool]], names: [String]
  ) -> [Double]? {
    var scores: [Double] = []
    for (matrix, present) in zip(matrices, present) {
      let isWhole = names.indices.allSatisfy { !present[$0] || matrix.support($0) > 0 }
      guard isWhole else { return nil }
      do {
        scores.append(try Score(matrix, names: names, absent: .allow).value(metric))
      } catch {
        return nil
      }
    }
    return scores
  }

  /// The value below which a share of the values lies, interpolated linearly (NumPy's default).
  static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    let position = share * Double(values.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, values.count - 1)
    return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
  }
}
