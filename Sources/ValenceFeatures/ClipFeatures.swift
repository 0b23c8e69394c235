/// The features of one clip: those that the fusion needs, all with the same frames, or of the whole clip.
package struct ClipFeatures: Sendable, Equatable {
  /// The number of frames `T`; 1 where there are none, but a vector of the clip.
  package let frames: Int

  private var matrices: [FeatureKind: FeatureMatrix]

  /// Gathers features of one clip, at least one: with equal numbers of frames, or with one of the whole clip.
  package init(_ matrices: [FeatureKind: FeatureMatrix]) {
    guard let frames = (matrices.first { !$0.key.isVector } ?? matrices.first)?.value.frames else {
      preconditionFailure("a clip without features")
    }
    precondition(
      matrices.allSatisfy { $1.frames == ($0.isVector ? 1 : frames) },
      "different numbers of frames: \(matrices.mapValues(\.frames))")
    self.frames = frames
    self.matrices = matrices
  }

  /// The matrix `[T, bins]` of one feature, if it is there.
  package subscript(kind: FeatureKind) -> FeatureMatrix? { matrices[kind] }

  /// The frames of a range, which must be within and not empty, beside the vector of the whole clip.
  package subscript(stretch: Range<Int>) -> ClipFeatures {
    var part = matrices
    for (kind, matrix) in matrices where !kind.isVector { part[kind] = matrix[stretch] }
    return ClipFeatures(part)
  }

  /// Normalizes each feature that is there; each must have its normalizer.
  package mutating func normalize(by normalizers: [FeatureKind: Normalizer]) {
    for kind in FeatureKind.allCases {
      // Taken out, so that its only owner changes the values in place.
      guard var matrix = matrices.removeValue(forKey: kind) else { continue }
      guard let normalizer = normalizers[kind] else {
        preconditionFailure("no normalizer for \(kind)")
      }
      normalizer.apply(to: &matrix, limit: kind.limit)
      matrices[kind] = matrix
    }
  }
}
