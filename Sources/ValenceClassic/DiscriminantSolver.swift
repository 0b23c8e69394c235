import Foundation
import ValenceKernels

/// Linear discriminant analysis with a shrunk covariance (Friedman, 1989).
///
/// In scikit-learn `LinearDiscriminantAnalysis(solver="lsqr", shrinkage, priors)`: the classes' covariances
/// are averaged by their priors, which are equal where classes are balanced, and moved to the mean variance.
struct DiscriminantSolver: LinearSolver {
  let classWeights: ClassicOptions.ClassWeights

  func fits(_ part: ClassicPart, strengths: [Double]) throws(ClassicError) -> [LinearFit] {
    let weights = part.weights(classWeights)
    let priors = part.counts.indices.map {
      weights[$0] * Double(part.counts[$0]) / Double(part.clips.count)
    }
    var vectors = part.vectors
    let means = means(of: vectors, part)
    vectors.update { row, column, value in
      let target = part.targets[row]
      return (weights[target] / Double(part.clips.count)).squareRoot()
        * (value - means[column, target])
    }
    let system = RidgeSystem(vectors)
    let variance = system.trace / Double(vectors.columns)
    var fits: [LinearFit] = []
    for strength in strengths {
      guard let found = Self.weights(system, means, shrinkage: strength, variance: variance) else {
        throw .singular(strength: strength)
      }
      let offsets = priors.indices.map { index in
        let product = (0..<means.rows).reduce(0) { $0 + means[$1, index] * found[$1, index] }
        return priors[index] > 0 ? log(priors[index]) - product / 2 : 0
      }
      fits.append(LinearFit(weights: found, offsets: offsets))
    }
    return fits
  }

  /// The shrunk covariance's inverse times the means.
  private static func weights(
    _ system: RidgeSystem, _ means: Matrix, shrinkage: Double, variance: Double
  ) -> Matrix? {
    // Where no class varies, the nearest mean decides.
    let variance = variance > 0 ? variance : 1
    let kept = 1 - shrinkage
    var result: Matrix? = means
    if kept > 0 { result = system.solving(means, penalty: shrinkage * variance / kept) }
    result?.update { _, _, value in value / (kept > 0 ? kept : variance) }
    return result
  }

  /// The means of classes, `[dimensions, classes]`; of one that is not there zeros.
  private func means(of vectors: Matrix, _ part: ClassicPart) -> Matrix {
    var shares = Matrix(zeros: part.clips.count, part.data.classCount)
    for (row, target) in part.targets.enumerated() {
      shares[row, target] = 1 / Double(part.counts[target])
    }
    return vectors.times(shares, transposing: .left)
  }
}
