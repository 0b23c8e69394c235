import ValenceKernels

/// Log-mel spectrograms: the power of each mel band in dB.
///
/// 10·log₁₀(max(power, 1e-10)), without a limit below the clip's peak. Source: librosa's
/// `power_to_db(melspectrogram(…), top_db=None)`.
struct LogMel: Sendable {
  /// The power that lower ones are raised to before the logarithm: −100 dB.
  static let floorPower: Float = 1e-10

  private let bank: MelBank

  /// Places the bands.
  init(_ options: MelOptions, rateHz: Int, fftSize: Int) throws(FeatureError) {
    bank = try MelBank(options, rateHz: rateHz, fftSize: fftSize)
  }

  /// The log-mel bands of power spectra `[frames, bank.bins]`: `[frames, bands]` in dB.
  func levels(_ power: Floats, frames: Int) -> Floats {
    let bands = Floats(zeros: frames * bank.bands)
    bank.weigh(power, count: frames, into: bands)
    Decibels.replace(bands, floor: Self.floorPower)
    return bands
  }
}
