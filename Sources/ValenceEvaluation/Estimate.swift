/// A measure over several networks: where it lies, how much it varies, how sure it is.
public struct Estimate: Hashable, Sendable, CustomStringConvertible {
  /// The mean of the values.
  public let mean: Double
  /// The standard deviation of the values with n − 1 in its denominator; nil for a single value.
  ///
  /// The values are a sample of all seeds (or folds) that could have been drawn, and n − 1 is what
  /// estimates their spread without bias in the variance. NumPy's `std` divides by n unless told
  /// otherwise: it is this times √((n − 1)/n).
  public let deviation: Double?
  /// The number of values.
  public let n: Int
  /// Where a bootstrap over speakers puts the mean, if one was made.
  public let interval: Interval?

  /// The mean and spread of `values`, of which there must be one at least.
  public init(_ values: [Double], interval: Interval? = nil) {
    precondition(!values.isEmpty, "there is no estimate of no values")
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    n = values.count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = n > 1 ? (squares / Double(n - 1)).squareRoot() : nil
    self.interval = interval
  }

  /// `0.623 ± 0.012 [0.601, 0.640] (n = 5)`, leaving out what is not known.
  public var description: String {
    var text = Self.rounded(mean)
    if let deviation { text += " ± \(Self.rounded(deviation))" }
    if let interval { text += " [\(Self.rounded(interval.low)), \(Self.rounded(interval.high))]" }
    return text + " (n = \(n))"
  }

  private static func rounded(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(abs(thousandths) % 1000)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(zeros)\(digits)"
  }
}

/// What was drawn as a whole, to learn how far a number depends on who spoke.
public enum ResampledUnit: String, Hashable, Sendable, Codable {
  /// Whole speakers: the utterances of one resemble each other.
  case speakers
  /// Utterances, because the corpus does not tell its speakers; an interval is then too narrow by as
  /// much as a speaker's utterances resemble each other.
  case utterances
  /// Speakers where they are known, and utterances of unknown speakers.
  case mixed = "speakers_and_utterances"

  /// The unit in words, for `count` of them: `12 speakers`.
  public func text(_ count: Int) -> String {
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

/// The two ends between which a measure lies with a stated probability.
public struct Interval: Hashable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double
  /// The probability, for example 0.95.
  public let level: Double
  /// How many speakers (or utterances, where speakers are unknown) were drawn from.
  public let clusters: Int
  /// What was drawn.
  public let unit: ResampledUnit
  /// How many seeds it speaks of; 1 where seeds are not part of it.
  public let seeds: Int
  /// Whether it is known to cover less often than it says.
  public let isApproximate: Bool

  /// Names the two ends.
  public init(
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
