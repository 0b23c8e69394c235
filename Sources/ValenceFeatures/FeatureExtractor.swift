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
  /// - Parameter encoder: the encoder of `options`, where others share it; nil makes one.
  /// - Throws: `FeatureError` for the first of `options.misfits(rateHz:)`.
  package init(
    _ options: FeatureOptions, rateHz: Int, encoder: FrozenEncoder? = nil
  ) throws(FeatureError) {
    if let misfit = options.misfits(rateHz: rateHz).first { throw .options(misfit) }
    self.options = options
    self.rateHz = rateHz
    stft = STFT(Framer(options.framing, rateHz: rateHz))
    mel =
      options.sections.contains(.mel)
      ? try LogMel(options.mel, rateHz: rateHz, fftSize: stft.framer.fftSize) : nil
    let encoder = encoder ?? options.encoder.map { FrozenEncoder($0, layers: [$0.layer]) }
    var extractions: [FeatureKind: FeatureKind.Extraction] = [:]
    for kind in options.kinds {
      extractions[kind] = try kind.extraction(options, rateHz: rateHz, encoder: encoder)
    }
    self.extractions = extractions
  }

  /// The features of a waveform at the planned rate.
  ///
  /// - Throws: `FeatureError.tooShort` for a waveform of less than one window; `FeatureError.encoder` if
  ///   the encoder's weights cannot be read.
  package func extract(_ waveform: Waveform) throws(FeatureError) -> ClipFeatures {
    options.clip(try matrices(of: waveform, options.kinds))
  }

  /// Some of the features of a waveform, each with its own frames.
  ///
  /// - Throws: as `extract` does.
  package func matrices(
    of waveform: Waveform, _ kinds: [FeatureKind]
  ) throws(FeatureError) -> [FeatureKind: FeatureMatrix] {
    precondition(waveform.rateHz == rateHz, "\(waveform.rateHz) Hz where \(rateHz) was planned")
    let window = stft.framer.windowSamples
    if waveform.samples.count < window {
      throw .tooShort(samples: waveform.samples.count, windowSamples: window, rateHz: rateHz)
    }
    var clip = ClipAnalysis(waveform.samples, stft: stft, mel: mel)
    var matrices: [FeatureKind: FeatureMatrix] = [:]
    for kind in kinds { matrices[kind] = try extractions[kind]?(&clip) }
    return matrices
  }

  /// The number of frames of a waveform.
  package func frames(samples: Int) -> Int { options.frames(samples: samples, rateHz: rateHz) }
}
