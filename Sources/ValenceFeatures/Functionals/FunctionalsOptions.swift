import ValenceEGeMAPS

/// Which contours of a clip become one vector, and by which statistics.
package struct FunctionalsOptions: Hashable, Sendable {
  /// What contours are taken from; the vector has them in this order.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    /// Cepstral coefficients.
    case mfcc
    /// Levels of mel bands.
    case mel
    /// F0, energy and the probability of voicing.
    case prosody
    /// Spectral descriptors.
    case spectral
    /// Durations, pauses, jitter and shimmer.
    case timing
    /// The 88 parameters of eGeMAPS, whatever the other options and the framing are.
    case egemaps
  }

  /// Statistics of a contour; the vector has them in this order.
  package enum Statistics: String, Hashable, Sendable, CaseIterable {
    /// Mean, deviation, skewness and kurtosis.
    case moments
    /// Percentiles, their ranges and where the extremes lie.
    case percentiles
    /// The line and the parabola over the clip.
    case slopes
    /// How it moves from frame to frame.
    case deltas
    /// The strength of slow and fast movements.
    case modulation
    /// Statistics of voiced frames, and of the others.
    case voiced
  }

  /// What the contours are taken from, in the order of `Source`.
  package var of: [Source] = [.mfcc, .mel, .prosody, .timing]
  /// The statistics of each contour, in the order of `Statistics`.
  package var statistics = Statistics.allCases
  /// How many mel bands, between 20 and 8000 Hz.
  package var melBands = 26
  /// How many cepstral coefficients, the zeroth included.
  package var mfccCoefficients = 20

  /// The defaults: all statistics of 20 MFCC, 26 mel bands, F0, energy and voicing, and timing.
  package init() {}

  package static let melBandsRange = 4...128
  package static let mfccCoefficientsRange = 2...64

  /// Whether contours have statistics: there are others than timing and eGeMAPS.
  package var hasContours: Bool { of.contains { $0 != .timing && $0 != .egemaps } }

  /// Whether neither the framing nor the range of F0 moves a number.
  package var isOfOwnFrames: Bool { of == [.egemaps] }

  /// A name for each number of the vector: `mfcc_3_delta_std`.
  package var names: [String] { groups.flatMap(\.names) }

  /// How many numbers the vector has.
  package var bins: Int {
    let statistics = statistics.reduce(0) { $0 + $1.names.count }
    let sizes = of.map { source in
      switch source {
      case .mfcc: mfccCoefficients * statistics
      case .mel: melBands * statistics
      case .prosody: 3 * statistics
      case .spectral: SpectralDescriptors.bins * statistics
      case .timing: TimingStatistics.names.count
      case .egemaps: EGeMAPS.count
      }
    }
    return sizes.reduce(0, +)
  }

  /// The options with defaults for those that move no number.
  var canonical: FunctionalsOptions {
    var canonical = self
    let standard = FunctionalsOptions()
    if !hasContours { canonical.statistics = standard.statistics }
    if !of.contains(.mel) { canonical.melBands = standard.melBands }
    if !of.contains(.mfcc) { canonical.mfccCoefficients = standard.mfccCoefficients }
    return canonical
  }

  /// Numbers of the vector that say different things of the same, adjoining.
  package struct Group: Hashable, Sendable {
    /// `mfcc`, `mel`, `f0`, `energy`, `voicing`, `spectral`, `timing` or `egemaps`.
    package let name: String
    /// The names of its numbers.
    package let names: [String]
  }

  /// The groups of the vector, in its order.
  package var groups: [Group] {
    let statistics = statistics.flatMap(\.names)
    func group(_ name: String, _ contours: [String]) -> Group {
      Group(
        name: name, names: contours.flatMap { contour in statistics.map { "\(contour)_\($0)" } })
    }
    return of.flatMap { source -> [Group] in
      switch source {
      case .mfcc: [group("mfcc", (0..<mfccCoefficients).map { "mfcc_\($0)" })]
      case .mel: [group("mel", (1...melBands).map { "mel_\($0)" })]
      case .prosody:
        [
          group("f0", ["f0_semitones"]), group("energy", ["energy_db"]),
          group("voicing", ["voicing_probability"]),
        ]
      case .spectral: [group("spectral", SpectralDescriptors.names)]
      case .timing: [Group(name: "timing", names: TimingStatistics.names)]
      case .egemaps: [Group(name: "egemaps", names: EGeMAPS.names)]
      }
    }
  }
}

extension FunctionalsOptions.Statistics {
  /// What names of the vector end in; `ContourStatistics` says what they are.
  package var names: [String] {
    switch self {
    case .moments: ["mean", "std", "skewness", "kurtosis"]
    case .percentiles:
      ["p5", "p25", "p50", "p75", "p95", "iqr", "range", "max_position", "min_position"]
    case .slopes: ["slope", "slope_per_s", "curvature"]
    case .deltas:
      [
        "change", "rising", "delta_std", "delta_p5", "delta_p95", "delta_rising", "delta_falling",
        "delta2_std",
      ]
    case .modulation: ["mod_0.7_2hz", "mod_2_4hz", "mod_4_8hz", "mod_8_16hz", "mod_16_32hz"]
    case .voiced:
      [
        "voiced_mean", "voiced_std", "voiced_p20", "voiced_p50", "voiced_p80", "voiced_delta_std",
        "voiced_delta_mean", "unvoiced_mean",
      ]
    }
  }
}
