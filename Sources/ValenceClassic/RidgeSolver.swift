import ValenceKernels

/// Ridge regression on ±1 with an offset that costs nothing, one class against the rest.
///
/// Minimizes Σ w (y − x·v − b)² + α |v|² with α the penalty times the mean squared length of the vectors: in
/// scikit-learn `RidgeClassifier(alpha, class_weight="balanced")`.
struct RidgeSolver: LinearSolver {
  let classWeights: ClassicOptions.ClassWeights

  func fits(_ part: ClassicPart, strengths: [Double]) throws(ClassicError) -> [LinearFit] {
    let roots = part.clipWeights(classWeights).map { $0.squareRoot() }
    var (vectors, signs) = (part.vectors, part.signs)
    let length = vectors.meanSquaredLength
    let (center, middle) = (vectors.mean(roots), signs.mean(roots))
    vectors.update { row, column, value in roots[row] * (value - center[column]) }
    signs.update { row, column, value in roots[row] * (value - middle[column]) }
    let system = RidgeSystem(vectors)
    var fits: [LinearFit] = []
    for strength in strengths {
      guard let found = system.fitting(signs, penalty: strength * length) else {
        throw .singular(strength: strength)
      }
      let moved = Matrix(rows: 1, columns: center.count, values: center).times(found)
      fits.append(
        LinearFit(weights: found, offsets: middle.indices.map { middle[$0] - moved[0, $0] }))
    }
    return fits
  }
}

/// Normal equations with a penalty, through the smaller of the products of rows or columns.
///
/// A Cholesky factor for each penalty: of 1,000 rows it takes about 10 ms, an eigendecomposition that would
/// serve all penalties 50 times that.
struct RidgeSystem {
  private let rows: Matrix
  private let gram: Matrix
  /// Whether there are fewer rows than columns.
  private let isDual: Bool

  /// The equations of `rows`.
  init(_ rows: Matrix) {
    self.rows = rows
    isDual = rows.rows < rows.columns
    gram = rows.gram(ofColumns: !isDual)
  }

  /// The sum of the rows' squared lengths.
  var trace: Double { (0..<gram.rows).reduce(0) { $0 + gram[$1, $1] } }

  /// The X that minimizes |rows·X − targets|² + penalty |X|²; nil where the equations have no answer.
  func fitting(_ targets: Matrix, penalty: Double) -> Matrix? {
    if isDual {
      return damped(penalty).solvingPositive(targets).map { rows.times($0, transposing: .left) }
    }
    return damped(penalty).solvingPositive(rows.times(targets, transposing: .left))
  }

  /// The X of (rowsᵀ·rows + penalty) X = `right`; nil where the equations have no answer.
  func solving(_ right: Matrix, penalty: Double) -> Matrix? {
    guard isDual else { return damped(penalty).solvingPositive(right) }
    // The inverse of a small matrix in place of the large one (Woodbury).
    guard let inner = damped(penalty).solvingPositive(rows.times(right)) else { return nil }
    var result = rows.times(inner, transposing: .left)
    result.update { row, column, value in (right[row, column] - value) / penalty }
    return result
  }

  private func damped(_ penalty: Double) -> Matrix {
    var result = gram
    result.addToDiagonal(Array(repeating: penalty, count: gram.rows))
    return result
  }
}

extension Matrix {
  /// The mean over rows of their squared lengths; 1 where all are zero.
  var meanSquaredLength: Double {
    let mean = values.reduce(0) { $0 + $1 * $1 } / Double(max(rows, 1))
    return mean > 0 ? mean : 1
  }

  /// The mean of each column, each row weighted by the square of its root.
  func mean(_ roots: [Double]) -> [Double] {
    let shares = Matrix(rows: 1, columns: rows, values: roots.map { $0 * $0 })
    let total = shares.values.reduce(0, +)
    return shares.times(self).values.map { $0 / total }
  }
}
