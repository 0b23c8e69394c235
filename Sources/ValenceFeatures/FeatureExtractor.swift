public import ValenceAudio
import ValenceKernels

/// Turns waveforms into the features that a fusion needs.
///
/// Holds plans, filters and matrices, which threads may share.
public struct FeatureExtractor: Sendable {
  /// Raised whenever extracted numbers change, which outdates features in caches.
  public static let revision = 1

  /// What is extracted.
  public let options: FeatureOptions
  /// The rate of the waveforms.
  public let rateHz: Int

  private let logMel: LogMel
  private let mfcc: MFCC?

  /// Plans an extraction at one rate.
  ///
  /// - Throws: `FeatureError` for the first of `options.problems(rateHz:)`.
  public init(_ options: FeatureOptions, rateHz: Int) throws(FeatureError) {
    if let problem = options.problems(rateHz: rateHz).first {
      throw .options(problem)
    }
    self.options = options
    self.rateHz = rateHz
    logMel = try LogMel(options.mel, framing: options.framing, rateHz: rateHz)
    mfcc =
      options.fusion.kinds.contains(.mfcc) ? MFCC(options.mfcc, bands: options.mel.bands) : nil
  }

  /// The features of a waveform at the planned rate.
  ///
  /// - Throws: `FeatureError.tooShort` for a waveform of less than one window.
  public func extract(_ waveform: Waveform) throws(FeatureError) -> ClipFeatures {
    precondition(waveform.rateHz == rateHz, "\(waveform.rateHz) Hz where \(rateHz) was planned")
    let window = logMel.stft.framer.windowSamples
    if waveform.samples.count < window {
      throw .tooShort(samples: waveform.samples.count, windowSamples: window, rateHz: rateHz)
    }
    let bands = logMel.levels(waveform.samples)
    let frames = frames(samples: waveform.samples.count)
    return ClipFeatures(
      logMel: options.fusion.kinds.contains(.mel)
        ? FeatureMatrix(frames: frames, bins: options.mel.bands, values: bands.array) : nil,
      mfcc: mfcc?.extract(bands, frames: frames))
  }

  /// The number of frames of a waveform: 1 + ⌊samples / hop⌋.
  public func frames(samples: Int) -> Int { logMel.stft.framer.frames(samples: samples) }

  /// Every parameter that moves the numbers of a feature, spelled out: the options' part of the key
  /// that its cached values are found by; the audio's digest and span are the other.
  public static func cacheKey(
    _ kind: FeatureKind, options: FeatureOptions, audio: AudioOptions
  ) -> String {
    var parts = [
      "feature=\(kind.rawValue)", "features_revision=\(revision)",
      "audio_revision=\(AudioReader.revision)", "rate_hz=\(audio.rateHz)",
      "clip_s=\(audio.clipS)", "crop=\(audio.crop.rawValue)",
      "window_ms=\(options.framing.windowMs)", "hop_ms=\(options.framing.hopMs)",
      "mel.bands=\(options.mel.bands)", "mel.low_hz=\(options.mel.lowHz)",
      "mel.high_hz=\(options.mel.highHz)",
    ]
    if kind == .mfcc {
      parts += [
        "mfcc.coefficients=\(options.mfcc.coefficients)", "mfcc.deltas=\(options.mfcc.deltas)",
      ]
    }
    return parts.joined(separator: " ")
  }
}
