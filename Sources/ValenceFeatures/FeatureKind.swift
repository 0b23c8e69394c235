import ValenceKernels

/// The features that are extracted and cached on their own.
///
/// All that the rest of Valence knows about a feature is said in this file; how its numbers are
/// computed is said in a file of its own.
public enum FeatureKind: String, Hashable, Sendable, CaseIterable {
  /// Log-mel bands in dB.
  case mel
  /// Cepstral coefficients, then Δ, then ΔΔ.
  case mfcc

  /// The number of bins of a frame.
  func bins(_ options: FeatureOptions) -> Int {
    switch self {
    case .mel: options.mel.bands
    case .mfcc: options.mfcc.coefficients * (1 + options.mfcc.deltas)
    }
  }

  /// A name for each bin of a frame: what columns of exported features are called.
  func binNames(_ options: FeatureOptions) -> [String] {
    switch self {
    case .mel:
      return MelBank.edgesHz(options.mel).dropFirst().prefix(options.mel.bands).enumerated().map {
        "mel_\($0 + 1)_\(Int($1.rounded()))hz"
      }
    case .mfcc:
      return (0...options.mfcc.deltas).flatMap { order in
        (0..<options.mfcc.coefficients).map { "mfcc_\($0)" + ["", "_delta", "_delta2"][order] }
      }
    }
  }

  /// The sections of the options that move the numbers, beside the framing, which moves all.
  var sections: [FeatureOptions.Section] {
    switch self {
    case .mel: [.mel]
    case .mfcc: [.mel, .mfcc]
    }
  }

  /// Makes `[T, bins]` of the analysis of a clip.
  typealias Extraction = @Sendable (inout ClipAnalysis) -> FeatureMatrix

  /// Plans the extraction: what is equal for all clips is computed here, once.
  func extraction(_ options: FeatureOptions, rateHz: Int) -> Extraction {
    switch self {
    case .mel:
      return { clip in
        FeatureMatrix(
          frames: clip.frames, bins: options.mel.bands, values: clip.logMel.array)
      }
    case .mfcc:
      let mfcc = MFCC(options.mfcc, bands: options.mel.bands)
      return { clip in mfcc.extract(clip.logMel, frames: clip.frames) }
    }
  }
}

extension FeatureOptions {
  /// The parts of the options that only some features depend on, each under its key of `features`.
  public enum Section: String, Hashable, Sendable, CaseIterable {
    /// The mel bands.
    case mel
    /// The cepstral coefficients.
    case mfcc
  }

  /// Every parameter of a section, spelled for the keys of cached features.
  func parameters(of section: Section) -> [String] {
    switch section {
    case .mel:
      ["mel.bands=\(mel.bands)", "mel.low_hz=\(mel.lowHz)", "mel.high_hz=\(mel.highHz)"]
    case .mfcc:
      ["mfcc.coefficients=\(mfcc.coefficients)", "mfcc.deltas=\(mfcc.deltas)"]
    }
  }
}

extension FeatureOptions {
  /// The number of bins of a frame of one feature.
  public func bins(of kind: FeatureKind) -> Int { kind.bins(self) }

  /// A name for each bin of one feature: `mel_1_83hz` after the band's center, `mfcc_0_delta`.
  public func binNames(of kind: FeatureKind) -> [String] { kind.binNames(self) }
}

extension FeatureOptions.Fusion {
  /// The features that enter the network, in their order there.
  public var kinds: [FeatureKind] { parts.kinds }

  /// The sections of the options that some of the features depend on; the others have no effect.
  public var sections: Set<FeatureOptions.Section> { Set(kinds.flatMap(\.sections)) }

  /// The first fusion of the same features: what is extracted for it serves this one too.
  public var extracted: Self { Self.allCases.first { $0.kinds == kinds } ?? self }
}
