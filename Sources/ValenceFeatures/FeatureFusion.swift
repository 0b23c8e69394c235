import ValenceEncoders
package import ValenceKernels

/// One image that a network sees of a clip: `[T, bins, channels]`, channels last.
package struct FeaturePlane: Hashable, Sendable {
  /// The word of the fusion, or of the feature if fused as branches.
  package let name: String
  package let channels: Int
  /// The number of bins a frame.
  package let bins: Int
  package let form: Form

  /// What its bins and frames are.
  package enum Form: Hashable, Sendable {
    /// An image: bins have neighbors.
    case image
    /// An encoder's frames, `[T, channels, bins]`: a channel is a hidden state, and bins have no neighbors.
    case encoder
    /// One frame for the whole clip, whose bins have no neighbors.
    case vector
  }

  package init(name: String, channels: Int, bins: Int, form: Form = .image) {
    self.name = name
    self.channels = channels
    self.bins = bins
    self.form = form
  }

  /// The number of values of a frame.
  package var width: Int { bins * channels }

  /// The number of its own frames, of a clip of so many.
  package func frames(of count: Int) -> Int { form == .vector ? 1 : count }
}

/// How several features make images.
enum FeatureLayout: Sendable {
  /// One image: the bins of all features side by side in each frame.
  case sideBySide
  /// One image as high as the first feature, the others laid over it as further channels.
  case stacked
  /// An image for each feature.
  case apart
}

extension FeatureOptions {
  /// The images that the fusion makes of a clip: one, or one for each feature if fused as branches; last the
  /// clip's vector, if there is one.
  package var branches: [FeaturePlane] {
    let vectors = kinds.filter(\.isVector).map {
      FeaturePlane(name: $0.rawValue, channels: 1, bins: bins(of: $0), form: .vector)
    }
    return framedBranches + vectors
  }

  private var framedBranches: [FeaturePlane] {
    let (all, layout) = parts
    let kinds = all.filter { !$0.isVector }
    if kinds.isEmpty { return [] }
    let bins = kinds.map(bins(of:))
    let total = bins.reduce(0, +)
    return switch layout {
    case .sideBySide where kinds == [.encoder]: [encoderPlane]
    case .sideBySide: [FeaturePlane(name: fusion.rawValue, channels: 1, bins: total)]
    case .stacked:
      [FeaturePlane(name: fusion.rawValue, channels: total / bins[0], bins: bins[0])]
    case .apart:
      zip(kinds, bins).map {
        $0 == .encoder
          ? encoderPlane : FeaturePlane(name: $0.rawValue, channels: 1, bins: $1)
      }
    }
  }

  private var encoderPlane: FeaturePlane {
    let states = encoder.map { $0.layer.states($0.identity.shape) } ?? 1
    return FeaturePlane(
      name: FeatureKind.encoder.rawValue, channels: states, bins: bins(of: .encoder) / states,
      form: .encoder)
  }
}

/// Lays the features of a clip out as a network's input.
///
/// `concat` puts the MFCC bins behind the mel bins of the same frame, then those of prosody. `stack`
/// makes channels of log-mel, MFCC, Δ and ΔΔ. `branches`, `gated` and `late` make one image of each
/// feature. A clip's vector is by itself in any case.
package struct FeatureFusion: Sendable {
  /// The images that are made.
  package let branches: [FeaturePlane]

  /// The features of each image.
  private let kinds: [[FeatureKind]]
  private let layout: FeatureLayout

  /// Fuses as the options say.
  package init(_ options: FeatureOptions) {
    branches = options.branches
    let (all, layout) = options.parts
    let framed = all.filter { !$0.isVector }
    let images = layout == .apart ? framed.map { [$0] } : framed.isEmpty ? [] : [framed]
    kinds = images + all.filter(\.isVector).map { [$0] }
    self.layout = layout
  }

  /// Writes one image of a clip: `[T, bins, channels]` at the beginning of `target`; of a vector T is 1.
  ///
  /// - Parameter branch: the number of the image in `branches`.
  package func write(_ clip: ClipFeatures, branch: Int, into target: Floats) {
    let plane = branches[branch]
    precondition(
      target.count >= plane.frames(of: clip.frames) * plane.width,
      "\(clip.frames) frames of \(plane.width) in \(target.count) floats")
    let parts = kinds[branch].map { matrix($0, of: clip) }
    let width = parts.reduce(0) { $0 + $1.bins }
    precondition(width == plane.width, "\(width) bins for \(plane.width)")
    if parts.count == 1 {
      target.copy(parts[0].values)
    } else if layout == .stacked {
      stack(parts, plane: plane, into: target)
    } else {
      concatenate(parts, plane: plane, into: target)
    }
  }

  private func concatenate(_ parts: [FeatureMatrix], plane: FeaturePlane, into target: Floats) {
    var start = 0
    for part in parts {
      for frame in 0..<part.frames {
        target[frame * plane.bins + start..<(frame + 1) * plane.bins]
          .copy(part.values[frame * part.bins..<(frame + 1) * part.bins])
      }
      start += part.bins
    }
  }

  private func stack(_ parts: [FeatureMatrix], plane: FeaturePlane, into target: Floats) {
    var channel = 0
    for part in parts {
      for order in 0..<part.bins / plane.bins {
        for frame in 0..<part.frames {
          let start = frame * part.bins + order * plane.bins
          for bin in 0..<plane.bins {
            target[(frame * plane.bins + bin) * plane.channels + channel] =
              part.values[start + bin]
          }
        }
        channel += 1
      }
    }
  }

  private func matrix(_ kind: FeatureKind, of clip: ClipFeatures) -> FeatureMatrix {
    guard let matrix = clip[kind] else { preconditionFailure("the clip has no \(kind)") }
    return matrix
  }
}
