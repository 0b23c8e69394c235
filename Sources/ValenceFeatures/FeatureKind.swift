/// The features that are extracted and cached on their own.
public enum FeatureKind: String, Hashable, Sendable, CaseIterable {
  /// Log-mel bands in dB.
  case mel
  /// Cepstral coefficients with their deltas.
  case mfcc
}

extension FeatureOptions.Fusion {
  /// The features that enter the network, in their order there.
  public var kinds: [FeatureKind] {
    switch self {
    case .mel: [.mel]
    case .mfcc: [.mfcc]
    case .concat, .stack, .branches: [.mel, .mfcc]
    }
  }
}

extension FeatureOptions {
  /// The number of bins of a frame of one feature.
  public func bins(of kind: FeatureKind) -> Int {
    switch kind {
    case .mel: mel.bands
    case .mfcc: mfcc.coefficients * (1 + mfcc.deltas)
    }
  }
}
