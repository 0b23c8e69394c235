import ValenceKernels

/// How a fitted model scores a vector: linear in the vector itself, or in its kernels with training vectors.
struct Decision: Sendable, Equatable {
  /// A row for each class: of the vector's numbers, or of the training vectors.
  let weights: Matrix
  /// What is added to each class's score.
  let offsets: [Double]
  /// The training vectors; nil where the score is linear in the vector itself.
  let kernel: GaussianKernel?
  /// Whether the solver came as close as it was told to.
  var hasConverged = true

  /// Rounds weights and offsets to what two floats hold, so that a stored model scores as this one does.
  init(weights: Matrix, offsets: [Double], kernel: GaussianKernel? = nil, hasConverged: Bool = true)
  {
    var weights = weights
    weights.update { _, _, value in FloatPair(value).value }
    self.weights = weights
    self.offsets = offsets.map { FloatPair($0).value }
    (self.kernel, self.hasConverged) = (kernel, hasConverged)
  }

  /// Whether every number is finite.
  var isFinite: Bool { (weights.values + offsets).allSatisfy(\.isFinite) }

  /// Rows are scored as many at a time, the last filled up by zeros, so that a clip's scores do not depend on
  /// those beside it.
  private static let block = 48

  /// The scores of row-major vectors, `[count, classes]`.
  func scores(_ vectors: [Float], dimensions: Int) -> Matrix {
    let count = dimensions == 0 ? 0 : vectors.count / dimensions
    var values: [Double] = []
    for start in stride(from: 0, to: count, by: Self.block) {
      let end = min(start + Self.block, count)
      var rows = vectors[start * dimensions..<end * dimensions].map(Double.init)
      rows += Array(repeating: 0, count: (Self.block - end + start) * dimensions)
      let block = Matrix(rows: Self.block, columns: dimensions, values: rows)
      let basis = kernel.map { $0.values(of: block) } ?? block
      values += adding(basis.times(weights, transposing: .right)).values
        .prefix((end - start) * offsets.count)
    }
    return Matrix(rows: count, columns: offsets.count, values: values)
  }

  private func adding(_ products: Matrix) -> Matrix {
    var result = products
    result.update { _, column, value in value + offsets[column] }
    return result
  }
}

/// A double as the sum of two floats, which keeps 48 of its 53 bits: what a stored model consists of.
struct FloatPair {
  let high: Float
  let low: Float

  init(_ value: Double) {
    high = Float(value)
    low = high.isFinite ? Float(value - Double(high)) : 0
  }

  init(high: Float, low: Float) { (self.high, self.low) = (high, low) }

  var value: Double { Double(high) + Double(low) }
}
