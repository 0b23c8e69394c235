import Foundation
import ValenceKernels

/// Linear discriminant analysis with a shrunk covariance (Friedman, 1989).
///
/// In scikit-learn `LinearDiscriminantAnalysis(solver="lsqr", shrinkage, priors)`: the classes' covariances
/// are averaged by their priors, which are equal where classes are balanced, and moved to the mean variance.
struct DiscriminantSolver: LinearSolver {
  let classWeights: ClassicOptions.ClassWeights

  func fits(_ part: ClassicPart, strengths: [Double]) throws(ClassicError) -> [LinearFit] {
    let weights = part.clipWeights(classWeights)
    let priors = priors(part, weights)
    var vectors = part.vectors
    let means = means(of: vectors, part, weights)
    vectors.update { row, column, value in
      (weights[row] / Double(part.clips.count)).squareRoot()
        * (value - means[column, part.targets[row]])
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

  /// What each class counts beside the others.
  private func priors(_ part: ClassicPart, _ weights: [Double]) -> [Double] {
    let count = Double(part.clips.count)
    if !part.data.weights.isEmpty { return part.sums(weights).map { $0 / count } }
    let ofClasses = part.weights(classWeights)
    return part.counts.indices.map { ofClasses[$0] * Double(part.counts[$0]) / count }
  }

  /// The means of classes, `[dimensions, classes]`; of one that is not there zeros.
  private func means(of vectors: Matrix, _ part: ClassicPart, _ weights: [Double]) -> Matrix {
    let sums = part.sums(weights)
    var shares = Matrix(zeros: part.clips.count, part.data.classCount)
    for (row, target) in part.targets.enumerated() {
      shares[row, target] =
        part.data.weights.isEmpty ? 1 / Double(part.counts[target]) : weights[row] / sums[target]
    }
    return vectors.times(shares, transposing: .left)
  }
}
