/// The count, mean and spread of each bin over frames, from which normalizers are fitted.
///
/// Formed once for each clip, then merged in any grouping, so that the statistics of a fold, corpus
/// or speaker cost no second look at the features. In `Double`; sums of squared deviations are merged
/// as in Chan, Golub and LeVeque (1979), which loses no digits where the mean is far from zero.
public struct BinMoments: Sendable, Equatable {
  /// The number of frames.
  public private(set) var frames: Int
  /// The mean of each bin.
  public private(set) var means: [Double]
  /// The sum of squared deviations from the mean of each bin.
  public private(set) var squaredDeviations: [Double]

  /// The moments of the frames of one clip.
  public init(_ matrix: FeatureMatrix) {
    let bins = matrix.bins
    frames = matrix.frames
    means = [Double](repeating: 0, count: bins)
    squaredDeviations = means
    for frame in 0..<frames {
      for bin in 0..<bins { means[bin] += Double(matrix.values[frame * bins + bin]) }
    }
    for bin in 0..<bins { means[bin] /= Double(max(frames, 1)) }
    for frame in 0..<frames {
      for bin in 0..<bins {
        let deviation = Double(matrix.values[frame * bins + bin]) - means[bin]
        squaredDeviations[bin] += deviation * deviation
      }
    }
  }

  /// Adds the frames of other clips.
  public mutating func merge(_ other: BinMoments) {
    precondition(
      means.count == other.means.count, "\(means.count) bins and \(other.means.count)")
    if other.frames == 0 { return }
    let total = Double(frames + other.frames)
    let (share, weight) = (
      Double(other.frames) / total, Double(frames) * Double(other.frames) / total
    )
    for bin in means.indices {
      let shift = other.means[bin] - means[bin]
      means[bin] += shift * share
      squaredDeviations[bin] += other.squaredDeviations[bin] + shift * shift * weight
    }
    frames += other.frames
  }

  /// The moments of several clips together, merged in their order; nil of none.
  public static func merged(_ clips: some Sequence<BinMoments>) -> BinMoments? {
    var iterator = clips.makeIterator()
    guard var moments = iterator.next() else { return nil }
    while let next = iterator.next() { moments.merge(next) }
    return moments
  }
}
