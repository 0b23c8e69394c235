/// Frames of features of one utterance: `[T, F]`, row-major.
public struct FeatureMatrix: Sendable, Equatable {
  /// The number of frames `T`.
  public let frames: Int
  /// The number of bins a frame `F`.
  public let bins: Int
  /// The values, frame after frame.
  public var values: [Float]

  /// Wraps values; there must be `frames · bins` of them.
  public init(frames: Int, bins: Int, values: [Float]) {
    precondition(
      values.count == frames * bins, "\(values.count) values for \(frames) × \(bins) features")
    self.frames = frames
    self.bins = bins
    self.values = values
  }

  /// The frames of a stretch, which must lie within.
  public subscript(stretch: Range<Int>) -> FeatureMatrix {
    FeatureMatrix(
      frames: stretch.count, bins: bins,
      values: Array(values[stretch.lowerBound * bins..<stretch.upperBound * bins]))
  }
}
