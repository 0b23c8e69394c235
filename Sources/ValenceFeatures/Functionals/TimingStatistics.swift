import Foundation

/// How a clip is laid out in time, and how even its voice is.
///
/// - the duration of what is used of the clip, as ln(s + 0.1);
/// - the share of voiced frames; voiced segments a second; the mean, deviation and greatest length of voiced
///   segments and the mean and deviation of unvoiced ones, in seconds (Eyben et al., 2016);
/// - peaks of the energy above its median a second, over five frames: a rate of syllables (de Jong and Wempe,
///   2009, without their asking for voice); the share of frames within 25 dB of the 95th percentile;
/// - jitter: the mean and median change of F0 between neighboring voiced frames in semitones, changes of four
///   or more left out, as ln(x + 0.01), −4 without any; shimmer: that of the peak level in dB, 0 without any.
///   Both are of frames, not of periods as Eyben et al. (2016) have them.
struct TimingStatistics {
  static let names = [
    "duration_log", "voiced_share", "voiced_segments_per_s", "voiced_length_mean",
    "voiced_length_std", "voiced_length_max", "unvoiced_length_mean", "unvoiced_length_std",
    "energy_peaks_per_s", "loud_share", "jitter_mean_log", "jitter_median_log", "shimmer_mean_db",
    "shimmer_median_db",
  ]

  /// The voiced frames.
  let voiced: [Bool]
  /// F0 in semitones, smoothed energy in dB and peak level in dB of each frame.
  let pitch: [Double]
  let energy: [Double]
  let peaks: [Double]
  let hopS: Double

  /// Appends the statistics of a clip of some seconds.
  func append(durationS: Double, to vector: inout [Float]) {
    let spanS = Double(voiced.count) * hopS
    let (on, off) = (lengths(of: true), lengths(of: false))
    vector += [
      Float(log(durationS + 0.1)),
      Float(Double(voiced.count(where: { $0 })) / Double(voiced.count)),
      Float(Double(on.count) / spanS), Float(Self.mean(on)), Float(Self.deviation(on)),
      Float(on.max() ?? 0), Float(Self.mean(off)), Float(Self.deviation(off)),
    ]
    appendEnergy(spanS: spanS, to: &vector)
    appendEvenness(to: &vector)
  }

  /// The lengths of voiced or unvoiced segments in seconds.
  private func lengths(of isVoiced: Bool) -> [Double] {
    voiced.split(separator: !isVoiced).map { Double($0.count) * hopS }
  }

  private func appendEnergy(spanS: Double, to vector: inout [Float]) {
    let sorted = energy.sorted()
    let median = ContourStatistics.quantile(sorted, 0.5)
    let loud = ContourStatistics.quantile(sorted, 0.95) - 25
    // Zeros lie beyond the ends.
    let smooth = energy.indices.map { t in
      energy[max(0, t - 2)...min(energy.count - 1, t + 2)].reduce(0, +) / 5
    }
    var peaks = 0
    for t in 1..<max(1, energy.count - 1) {
      let isPeak = smooth[t] > smooth[t - 1] && smooth[t] >= smooth[t + 1]
      if isPeak, smooth[t] > median { peaks += 1 }
    }
    vector += [
      Float(Double(peaks) / spanS),
      Float(Double(energy.count { $0 > loud }) / Double(energy.count)),
    ]
  }

  private func appendEvenness(to vector: inout [Float]) {
    let pairs = voiced.indices.dropFirst().filter { voiced[$0] && voiced[$0 - 1] }
    let steps = pairs.map { abs(pitch[$0] - pitch[$0 - 1]) }.filter { $0 < 4 }
    let swings = pairs.map { abs(peaks[$0] - peaks[$0 - 1]) }
    for jitter in [Self.mean(steps), Self.median(steps)] {
      vector.append(steps.isEmpty ? -4 : Float(log(jitter + 0.01)))
    }
    vector += [Float(Self.mean(swings)), Float(Self.median(swings))]
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return Self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot()
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : ContourStatistics.quantile(values.sorted(), 0.5)
  }
}
