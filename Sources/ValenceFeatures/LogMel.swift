import ValenceKernels

/// Log-mel spectrograms: the power of each mel band in dB.
///
/// 10·log₁₀(max(power, 1e-10)), without a limit below the clip's peak. Source: librosa's
/// `power_to_db(melspectrogram(…), top_db=None)`.
public struct LogMel: Sendable {
  /// The power that lower ones are raised to before the logarithm: −100 dB.
  public static let floorPower: Float = 1e-10

  /// The frames and their spectra.
  public let stft: STFT
  /// The filters.
  public let bank: MelBank

  /// How many frames are worked on at a time: their spectra stay in the processor's cache, and long
  /// recordings need no memory for more.
  private static let blockFrames = 64

  /// Plans the extraction.
  public init(
    _ options: MelOptions, framing: FramingOptions, rateHz: Int
  ) throws(FeatureError) {
    stft = STFT(Framer(framing, rateHz: rateHz))
    bank = try MelBank(options, rateHz: rateHz, fftSize: stft.framer.fftSize)
  }

  /// The log-mel bands of a signal: `[T, bands]` in dB.
  public func extract(_ samples: [Float]) -> FeatureMatrix {
    let bands = levels(samples)
    return FeatureMatrix(
      frames: bands.count / bank.bands, bins: bank.bands, values: bands.array)
  }

  func levels(_ samples: [Float]) -> Floats {
    let frames = stft.framer.frames(samples: samples.count)
    let signal = stft.framer.padded(samples)
    let power = Floats(zeros: min(frames, Self.blockFrames) * stft.bins)
    let bands = Floats(zeros: frames * bank.bands)
    for start in stride(from: 0, to: frames, by: Self.blockFrames) {
      let block = start..<min(start + Self.blockFrames, frames)
      stft.power(of: signal, frames: block, into: power)
      bank.weigh(
        power, count: block.count,
        into: bands[block.lowerBound * bank.bands..<block.upperBound * bank.bands])
    }
    Decibels.replace(bands, floor: Self.floorPower)
    return bands
  }
}
