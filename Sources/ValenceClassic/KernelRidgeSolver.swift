import ValenceKernels

/// Ridge regression on ±1 over a Gaussian kernel, with a constant kernel beside it for the offset.
///
/// With t the mean of the kernel's diagonal and w what a clip counts, solves
/// (K + t + diag(penalty·t/w)) A = Y.
struct KernelRidgeSolver: ClassicSolver {
  private let classWeights: ClassicOptions.ClassWeights
  private let kernel: GaussianKernel
  /// The kernels of all training clips with each other.
  private let values: Matrix

  /// The most clips: their matrix and its factor take 8 bytes a pair each.
  static let limit = 20_000

  init(_ data: ClassicData, _ options: ClassicOptions) throws(ClassicError) {
    guard data.count <= Self.limit else { throw .tooMany(clips: data.count, limit: Self.limit) }
    classWeights = options.classWeights
    let all = 0..<data.dimensions
    kernel = GaussianKernel(
      data.vectors, dimensions: data.dimensions,
      groups: options.kernels == .group && !data.groups.isEmpty ? data.groups : [all],
      gamma: options.gamma)
    values = kernel.ofTraining
  }

  func heldOut(
    _ testing: [Int], fitting part: ClassicPart, strengths: [Double]
  ) throws(ClassicError) -> [Matrix] {
    let (own, mean) = system(part)
    var others = values.picking(rows: testing, columns: part.clips)
    others.update { _, _, value in value + mean }
    var scores: [Matrix] = []
    for strength in strengths {
      scores.append(others.times(try coefficients(own, mean, part, strength)))
    }
    return scores
  }

  func decision(_ part: ClassicPart, strength: Double) throws(ClassicError) -> Decision {
    let (own, mean) = system(part)
    let found = try coefficients(own, mean, part, strength)
    let weights = found.transposed
    let offsets = (0..<weights.rows).map { mean * weights.row($0).reduce(0, +) }
    return Decision(weights: weights, offsets: offsets, kernel: kernel)
  }

  /// The part's kernels with the constant one, and the mean of their diagonal without it.
  private func system(_ part: ClassicPart) -> (Matrix, mean: Double) {
    var own = values.picking(rows: part.clips, columns: part.clips)
    let mean = (0..<own.rows).reduce(0) { $0 + own[$1, $1] } / Double(own.rows)
    own.update { _, _, value in value + mean }
    return (own, mean)
  }

  private func coefficients(
    _ own: Matrix, _ mean: Double, _ part: ClassicPart, _ strength: Double
  ) throws(ClassicError) -> Matrix {
    var damped = own
    damped.addToDiagonal(part.clipWeights(classWeights).map { strength * mean / $0 })
    guard let found = damped.solvingPositive(part.signs) else {
      throw .singular(strength: strength)
    }
    return found
  }
}
