/// Frames of features of one utterance: `[T, F]`, row-major.
package struct FeatureMatrix: Sendable, Equatable {
  /// The number of frames `T`.
  package let frames: Int
  /// The number of bins a frame `F`.
  package let bins: Int
  /// The values, frame after frame.
  package var values: [Float]

  /// Wraps values; there must be `frames · bins` of them.
  package init(frames: Int, bins: Int, values: [Float]) {
    precondition(
      values.count == frames * bins, "\(values.count) values for \(frames) × \(bins) features")
    self.frames = frames
    self.bins = bins
    self.values = values
  }

  /// The frames of a range, which must be within.
  package subscript(stretch: Range<Int>) -> FeatureMatrix {
    FeatureMatrix(
      frames: stretch.count, bins: bins,
      values: Array(values[stretch.lowerBound * bins..<stretch.upperBound * bins]))
  }
}
