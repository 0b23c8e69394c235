import ValenceEncoders

/// How the frames of a clip become the one vector that a classic model sees.
package enum FramePooling: String, Hashable, Sendable, CaseIterable {
  /// The mean of each bin over the clip's frames.
  case mean
  /// The means, then the standard deviations (of the population) over the clip's frames.
  case meanStd = "mean_std"
  /// The one of these that inner folds of the training clips choose.
  case nested
}

/// What inner folds can choose of a clip's vector.
package struct VectorChoice: Hashable, Sendable {
  /// The layer of the encoder; nil where the options name one, or have no encoder.
  package let layer: Int?
  /// `mean` or `meanStd`.
  package let pooling: FramePooling
}

/// The one vector that a classic model sees of a clip: each feature pooled over time, one behind the other
/// in the fusion's order.
///
/// Where something is nested, it holds the numbers of all choices, of which a model sees those of one.
package struct ClipVector: Sendable {
  /// The numbers that say different things of the same, in their order: those of a feature, and of functionals
  /// those of each kind of contour.
  package let groups: [Range<Int>]
  /// The number of numbers.
  package var count: Int { groups.last?.upperBound ?? 0 }

  package let pooling: FramePooling
  private let parts: [Part]

  /// A feature's share.
  private struct Part: Sendable {
    let kind: FeatureKind
    /// How many layers of an encoder there are to choose from; 1 without a choice.
    let states: Int
    /// The bins of a frame, all states together.
    let bins: Int
  }

  /// The vector of what the options extract.
  package init(_ options: FeatureOptions, pooling: FramePooling) {
    self.pooling = pooling
    parts = options.kinds.map { kind in
      let encoder = kind == .encoder ? options.encoder : nil
      let states = encoder.map { $0.layer == .nested ? $0.layer.states($0.identity.shape) : 1 }
      return Part(kind: kind, states: states ?? 1, bins: options.bins(of: kind))
    }
    let counts = parts.flatMap { part -> [Int] in
      if part.kind.isVector { return (options.functionals ?? .init()).groups.map(\.names.count) }
      return [part.bins * Self.numbers(pooling)]
    }
    var start = 0
    groups = counts.map { count in
      defer { start += count }
      return start..<start + count
    }
  }

  /// How many numbers there are of a bin.
  private static func numbers(_ pooling: FramePooling) -> Int { pooling == .mean ? 1 : 2 }

  /// The vector of a clip as its features are, as a matrix of one frame; sums are formed in `Double`.
  package func pooled(_ clip: ClipFeatures) -> FeatureMatrix {
    var values: [Float] = []
    values.reserveCapacity(count)
    for part in parts {
      guard let matrix = clip[part.kind] else {
        preconditionFailure("the clip has no \(part.kind)")
      }
      let moments = BinMoments(matrix)
      let width = part.bins / part.states
      for state in stride(from: 0, to: part.bins, by: width).map({ $0..<$0 + width }) {
        values += moments.means[state].map(Float.init)
        guard pooling != .mean, !part.kind.isVector else { continue }
        values += moments.squaredDeviations[state].map {
          Float(($0 / Double(max(moments.frames, 1))).squareRoot())
        }
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

// MARK: - Choices

extension ClipVector {
  /// All that can be chosen: from the lowest layer, and of each the smaller vector first; one where nothing
  /// is nested.
  package var choices: [VectorChoice] {
    let states = parts.map(\.states).max() ?? 1
    let layers: [Int?] = states > 1 ? (0..<states).map { $0 } : [nil]
    let isPooled = parts.contains { !$0.kind.isVector }
    let poolings: [FramePooling] =
      pooling != .nested ? [pooling] : isPooled ? [.mean, .meanStd] : [.mean]
    return layers.flatMap { layer in poolings.map { VectorChoice(layer: layer, pooling: $0) } }
  }

  /// Which of the numbers are those of a choice.
  package func columns(of choice: VectorChoice) -> [Range<Int>] {
    var (columns, start): ([Range<Int>], Int) = ([], 0)
    for part in parts {
      let isVector = part.kind.isVector
      let width = part.bins / part.states
      for state in 0..<part.states {
        if part.states == 1 || state == choice.layer {
          let size = width * (isVector ? 1 : Self.numbers(choice.pooling))
          columns.append(start..<start + size)
        }
        start += width * (isVector ? 1 : Self.numbers(pooling))
      }
    }
    return columns
  }
}

extension Normalizer {
  /// The statistics of some of the bins.
  package func picking(_ columns: [Range<Int>]) -> Normalizer {
    Normalizer(
      means: columns.flatMap { means[$0] }, deviations: columns.flatMap { deviations[$0] },
      source: source)
  }
}
