public import ValenceKernels

/// One image that a network sees of a clip: `[T, bins, channels]`, channels last.
public struct FeaturePlane: Hashable, Sendable {
  /// `mel`, `mfcc`, `concat` or `stack`.
  public let name: String
  /// The number of channels.
  public let channels: Int
  /// The number of bins a frame.
  public let bins: Int

  /// Describes an image.
  public init(name: String, channels: Int, bins: Int) {
    self.name = name
    self.channels = channels
    self.bins = bins
  }

  /// The number of values of a frame.
  public var width: Int { bins * channels }
}

extension FeatureOptions {
  /// The images that the fusion makes of a clip: one, or one for each feature if fused as branches.
  public var branches: [FeaturePlane] {
    let (bands, cepstra) = (bins(of: .mel), bins(of: .mfcc))
    return switch fusion {
    case .mel: [FeaturePlane(name: "mel", channels: 1, bins: bands)]
    case .mfcc: [FeaturePlane(name: "mfcc", channels: 1, bins: cepstra)]
    case .concat: [FeaturePlane(name: "concat", channels: 1, bins: bands + cepstra)]
    case .stack: [FeaturePlane(name: "stack", channels: 2 + mfcc.deltas, bins: bands)]
    case .branches:
      [
        FeaturePlane(name: "mel", channels: 1, bins: bands),
        FeaturePlane(name: "mfcc", channels: 1, bins: cepstra),
      ]
    }
  }
}

/// Lays the features of a clip out as a network's input.
///
/// `concat` puts the MFCC bins behind the mel bins of the same frame. `stack` makes channels of
/// log-mel, MFCC, Δ and ΔΔ. `branches` makes one image of each feature.
public struct FeatureFusion: Sendable {
  /// The images that are made.
  public let branches: [FeaturePlane]

  private let fusion: FeatureOptions.Fusion

  /// Fuses as the options say.
  public init(_ options: FeatureOptions) {
    branches = options.branches
    fusion = options.fusion
  }

  /// Writes one image of a clip: `[T, bins, channels]` at the beginning of `target`.
  ///
  /// - Parameter branch: the number of the image in `branches`.
  public func write(_ clip: ClipFeatures, branch: Int, into target: Floats) {
    let plane = branches[branch]
    precondition(
      target.count >= clip.frames * plane.width,
      "\(clip.frames) frames of \(plane.width) in \(target.count) floats")
    switch fusion {
    case .mel, .mfcc, .branches:
      target.copy(matrix(fusion.kinds[branch], of: clip, bins: plane.bins).values)
    case .concat:
      var start = 0
      for kind in fusion.kinds {
        let part = matrix(kind, of: clip, bins: nil)
        for frame in 0..<clip.frames {
          target[frame * plane.bins + start..<(frame + 1) * plane.bins]
            .copy(part.values[frame * part.bins..<(frame + 1) * part.bins])
        }
        start += part.bins
      }
      precondition(start == plane.bins, "\(start) bins for \(plane.bins)")
    case .stack:
      stack(clip, plane: plane, into: target)
    }
  }

  private func stack(_ clip: ClipFeatures, plane: FeaturePlane, into target: Floats) {
    let mel = matrix(.mel, of: clip, bins: plane.bins)
    let cepstra = matrix(.mfcc, of: clip, bins: plane.bins * (plane.channels - 1))
    for frame in 0..<clip.frames {
      for bin in 0..<plane.bins {
        let at = (frame * plane.bins + bin) * plane.channels
        target[at] = mel.values[frame * mel.bins + bin]
        for channel in 1..<plane.channels {
          target[at + channel] =
            cepstra.values[frame * cepstra.bins + (channel - 1) * plane.bins + bin]
        }
      }
    }
  }

  private func matrix(
    _ kind: FeatureKind, of clip: ClipFeatures, bins: Int?
  ) -> FeatureMatrix {
    guard let matrix = clip[kind] else { preconditionFailure("the clip has no \(kind)") }
    precondition(bins == nil || matrix.bins == bins, "\(matrix.bins) bins of \(kind)")
    return matrix
  }
}
