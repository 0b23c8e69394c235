/// Time derivatives of features: the slope and curvature of a polynomial fitted to nearby frames.
///
/// Order 1 is the slope of a line, order 2 the second derivative of a parabola, each fitted by least
/// squares to `width` frames; at the ends, where no full window fits, the outermost full window
/// decides. Source: Savitzky and Golay (1964); equals librosa's
/// `feature.delta(width=9, order=order, mode="interp")`.
package enum Delta {
  /// The number of frames of a full window.
  package static let width = 9

  /// The window for a clip of `frames` frames: 9, or the greatest odd number that fits.
  ///
  /// A clip of fewer than 3 frames has no window; its derivatives are zero. (librosa refuses clips
  /// of fewer than 9.)
  package static func width(frames: Int) -> Int? {
    let fitting = min(width, frames.isMultiple(of: 2) ? frames - 1 : frames)
    return fitting >= 3 ? fitting : nil
  }

  /// The derivative of each bin over time: `[T, bins]`, in units a frame (order 1) or frame² (2).
  package static func derivative(of matrix: FeatureMatrix, order: Int) -> FeatureMatrix {
    precondition(order == 1 || order == 2, "a derivative of order \(order)")
    let bins = matrix.bins
    var result = FeatureMatrix(
      frames: matrix.frames, bins: bins,
      values: [Float](repeating: 0, count: matrix.values.count))
    guard let width = width(frames: matrix.frames) else { return result }
    let half = width / 2
    let weights = weights(half: half, order: order)
    var sums = [Double](repeating: 0, count: bins)
    for frame in 0..<matrix.frames {
      // The highest derivative of the polynomial is the same everywhere in its window.
      let first = min(max(frame - half, 0), matrix.frames - width)
      for bin in 0..<bins { sums[bin] = 0 }
      for (offset, weight) in weights.enumerated() {
        let start = (first + offset) * bins
        for bin in 0..<bins { sums[bin] += weight * Double(matrix.values[start + bin]) }
      }
      for bin in 0..<bins { result.values[frame * bins + bin] = Float(sums[bin]) }
    }
    return result
  }

  /// The features followed by their derivatives up to an order, side by side in each frame.
  static func append(orders: Int, to matrix: FeatureMatrix) -> FeatureMatrix {
    let parts = [matrix] + (1...orders).map { derivative(of: matrix, order: $0) }
    var values: [Float] = []
    values.reserveCapacity(matrix.values.count * parts.count)
    for frame in 0..<matrix.frames {
      for part in parts {
        values += part.values[frame * matrix.bins..<(frame + 1) * matrix.bins]
      }
    }
    return FeatureMatrix(
      frames: matrix.frames, bins: matrix.bins * parts.count, values: values)
  }

  /// The weights of a window's frames in the derivative of the fitted polynomial.
  private static func weights(half: Int, order: Int) -> [Double] {
    let offsets = (-half...half).map(Double.init)
    let squares = offsets.map { $0 * $0 }
    let sumOfSquares = squares.reduce(0, +)
    if order == 1 { return offsets.map { $0 / sumOfSquares } }
    let mean = sumOfSquares / Double(offsets.count)
    let spread = squares.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    return squares.map { 2 * ($0 - mean) / spread }
  }
}
