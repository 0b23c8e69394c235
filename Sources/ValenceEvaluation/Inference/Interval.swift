/// The unit of resampling: what is left out or exchanged as a whole.
package enum ResampledUnit: String, Hashable, Sendable, Codable {
  /// Whole speakers: the utterances of one resemble each other.
  case speakers
  /// Utterances, because the corpus does not name its speakers. Utterances of one speaker are correlated,
  /// so such an interval is too narrow.
  case utterances
  /// Speakers where they are known, and utterances of unknown speakers.
  case mixed = "speakers_and_utterances"

  /// The unit in words, for `count` of them: `12 speakers`.
  package func text(_ count: Int) -> String {
    let noun =
      switch self {
      case .speakers: "speaker"
      case .utterances: "utterance"
      case .mixed: "speaker or lone utterance"
      }
    guard count != 1 else { return "1 \(noun)" }
    return self == .mixed ? "\(count) speakers and lone utterances" : "\(count) \(noun)s"
  }
}

/// A confidence interval of a measure, or of the difference of two.
///
/// With one seed it is about the trained networks, tested on other speakers of the same kind. With two
/// seeds or more it is about the settings: networks trained from other seeds, tested on other speakers.
/// Neither covers other training speakers than those of the folds.
package struct Interval: Hashable, Sendable {
  /// The sample that an interval was estimated from.
  package struct Basis: Hashable, Sendable {
    /// The number of speakers (or utterances, where speakers are unknown).
    package let clusters: Int
    /// The unit that was left out in turn.
    package let unit: ResampledUnit
    /// The number of seeds on each side; 1 where seeds are not part of the interval.
    package let seeds: Int

    package init(clusters: Int, unit: ResampledUnit = .speakers, seeds: Int = 1) {
      self.clusters = clusters
      self.unit = unit
      self.seeds = seeds
    }
  }

  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double
  /// The confidence level, for example 0.95.
  package let level: Double
  /// The speakers and seeds that it was estimated from.
  package let basis: Basis
  /// Whether the coverage may be below 90 %: found by simulation for data like these, or unknown.
  package let isApproximate: Bool

  package init(
    low: Double, high: Double, level: Double = 0.95, basis: Basis, isApproximate: Bool = false
  ) {
    self.low = low
    self.high = high
    self.level = level
    self.basis = basis
    self.isApproximate = isApproximate
  }
}

/// Why there is no interval or no p-value.
package enum InferenceGap: Hashable, Sendable, Error, CustomStringConvertible {
  /// Fewer than four speakers (or utterances) were tested.
  case fewClusters(Int, ResampledUnit)
  /// All utterances of a class come from one speaker, so that leaving that speaker out changes the measure.
  case classOfOneCluster(ResampledUnit)
  /// One side has a single seed, so the variance over seeds cannot be estimated.
  case oneSeed
  /// Networks are exchanged in pairs, and the sides have different numbers of them.
  case unequalNetworks(Int, Int)

  package var description: String {
    switch self {
    case .fewClusters(let count, let unit):
      "Only \(unit.text(count)) \(count == 1 ? "was" : "were") tested; an interval needs at least "
        + "\(SystemScores.fewestClusters)."
    case .classOfOneCluster(let unit):
      (unit == .utterances
        ? "A class has a single utterance" : "A class is spoken by a single speaker")
        + ", and leaving that out would change the set of classes."
    case .oneSeed:
      "One side was trained from a single seed, so the effect of other seeds is unknown; train each "
        + "from three or more."
    case .unequalNetworks(let first, let second):
      "The sides have \(first) and \(second) networks, which cannot be exchanged in pairs."
    }
  }
}
