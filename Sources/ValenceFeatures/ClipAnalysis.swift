import ValenceKernels

/// The intermediate results that features of one clip share, each computed when it is first needed.
///
/// Features only read the shared values.
struct ClipAnalysis {
  /// The signal.
  let samples: [Float]
  /// The number of frames `T`.
  let frames: Int
  /// The power spectra: `[T, fftSize/2 + 1]`; frequency k is k · rate / fftSize Hz.
  private(set) lazy var power: Floats = stft.spectra(samples)
  /// The log-mel bands in dB: `[T, bands]`; only for features that name the section `mel`.
  private(set) lazy var logMel: Floats = {
    guard let mel else { preconditionFailure("a feature of mel bands must name their section") }
    return mel.levels(power, frames: frames)
  }()

  private let stft: STFT
  private let mel: LogMel?

  /// Analyzes a signal, with mel bands if some feature needs them.
  init(_ samples: [Float], stft: STFT, mel: LogMel?) {
    self.samples = samples
    self.stft = stft
    self.mel = mel
    frames = stft.framer.frames(samples: samples.count)
  }
}
