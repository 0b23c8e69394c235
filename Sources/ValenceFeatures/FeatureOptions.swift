/// Which features are extracted, how they are normalized and how they meet.
public struct FeatureOptions: Hashable, Sendable {
  /// How the statistics for zero mean and unit variance of each bin are formed.
  public enum Normalization: String, Hashable, Sendable, CaseIterable {
    /// No normalization.
    case none
    /// From the training utterances of the fold, for every utterance.
    case train
    /// Each corpus by its own statistics, unlabeled test speech included.
    case corpus
    /// Each speaker by their own statistics, unlabeled test speech included.
    case speaker

    /// Whether statistics of unlabeled test speech are used, which every result must then say.
    public var usesTestSpeech: Bool { self == .corpus || self == .speaker }
  }

  /// How several features enter the network.
  public enum Fusion: String, Hashable, Sendable, CaseIterable {
    /// Log-mel bands only.
    case mel
    /// MFCC only.
    case mfcc
    /// Prosody only.
    case prosody
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

    /// The features that enter the network, in their order there, and how they are laid out; several
    /// are joined by prosody where the options have it.
    var parts: (kinds: [FeatureKind], layout: FeatureLayout) {
      switch self {
      case .mel: ([.mel], .sideBySide)
      case .mfcc: ([.mfcc], .sideBySide)
      case .prosody: ([.prosody], .sideBySide)
      case .concat: ([.mel, .mfcc], .sideBySide)
      case .stack: ([.mel, .mfcc], .stacked)
      case .branches, .gated, .late: ([.mel, .mfcc], .apart)
      }
    }
  }

  /// The frames.
  public var framing = FramingOptions()
  /// The mel bands.
  public var mel = MelOptions()
  /// The cepstral coefficients.
  public var mfcc = MFCCOptions()
  /// Prosody beside the other features, where a fusion has several of them; nil leaves it out.
  ///
  /// The fusion `prosody` has it in any case.
  public var prosody: ProsodyOptions?
  /// How the statistics of normalization are formed.
  public var normalization = Normalization.train
  /// How the features enter the network.
  public var fusion = Fusion.concat

  /// The defaults: 64 log-mel bands beside 40 MFCC, normalized by training statistics.
  public init() {}
}

/// The length and distance of frames.
public struct FramingOptions: Hashable, Sendable {
  /// The window's length.
  public var windowMs = 25.0
  /// The distance from frame to frame.
  public var hopMs = 10.0

  /// The defaults: 25 ms every 10 ms.
  public init() {}

  /// The legal window lengths.
  public static let windowMsRange = 5.0...200.0
  /// The legal distances.
  public static let hopMsRange = 1.0...100.0
}

/// The mel filter bank.
public struct MelOptions: Hashable, Sendable {
  /// How many triangular bands.
  public var bands = 64
  /// The lower edge of the lowest band.
  public var lowHz = 50.0
  /// The upper edge of the highest band; at most half the rate.
  public var highHz = 8000.0

  /// The defaults: 64 bands from 50 to 8000 Hz.
  public init() {}

  /// The legal numbers of bands.
  public static let bandsRange = 4...512
  /// The legal edges; the highest rate that audio may have allows no more.
  public static let edgeHzRange = 0.0...96_000.0
}

/// Mel-frequency cepstral coefficients.
public struct MFCCOptions: Hashable, Sendable {
  /// How many coefficients, the zeroth included; at most the number of mel bands.
  public var coefficients = 40
  /// Orders of time derivatives appended: 0, 1 or 2.
  public var deltas = 0

  /// The defaults: 40 coefficients, no deltas.
  public init() {}

  /// The legal numbers of coefficients.
  public static let coefficientsRange = 2...512
  /// The legal orders.
  public static let deltasRange = 0...2
}

/// Pitch, voicing and energy.
public struct ProsodyOptions: Hashable, Sendable {
  /// The lowest F0 that is looked for; it decides how long F0's windows are.
  public var lowHz = 50.0
  /// The highest F0 that is looked for.
  public var highHz = 500.0

  /// The defaults: F0 between 50 and 500 Hz, from low men to excited women.
  public init() {}

  /// The legal lowest F0.
  public static let lowHzRange = 20.0...1000.0
  /// The legal highest F0.
  public static let highHzRange = 40.0...2000.0
}
