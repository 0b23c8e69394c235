/// The features of one clip: those that the fusion needs, all with the same frames.
package struct ClipFeatures: Sendable, Equatable {
  /// The number of frames `T`.
  package let frames: Int

  private var matrices: [FeatureKind: FeatureMatrix]

  /// Gathers features of one clip, at least one, with equal numbers of frames.
  package init(_ matrices: [FeatureKind: FeatureMatrix]) {
    guard let frames = matrices.first?.value.frames else {
      preconditionFailure("a clip without features")
    }
    precondition(
      matrices.values.allSatisfy { $0.frames == frames },
      "different numbers of frames: \(matrices.mapValues(\.frames))")
    self.frames = frames
    self.matrices = matrices
  }

  /// The matrix `[T, bins]` of one feature, if it is there.
  package subscript(kind: FeatureKind) -> FeatureMatrix? { matrices[kind] }

  /// The frames of a range, which must be within and not empty.
  package subscript(stretch: Range<Int>) -> ClipFeatures {
    ClipFeatures(matrices.mapValues { $0[stretch] })
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
