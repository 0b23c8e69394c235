import ValenceEncoders
import ValenceKernels

/// The features that are extracted and cached on their own.
///
/// All that the rest of Valence knows about a feature is said in this file; how its numbers are
/// computed is said in a file of its own.
package enum FeatureKind: String, Hashable, Sendable, CaseIterable {
  /// Log-mel bands in dB.
  case mel
  /// Cepstral coefficients, then Δ, then ΔΔ.
  case mfcc
  /// F0, voicing, its probability and energy, then the slopes of all four.
  case prosody
  /// What spectra look like: center, width, slopes, harmonicity, loudness, ….
  case spectral
  /// Statistics of contours over the whole clip, as one frame.
  case functionals
  /// Hidden states of a frozen transformer encoder.
  case encoder

  /// Raised whenever extracted numbers change: features in caches are then outdated, and the trials that
  /// use them.
  package var revision: Int {
    switch self {
    case .mel: 2
    case .mfcc: 2
    case .prosody: 2
    case .spectral, .functionals: 1
    case .encoder: Encoder.revision
    }
  }

  /// Whether its frames are made by `FramingOptions`; an encoder has its own.
  var isFramed: Bool { self != .encoder }

  /// Whether it is one vector of the whole clip, however many frames other features have.
  package var isVector: Bool { self == .functionals }

  /// A bin whose standard deviation is below this is constant, but for rounding.
  ///
  /// Frames are in dB, where a thousandth is nothing; speech varies by whole units. Functionals have units of
  /// many sizes, and rounding of the greatest is some millionths.
  package var constantDeviation: Double { self == .functionals ? 1e-5 : 1e-3 }

  /// Beyond how many deviations normalized values are cut off; nil leaves them.
  ///
  /// Ratios and higher moments of a whole clip can lie far out, where a single number would decide.
  var limit: Float? { self == .functionals ? 6 : nil }

  /// The number of bins of a frame.
  func bins(_ options: FeatureOptions) -> Int {
    switch self {
    case .mel: options.mel.bands
    case .mfcc: options.mfcc.coefficients * (1 + options.mfcc.deltas)
    case .prosody: Prosody.bins
    case .spectral: SpectralDescriptors.bins
    case .functionals: (options.functionals ?? .init()).bins
    case .encoder: options.encoder?.bins ?? 1
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
    case .prosody:
      let names = ["f0_semitones", "voiced", "voicing_probability", "energy_db"]
      return names + names.map { $0 + "_delta" }
    case .spectral: return SpectralDescriptors.names
    case .functionals: return (options.functionals ?? .init()).names
    case .encoder:
      guard let encoder = options.encoder else { return ["encoder"] }
      let (shape, layer) = (encoder.identity.shape, encoder.layer)
      let states =
        layer.states(shape) > 1 ? (0...shape.layers).map { "\($0)" } : [layer.text]
      return states.flatMap { state in (0..<shape.width).map { "encoder_\(state)_\($0)" } }
    }
  }

  /// The sections of the options that move the numbers, beside the framing, which moves all.
  var sections: [FeatureOptions.Section] {
    switch self {
    case .mel: [.mel]
    case .mfcc: [.mel, .mfcc]
    case .prosody: [.prosody]
    case .spectral: [.spectral]
    case .functionals: [.functionals, .prosody]
    case .encoder: [.encoder]
    }
  }

  /// Whether it is made of mel bands, and so ends at the highest of them.
  package var isOfMelBands: Bool { sections.contains(.mel) }

  /// Makes `[T, bins]` of the analysis of a clip.
  typealias Extraction = @Sendable (inout ClipAnalysis) throws(FeatureError) -> FeatureMatrix

  /// Plans the extraction: what is equal for all clips is computed here, once.
  ///
  /// - Parameter encoder: the encoder of the options, if they have one.
  /// - Throws: `FeatureError.emptyBand`.
  func extraction(
    _ options: FeatureOptions, rateHz: Int, encoder: FrozenEncoder?
  ) throws(FeatureError) -> Extraction {
    switch self {
    case .mel:
      return { clip throws(FeatureError) in
        FeatureMatrix(
          frames: clip.frames, bins: options.mel.bands, values: clip.logMel.array)
      }
    case .mfcc:
      let mfcc = MFCC(options.mfcc, bands: options.mel.bands)
      return { clip throws(FeatureError) in mfcc.extract(clip.logMel, frames: clip.frames) }
    case .prosody:
      let prosody = Prosody(options.prosody ?? .init(), framing: options.framing, rateHz: rateHz)
      return { clip throws(FeatureError) in prosody.extract(clip.samples) }
    case .spectral:
      let spectral = try SpectralDescriptors(.init(Framer(options.framing, rateHz: rateHz)))
      return { clip throws(FeatureError) in spectral.extract(clip.samples) }
    case .functionals:
      let functionals = try Functionals(
        options.functionals ?? .init(), prosody: options.prosody ?? .init(),
        framing: options.framing, rateHz: rateHz)
      return { clip throws(FeatureError) in functionals.extract(&clip) }
    case .encoder:
      guard let encoder, let layer = options.encoder?.layer else {
        preconditionFailure("an encoder's features without an encoder")
      }
      return { clip throws(FeatureError) in try encoder.states(of: clip.samples, [layer])[0] }
    }
  }
}

