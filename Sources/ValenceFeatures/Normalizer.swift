/// Brings each bin to zero mean and unit variance, by the statistics of a stated source.
package struct Normalizer: Sendable, Equatable {
  /// Whose frames the statistics were formed over.
  package enum Source: Hashable, Sendable {
    /// The training utterances of the fold.
    case trainingFold
    /// All utterances of a corpus, unlabeled test speech included.
    case corpus(String)
    /// All utterances of a speaker, unlabeled test speech included.
    case speaker(String)
  }

  /// Where the statistics come from.
  package let source: Source
  /// The value subtracted from each bin.
  package let means: [Float]
  /// The divisor of each bin.
  package let deviations: [Float]

  /// Takes statistics as they are, for example those stored beside a network's weights.
  package init(means: [Float], deviations: [Float], source: Source) {
    precondition(
      means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    precondition(deviations.allSatisfy { $0 > 0 }, "a deviation that is not above zero")
    self.means = means
    self.deviations = deviations
    self.source = source
  }

  /// Fits to the frames that moments were formed over.
  ///
  /// The deviation is that of the population, √(Σ(x − mean)² / frames). A constant bin is only
  /// centered (divided by 1, as scikit-learn's `StandardScaler` does): dividing by next to nothing
  /// would blow up the first test clip in which it does vary, such as the upper bands of a corpus that
  /// was recorded at a lower rate.
  ///
  /// - Parameter constant: a deviation below this is none.
  package init(
    _ moments: BinMoments, source: Source, constant: Double = FeatureKind.mel.constantDeviation
  ) {
    let frames = Double(max(moments.frames, 1))
    self.init(
      means: moments.means.map(Float.init),
      deviations: moments.squaredDeviations.map {
        let deviation = ($0 / frames).squareRoot()
        return deviation < constant ? 1 : Float(deviation)
      },
      source: source)
  }

  /// Fits to clips, whose moments are merged in their order; nil without clips.
  package static func fit(
    on clips: some Sequence<BinMoments>, source: Source,
    constant: Double = FeatureKind.mel.constantDeviation
  ) -> Normalizer? {
    BinMoments.merged(clips).map { Normalizer($0, source: source, constant: constant) }
  }

  /// Normalizes the frames of a clip.
  ///
  /// - Parameter limit: the greatest magnitude that is left; nil for any.
  package func apply(to matrix: inout FeatureMatrix, limit: Float? = nil) {
    precondition(matrix.bins == means.count, "\(matrix.bins) bins for \(means.count)")
    let (frames, bins) = (matrix.frames, matrix.bins)
    // Over spans the compiler makes vectors of it, four times as fast; every batch passes here.
    var values = matrix.values.mutableSpan
    let (means, deviations) = (means.span, deviations.span)
    for frame in 0..<frames {
      for bin in 0..<bins {
        let index = frame * bins + bin
        values[index] = (values[index] - means[bin]) / deviations[bin]
      }
    }
    guard let limit else { return }
    for index in values.indices { values[index] = min(max(values[index], -limit), limit) }
  }
}
