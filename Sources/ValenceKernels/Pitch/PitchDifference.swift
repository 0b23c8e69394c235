/// How much the frames of a signal differ from themselves after each delay: small at their period.
///
/// d(τ) = Σ (x[j] − x[j + τ])² / (L − τ) over all pairs of a frame of L samples, divided by its mean
/// over the delays 1…τ; 1 at τ = 0. Source: the cumulative mean normalized difference function of
/// de Cheveigné and Kawahara (2002), equation 8. Taking all pairs of the frame keeps it centered, and
/// dividing by their number leaves no bias toward short periods. (librosa 0.11 leaves the last τ
/// samples without partners, which lifts every trough by about τ/2L.)
package struct PitchDifference: Sendable {
  /// The number of samples of a frame, `L`.
  package let window: Int
  /// The greatest delay; less than `L`.
  package let longest: Int

  /// Frames whose mean difference is at most this share of their power differ by rounding only.
  static let roundingShare = 1e-5

  private let correlation: Autocorrelation

  /// Plans the transforms.
  package init(window: Int, longest: Int) {
    precondition(longest >= 1 && longest < window, "delays to \(longest) in \(window) samples")
    (self.window, self.longest) = (window, longest)
    correlation = Autocorrelation(size: Self.fftSize(atLeast: window + longest))
  }

  /// The differences of `count` frames, one every `hop` samples.
  ///
  /// - Parameter differences: `[count, longest + 1]`; all 1 in a frame that does not change.
  package func write(_ signal: Floats, hop: Int, count: Int, into differences: Floats) {
    let differences = Rows(differences, count: count, width: longest + 1)
    correlation.write(of: signal, length: window, hop: hop, into: differences)
    for frame in 0..<count {
      unsafe normalize(
        differences.pointer + frame * differences.stride,
        samples: UnsafePointer(signal.pointer + frame * hop))
    }
  }

  /// Turns the autocorrelation of a frame into its normalized difference.
  private func normalize(_ row: UnsafeMutablePointer<Float>, samples: UnsafePointer<Float>) {
    var power = 0.0
    for n in 0..<window { unsafe power += Double(samples[n]) * Double(samples[n]) }
    // The energies of the samples that have a partner after them, and before them.
    var (leading, trailing) = (power, power)
    var sum = 0.0
    unsafe row[0] = 1
    for delay in 1...longest {
      let (last, first) = unsafe (Double(samples[window - delay]), Double(samples[delay - 1]))
      leading -= last * last
      trailing -= first * first
      let difference = unsafe max(0, leading + trailing - 2 * Double(row[delay]))
      sum += difference / Double(window - delay)
      unsafe row[delay] =
        sum > 0 ? Float(difference / Double(window - delay) * Double(delay) / sum) : 1
    }
    if sum / Double(longest) <= Self.roundingShare * power / Double(window) {
      for delay in 0...longest { unsafe row[delay] = 1 }
    }
  }

  /// A size that FFTW is fast at: 2, 3 or 5 times a power of two.
  private static func fftSize(atLeast size: Int) -> Int {
    var power = 2
    while power < size { power *= 2 }
    return [power / 8 * 5, power / 4 * 3].first { $0 >= size && $0.isMultiple(of: 2) } ?? power
  }
}
