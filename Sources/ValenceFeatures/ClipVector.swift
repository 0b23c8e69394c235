/// How the frames of a clip become the one vector that a classic model sees.
package enum FramePooling: String, Hashable, Sendable, CaseIterable {
  /// The mean of each bin over the clip's frames.
  case mean
  /// The means, then the standard deviations (of the population) over the clip's frames.
  case meanStd = "mean_std"
}

/// The one vector that a classic model sees of a clip: each feature pooled over time, one behind the other
/// in the fusion's order.
package struct ClipVector: Sendable {
  /// The numbers that say different things of the same, in their order: those of a feature, and of functionals
  /// those of each kind of contour.
  package let groups: [Range<Int>]
  /// The number of numbers.
  package var count: Int { groups.last?.upperBound ?? 0 }

  private let kinds: [FeatureKind]
  package let pooling: FramePooling

  /// The vector of what the options extract.
  package init(_ options: FeatureOptions, pooling: FramePooling) {
    (kinds, self.pooling) = (options.kinds, pooling)
    let counts = kinds.flatMap { kind -> [Int] in
      if kind.isVector {
        return (options.functionals ?? .init()).groups.map(\.names.count)
      }
      return [options.bins(of: kind) * (pooling == .meanStd ? 2 : 1)]
    }
    var start = 0
    groups = counts.map { count in
      defer { start += count }
      return start..<start + count
    }
  }

  /// The vector of a clip as its features are, as a matrix of one frame; sums are formed in `Double`.
  package func pooled(_ clip: ClipFeatures) -> FeatureMatrix {
    var values: [Float] = []
    values.reserveCapacity(count)
    for kind in kinds {
      guard let matrix = clip[kind] else { preconditionFailure("the clip has no \(kind)") }
      let moments = BinMoments(matrix)
      values += moments.means.map(Float.init)
      guard pooling == .meanStd, !kind.isVector else { continue }
      values += moments.squaredDeviations.map {
        Float(($0 / Double(max(moments.frames, 1))).squareRoot())
      }
    }
    return FeatureMatrix(frames: 1, bins: count, values: values)
  }

  /// The statistics over clips that their vectors' moments give.
  package func normalizer(_ moments: BinMoments, source: Normalizer.Source) -> Normalizer {
    Normalizer(moments, source: source, constant: Self.like.constantDeviation)
  }

  /// Brings a vector to deviations from the mean by a normalizer, and cuts outliers; without one it stays as
  /// it is.
  package static func standardize(_ vector: inout FeatureMatrix, by normalizer: Normalizer?) {
    normalizer?.apply(to: &vector, limit: like.limit)
  }

  /// Numbers of a whole clip have units of many sizes and lie as far out as functionals do.
  private static let like = FeatureKind.functionals
}
