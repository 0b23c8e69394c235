import ValenceKernels

/// Linear support vector machine or logistic regression by liblinear, one class against the rest.
struct MarginSolver: LinearSolver {
  private let vectors: Liblinear.Vectors
  private let loss: Liblinear.Options.Loss
  private let classWeights: ClassicOptions.ClassWeights
  /// How close a solver comes to its optimum.
  private let tolerance: Double

  init(_ data: ClassicData, _ options: ClassicOptions, tolerance: Double = 1e-4) {
    self.tolerance = tolerance
    vectors = Liblinear.Vectors(data.vectors, columns: data.dimensions)
    loss = options.kind == .logistic ? .logistic : .squaredHinge
    classWeights = options.classWeights
  }

  func fits(_ part: ClassicPart, strengths: [Double]) throws(ClassicError) -> [LinearFit] {
    let length = part.vectors.meanSquaredLength
    let shares = part.weights(classWeights)
    let weights = Dictionary(
      uniqueKeysWithValues: shares.enumerated().map { ($0.offset, $0.element) })
    return strengths.map { strength in
      let fit = Liblinear.fit(
        vectors, picked: part.clips, targets: part.targets, classWeights: weights,
        .init(loss: loss, c: 1 / (strength * length), tolerance: tolerance))
      var result = LinearFit(
        weights: Matrix(zeros: vectors.columns, part.data.classCount),
        offsets: Array(repeating: 0, count: part.data.classCount), hasConverged: fit.hasConverged)
      for (row, target) in fit.classes.enumerated() {
        for column in 0..<vectors.columns {
          result.weights[column, target] = fit.weights[row, column]
        }
        result.offsets[target] = fit.weights[row, vectors.columns]
      }
      return result
    }
  }
}
