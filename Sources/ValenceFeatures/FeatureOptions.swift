/// Which features are extracted, how they are normalized and how they meet.
package struct FeatureOptions: Hashable, Sendable {
  /// How the statistics for zero mean and unit variance of each bin are formed.
  package enum Normalization: String, Hashable, Sendable, CaseIterable {
    /// No normalization.
    case none
    /// From the training utterances of the fold, for every utterance.
    case train
    /// Each corpus by its own statistics, unlabeled test speech included.
    case corpus
    /// Each speaker by their own statistics, unlabeled test speech included.
    case speaker

    /// Whether statistics of unlabeled test speech are used, which every result must then say.
    package var usesTestSpeech: Bool { self == .corpus || self == .speaker }
  }

  /// How several features enter the network.
  package enum Fusion: String, Hashable, Sendable, CaseIterable {
    /// Log-mel bands only.
    case mel
    /// MFCC only.
    case mfcc
    /// Prosody only.
    case prosody
    /// Spectral descriptors only.
    case spectral
    /// Functionals only: one vector a clip.
    case functionals
    /// All bins side by side: one plane.
    case concat
    /// Planes of one image, as colors are: needs as many MFCC as mel bands.
    case stack
    /// A CNN for each feature; their outputs are joined at each time step.
    case branches
    /// A CNN for each feature; their outputs are added at each time step, weighted by learned gates.
    case gated
    /// A whole network for each feature; their logits are averaged.
    case late
    /// The frames of a frozen encoder only.
    case encoder

    /// The features that enter the network, in their order there, and how they are laid out; several
    /// are joined by prosody and spectral descriptors where the options have them.
    var parts: (kinds: [FeatureKind], layout: FeatureLayout) {
      switch self {
      case .mel: ([.mel], .sideBySide)
      case .mfcc: ([.mfcc], .sideBySide)
      case .prosody: ([.prosody], .sideBySide)
      case .spectral: ([.spectral], .sideBySide)
      case .functionals: ([.functionals], .sideBySide)
      case .concat: ([.mel, .mfcc], .sideBySide)
      case .stack: ([.mel, .mfcc], .stacked)
      case .branches, .gated, .late: ([.mel, .mfcc], .apart)
      case .encoder: ([.encoder], .sideBySide)
      }
    }
  }

  package var framing = FramingOptions()
  /// The mel bands.
  package var mel = MelOptions()
  /// The cepstral coefficients.
  package var mfcc = MFCCOptions()
  /// Prosody beside the other features, where a fusion has several of them; nil leaves it out.
  ///
  /// The fusion `prosody` has it in any case; functionals take the range of F0 from here.
  package var prosody: ProsodyOptions?
  /// Whether spectral descriptors join the other features, where a fusion has several of them.
  ///
  /// The fusion `spectral` has them in any case.
  package var spectral = false
  /// Functionals beside the frames of any fusion, which they meet before the head; nil leaves them out.
  ///
  /// The fusion `functionals` has them in any case.
  package var functionals: FunctionalsOptions?
  /// A frozen encoder: alone under the fusion `encoder`, and one more branch of `branches`, `gated` and
  /// `late`; nil leaves it out.
  package var encoder: EncoderOptions?
  /// How the statistics of normalization are formed.
  package var normalization = Normalization.train
  /// How the features enter the network.
  package var fusion = Fusion.concat

  /// The defaults: 64 log-mel bands beside 40 MFCC, normalized by training statistics.
  package init() {}

  /// Whether all that is known of a clip is one frame, however long it is.
  package var isOneVector: Bool { fusion == .functionals }

  /// Whether something is known of a clip as a whole, and not of its frames.
  package var hasVector: Bool { kinds.contains(where: \.isVector) }

  /// Whether a network joins what is known of a clip as a whole with what it pools of its frames.
  package var joinsVector: Bool { hasVector && !isOneVector && fusion != .late }
}

/// The length and distance of frames.
package struct FramingOptions: Hashable, Sendable {
  /// The window's length.
  package var windowMs = 25.0
  /// The distance from frame to frame.
  package var hopMs = 10.0

  /// The defaults: 25 ms every 10 ms.
  package init() {}

  package static let windowMsRange = 5.0...200.0
  package static let hopMsRange = 1.0...100.0
}

/// The mel filter bank.
package struct MelOptions: Hashable, Sendable {
  /// How many triangular bands.
  package var bands = 64
  /// The lower edge of the lowest band.
  package var lowHz = 50.0
  /// The upper edge of the highest band; at most half the rate.
  package var highHz = 8000.0

  /// The defaults: 64 bands from 50 to 8000 Hz.
  package init() {}

  /// The legal numbers of bands.
  package static let bandsRange = 4...512
  /// The legal edges; the highest rate that audio may have allows no more.
  package static let edgeHzRange = 0.0...96_000.0
}

/// Mel-frequency cepstral coefficients.
package struct MFCCOptions: Hashable, Sendable {
  /// How many coefficients, the zeroth included; at most the number of mel bands.
  package var coefficients = 40
  /// Orders of time derivatives appended: 0, 1 or 2.
  package var deltas = 0

  /// The defaults: 40 coefficients, no deltas.
  package init() {}

  /// The legal numbers of coefficients.
  package static let coefficientsRange = 2...512
  package static let deltasRange = 0...2
}

/// Pitch, voicing and energy.
package struct ProsodyOptions: Hashable, Sendable {
  /// The lowest F0 that is looked for; it decides how long F0's windows are.
  package var lowHz = 50.0
  /// The highest F0 that is looked for.
  package var highHz = 500.0

  /// The defaults: F0 between 50 and 500 Hz, from low men to excited women.
  package init() {}

  package static let lowHzRange = 20.0...1000.0
  package static let highHzRange = 40.0...2000.0
}