extension FeatureOptions {
  /// The parts of the options that only some features depend on, each under its key of `features`.
  package enum Section: String, Hashable, Sendable, CaseIterable {
    /// The mel bands.
    case mel
    /// The cepstral coefficients.
    case mfcc
    /// Pitch, voicing and energy.
    case prosody
    /// Spectral descriptors, which have no parameters.
    case spectral
    /// Contours and their statistics.
    case functionals
    /// The frozen encoder.
    case encoder
  }

  /// Every parameter of a section.
  func entries(of section: Section) -> [ExtractionSettings.Entry] {
    typealias Entry = ExtractionSettings.Entry
    switch section {
    case .mel:
      return [
        Entry("mel.bands", "\(mel.bands)"), Entry("mel.low_hz", "\(mel.lowHz)"),
        Entry("mel.high_hz", "\(mel.highHz)"),
      ]
    case .mfcc:
      return [
        Entry("mfcc.coefficients", "\(mfcc.coefficients)"),
        Entry("mfcc.deltas", "\(mfcc.deltas)"),
      ]
    case .prosody:
      let prosody = prosody ?? .init()
      return [
        Entry("prosody.low_hz", "\(prosody.lowHz)"), Entry("prosody.high_hz", "\(prosody.highHz)"),
      ]
    case .spectral: return []
    case .functionals:
      let functionals = functionals ?? .init()
      func list(_ words: [String]) -> String { words.joined(separator: ",") }
      return [
        Entry("functionals.of", list(functionals.of.map(\.rawValue))),
        Entry("functionals.statistics", list(functionals.statistics.map(\.rawValue))),
        Entry("functionals.mel_bands", "\(functionals.melBands)"),
        Entry("functionals.mfcc_coefficients", "\(functionals.mfccCoefficients)"),
      ]
    case .encoder:
      guard let encoder else { return [] }
      return [
        Entry("encoder.digest", encoder.identity.text), Entry("encoder.layer", encoder.layer.text),
        Entry("encoder.pad_s", encoder.padS.map { "\($0)" } ?? "none"),
      ]
    }
  }
}

extension FeatureOptions {
  /// The number of bins of a frame of one feature.
  package func bins(of kind: FeatureKind) -> Int { kind.bins(self) }

  /// A name for each bin of one feature: `mel_1_83hz` after the band's center, `mfcc_0_delta`.
  package func binNames(of kind: FeatureKind) -> [String] { kind.binNames(self) }

  /// The features that enter the network, in their order there, and how their frames are laid out.
  var parts: (kinds: [FeatureKind], layout: FeatureLayout) {
    var parts = fusion.parts
    if prosody != nil, isJoined { parts.kinds.append(.prosody) }
    if spectral, isJoined { parts.kinds.append(.spectral) }
    if encoder != nil, case .apart = parts.layout { parts.kinds.append(.encoder) }
    if functionals != nil, fusion != .functionals { parts.kinds.append(.functionals) }
    return parts
  }

  /// Whether prosody and spectral descriptors join the frames of the fusion, as they do where it has several.
  package var isJoined: Bool { fusion.parts.kinds.count > 1 }

  /// The features that enter the network, in their order there.
  package var kinds: [FeatureKind] { parts.kinds }

  /// The sections of the options that some of the features depend on; the others have no effect.
  package var sections: Set<Section> { Set(kinds.flatMap(\.sections)) }

  /// The first fusion of the same features: what is extracted for it serves this one too.
  package var extracted: Fusion {
    Fusion.allCases.first {
      var other = self
      other.fusion = $0
      return other.kinds == kinds
    } ?? fusion
  }
}
