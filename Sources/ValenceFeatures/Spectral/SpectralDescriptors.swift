import Foundation
import ValenceKernels

/// What a spectrum looks like, a number for each property: `[T, 23]`.
///
/// P[k] is the mean power of a frequency (`CenteredSpectra`) plus 1e-10, f[k] its frequency, p[k] its share of
/// the frame's power. The offset of the clip is taken off first. In this order:
/// - the centroid c = Σ p·f, as ln(c + 50 Hz), the spread s = √(Σ p·(f − c)²) + 1 Hz, as ln s, the skewness
///   Σ p·(f − c)³ / s³, within ±10, and the kurtosis, likewise of order 4, as its logarithm (Peeters, 2004);
/// - the frequencies below which 25, 50, 75 and 90 % of the power lie, as ln(f + 50 Hz) (Peeters, 2004);
/// - the flux: the distance between the magnitudes of this frame and of the last one, as ln(d + 1e-5), and
///   that of magnitudes of unit length (Scheirer and Slaney, 1997); nothing precedes the first frame;
/// - the entropy −Σ p·ln p (Misra et al., 2004);
/// - the slopes of the level in dB a kHz between 0 and 500, 500 and 1500, 0 and 8000 Hz, the alpha ratio (50 to
///   1000 over 1000 to 5000 Hz) and the Hammarberg index (the highest level below 2000 Hz over that from 2000
///   to 5000 Hz), in dB (Eyben et al., 2016);
/// - the levels of 250 to 650 and of 1000 to 4000 Hz in dB (Schuller et al., 2013, ComParE);
/// - `Harmonicity`;
/// - loudness, ln Σ N, and sharpness, ln(Σ N·b·exp(b / 40) / Σ N), with N = power^0.23 of band b of 26 bands
///   (`MelBank.ofHTK`), after Zwicker and Fastl (1990) as ComParE has them;
/// - the share of samples at which the signal's sign changes, and the peak level 20·log₁₀(max |x| + 1e-5).
///
/// Bands end at half the rate; the level of one that has no frequency is −100 dB, its slope 0. Power below
/// −120 dB, which only rounding tells from silence, is as loud as that.
struct SpectralDescriptors: Sendable {
  static let names = [
    "spectral_centroid_log", "spectral_spread_log", "spectral_skewness", "spectral_kurtosis_log",
    "spectral_rolloff_25_log", "spectral_rolloff_50_log", "spectral_rolloff_75_log",
    "spectral_rolloff_90_log", "spectral_flux_log", "spectral_flux_normalized", "spectral_entropy",
    "spectral_slope_0_500", "spectral_slope_500_1500", "spectral_slope_0_8000", "alpha_ratio_db",
    "hammarberg_index_db", "band_250_650_db", "band_1000_4000_db", "harmonicity_db",
    "loudness_log", "sharpness_log", "zero_crossing_rate", "peak_level_db",
  ]
  /// The number of bins of a frame.
  static var bins: Int { names.count }
  /// The power that is added to each frequency: −100 dB.
  static let floorPower: Float = 1e-10
  /// The least power of a band that is heard: −120 dB.
  private static let faintestPower = 1e-12

  private let analysis: CenteredSpectra.Analysis
  private let shape: SpectralShape
  private let balance: SpectralBalance
  private let harmonicity: Harmonicity
  private let levels: SoundLevels
  private let bank: MelBank

  /// Plans the extraction.
  ///
  /// - Throws: `FeatureError.emptyBand` for windows too short for 26 bands.
  init(_ analysis: CenteredSpectra.Analysis) throws(FeatureError) {
    let framer = analysis.framer
    self.analysis = analysis
    let binHz = Double(framer.rateHz) / Double(framer.fftSize)
    shape = SpectralShape(binHz: binHz)
    balance = SpectralBalance(binHz: binHz, bins: analysis.bins)
    harmonicity = Harmonicity(
      window: analysis.window, hop: framer.hopSamples, rateHz: framer.rateHz)
    levels = SoundLevels(framer)
    bank = try MelBank.ofHTK(bands: 26, rateHz: framer.rateHz, fftSize: framer.fftSize)
  }

  /// The frames of a signal.
  func extract(_ samples: [Float]) -> FeatureMatrix { extract(analysis(samples)) }

  /// The frames of an analyzed signal.
  func extract(_ spectra: CenteredSpectra) -> FeatureMatrix {
    let frames = spectra.frames
    let power = spectra.power.array
    let raised = power.map { $0 + Self.floorPower }
    let decibels = Floats(raised)
    Decibels.replace(decibels, floor: Self.floorPower)
    let levels = decibels.array
    let ratios = harmonicity.ratios(spectra)
    let loudness = loudness(spectra)
    let (crossings, peaks) = (self.levels.crossings(spectra), self.levels.peaks(spectra))
    var flux = SpectralFlux(bins: analysis.bins)
    var values: [Float] = []
    values.reserveCapacity(frames * Self.bins)
    for frame in 0..<frames {
      let range = frame * analysis.bins..<(frame + 1) * analysis.bins
      let row = raised.span.extracting(range)
      let decibels = levels.span.extracting(range)
      shape.append(row, decibels, flux: flux.next(power.span.extracting(range)), to: &values)
      balance.append(row, decibels, to: &values)
      values += [
        ratios[frame], loudness[frame].loudness, loudness[frame].sharpness, crossings[frame],
        peaks[frame],
      ]
    }
    return FeatureMatrix(frames: frames, bins: Self.bins, values: values)
  }

  /// The logarithms of loudness and sharpness of each frame.
  private func loudness(
    _ spectra: CenteredSpectra
  ) -> [(loudness: Float, sharpness: Float)] {
    let bands = Floats(zeros: spectra.frames * bank.bands)
    bank.weigh(spectra.power, count: spectra.frames, into: bands)
    let powers = bands.array
    let weights = (1...bank.bands).map { Double($0) * exp(Double($0) / 40) }
    return (0..<spectra.frames).map { frame in
      var (sum, weighted) = (0.0, 0.0)
      for (band, weight) in weights.enumerated() {
        let part = pow(max(Double(powers[frame * weights.count + band]), Self.faintestPower), 0.23)
        sum += part
        weighted += part * weight
      }
      return (Float(log(sum + 1e-6)), Float(log(weighted / (sum + 1e-9))))
    }
  }
}

extension MelBank {
  /// Triangles of height 1, evenly spaced on the mel scale of HTK between 20 and 8000 Hz, or half the rate.
  ///
  /// The scale is 1127·ln(1 + f / 700 Hz); 26 bands are those of openSMILE's standard sets. Source: Young et al.
  /// (2006), The HTK Book.
  static func ofHTK(bands: Int, rateHz: Int, fftSize: Int) throws(FeatureError) -> MelBank {
    func mel(_ hz: Double) -> Double { 1127 * log(1 + hz / 700) }
    let (low, high) = (mel(20), mel(min(8000, Double(rateHz) / 2)))
    let edges = (0..<bands + 2).map {
      700 * (exp((low + (high - low) * Double($0) / Double(bands + 1)) / 1127) - 1)
    }
    return try MelBank(edgesHz: edges, ofUnitArea: false, rateHz: rateHz, fftSize: fftSize)
  }
}
