package import ValenceAudio
import ValenceKernels

/// Turns waveforms into the features that a fusion needs.
///
/// Holds plans, filters and matrices, which threads may share.
package struct FeatureExtractor: Sendable {
  /// What is extracted.
  package let options: FeatureOptions
  /// The rate of the waveforms.
  package let rateHz: Int

  private let stft: STFT
  private let mel: LogMel?
  private let extractions: [FeatureKind: FeatureKind.Extraction]

  /// Plans an extraction at one rate.
  ///
  /// - Throws: `FeatureError` for the first of `options.misfits(rateHz:)`.
  package init(_ options: FeatureOptions, rateHz: Int) throws(FeatureError) {
    if let misfit = options.misfits(rateHz: rateHz).first { throw .options(misfit) }
    self.options = options
    self.rateHz = rateHz
    stft = STFT(Framer(options.framing, rateHz: rateHz))
    mel =
      options.sections.contains(.mel)
      ? try LogMel(options.mel, rateHz: rateHz, fftSize: stft.framer.fftSize) : nil
    extractions = Dictionary(
      uniqueKeysWithValues: options.kinds.map { ($0, $0.extraction(options, rateHz: rateHz)) })
  }

  /// The features of a waveform at the planned rate.
  ///
  /// - Throws: `FeatureError.tooShort` for a waveform of less than one window.
  package func extract(_ waveform: Waveform) throws(FeatureError) -> ClipFeatures {
    precondition(waveform.rateHz == rateHz, "\(waveform.rateHz) Hz where \(rateHz) was planned")
    let window = stft.framer.windowSamples
    if waveform.samples.count < window {
      throw .tooShort(samples: waveform.samples.count, windowSamples: window, rateHz: rateHz)
    }
    var clip = ClipAnalysis(waveform.samples, stft: stft, mel: mel)
    return ClipFeatures(extractions.mapValues { $0(&clip) })
  }

  /// The number of frames of a waveform: 1 + ⌊samples / hop⌋.
  package func frames(samples: Int) -> Int { stft.framer.frames(samples: samples) }
}
