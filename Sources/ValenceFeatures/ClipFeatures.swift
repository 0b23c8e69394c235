/// The features of one clip: those that the fusion needs, all with the same frames.
public struct ClipFeatures: Sendable, Equatable {
  /// `[T, bands]` in dB, if the fusion needs it.
  public private(set) var logMel: FeatureMatrix?
  /// `[T, coefficients · (1 + deltas)]`: coefficients, then Δ, then ΔΔ; if the fusion needs it.
  public private(set) var mfcc: FeatureMatrix?

  /// Gathers features of one clip, at least one, with equal numbers of frames.
  public init(logMel: FeatureMatrix?, mfcc: FeatureMatrix?) {
    precondition(logMel != nil || mfcc != nil, "a clip without features")
    precondition(
      logMel == nil || mfcc == nil || logMel?.frames == mfcc?.frames,
      "\(logMel?.frames ?? 0) frames of log-mel, \(mfcc?.frames ?? 0) of MFCC")
    self.logMel = logMel
    self.mfcc = mfcc
  }

  /// The number of frames `T`.
  public var frames: Int { logMel?.frames ?? mfcc?.frames ?? 0 }

  /// The matrix of one feature, if it is there.
  public subscript(kind: FeatureKind) -> FeatureMatrix? {
    switch kind {
    case .mel: logMel
    case .mfcc: mfcc
    }
  }

  /// Normalizes each feature that is there; each must have its normalizer.
  public mutating func normalize(by normalizers: [FeatureKind: Normalizer]) {
    for kind in FeatureKind.allCases where self[kind] != nil {
      guard let normalizer = normalizers[kind] else {
        preconditionFailure("no normalizer for \(kind)")
      }
      switch kind {
      case .mel: logMel.apply(normalizer)
      case .mfcc: mfcc.apply(normalizer)
      }
    }
  }
}

extension FeatureMatrix? {
  fileprivate mutating func apply(_ normalizer: Normalizer) {
    guard var matrix = self else { return }
    self = nil  // the only owner changes the values in place
    normalizer.apply(to: &matrix)
    self = matrix
  }
}
