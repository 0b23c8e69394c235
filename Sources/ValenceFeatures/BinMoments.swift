/// The count, mean and spread of each bin over frames, from which normalizers are fitted.
///
/// Formed once for each clip, then merged in any grouping, so that the statistics of a fold, corpus
/// or speaker cost no second look at the features. In `Double`; sums of squared deviations are merged
/// as in Chan, Golub and LeVeque (1979), which loses no digits where the mean is far from zero.
package struct BinMoments: Sendable, Equatable {
  package private(set) var frames: Int
  /// The mean of each bin.
  package private(set) var means: [Double]
  /// The sum of squared deviations from the mean of each bin.
  package private(set) var squaredDeviations: [Double]

  /// The moments of the frames of one clip.
  package init(_ matrix: FeatureMatrix) {
    frames = matrix.frames
    var means = Self.sums(of: matrix) { value, _ in value }
    for bin in means.indices { means[bin] /= Double(max(frames, 1)) }
    squaredDeviations = Self.sums(of: matrix) { value, bin in
      let deviation = value - means[bin]
      return deviation * deviation
    }
    self.means = means
  }

  /// The sum over frames of a term of each value and its bin.
  ///
  /// Row by row over spans: the compiler makes vectors of it, which each trial's look at all of its
  /// training speech is worth.
  @inline(__always)
  private static func sums(
    of matrix: FeatureMatrix, _ term: (Double, Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: matrix.bins)
    var totals = sums.mutableSpan
    let values = matrix.values.span
    for frame in 0..<matrix.frames {
      let row = values.extracting(frame * matrix.bins..<(frame + 1) * matrix.bins)
      for bin in row.indices { totals[bin] += term(Double(row[bin]), bin) }
    }
    return sums
  }

  /// Adds the frames of other clips.
  package mutating func merge(_ other: BinMoments) {
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
  package static func merged(_ clips: some Sequence<BinMoments>) -> BinMoments? {
    var iterator = clips.makeIterator()
    guard var moments = iterator.next() else { return nil }
    while let next = iterator.next() { moments.merge(next) }
    return moments
  }
}
