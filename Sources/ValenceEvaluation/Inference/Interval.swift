/// The unit that is left out, drawn or exchanged as a whole, to estimate how a number depends on speakers.
package enum ResampledUnit: String, Hashable, Sendable, Codable {
  /// Whole speakers: the utterances of one resemble each other.
  case speakers
  /// Utterances, because the corpus does not tell its speakers; an interval is then too narrow by as
  /// much as a speaker's utterances resemble each other.
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

/// The ends of a confidence interval of a measure, or of a difference of two.
///
/// With one seed it speaks of the networks that were trained, before other speakers of the kind that
/// were tested. With two seeds or more it speaks of the settings: before other speakers, trained from
/// other seeds. Other training speakers than those of the folds are in neither.
package struct Interval: Hashable, Sendable {
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double
  /// The probability, for example 0.95.
  package let level: Double
  /// How many speakers (or utterances, where speakers are unknown) were left out in turn.
  package let clusters: Int
  /// The unit that was left out in turn.
  package let unit: ResampledUnit
  /// How many seeds each side was trained from; 1 where seeds are not part of it.
  package let seeds: Int
  /// Whether simulation found, for data such as these, that less than nine tenths of such intervals
  /// may hold the true value, or that it cannot tell.
  package let isApproximate: Bool

  package init(
    low: Double, high: Double, level: Double = 0.95, clusters: Int,
    unit: ResampledUnit = .speakers, seeds: Int = 1, isApproximate: Bool = false
  ) {
    self.low = low
    self.high = high
    self.level = level
    self.clusters = clusters
    self.unit = unit
    self.seeds = seeds
    self.isApproximate = isApproximate
  }
}

/// Why no interval, or no p-value, can be said.
package enum InferenceGap: Hashable, Sendable, Error, CustomStringConvertible {
  /// Fewer than four speakers (or utterances) were tested.
  case fewClusters(Int, ResampledUnit)
  /// All utterances of a class are one speaker's, so that without him the measure is another.
  case classOfOneCluster(ResampledUnit)
  /// A side has one seed only, so that nothing is known of how far another seed would move it.
  case oneSeed
  /// Networks are exchanged in pairs, and the sides have other numbers of them.
  case unequalNetworks(Int, Int)

  package var description: String {
    switch self {
    case .fewClusters(let count, let unit):
      "There \(count == 1 ? "is" : "are") only \(unit.text(count)), and below "
        + "\(SystemScores.fewestClusters) nothing can be said of others."
    case .classOfOneCluster(let unit):
      "All utterances of a class are of one \(unit == .utterances ? "utterance" : "speaker"), so "
        + "that the measure is another without it."
    case .oneSeed:
      "A side was trained from one seed, and nothing is known of how far another would move it; "
        + "train each from three or more."
    case .unequalNetworks(let first, let second):
      "The sides have \(first) and \(second) networks, which cannot be exchanged in pairs."
    }
  }
}
