import ValenceKernels

/// Fits models of one kind to parts of the same training data.
protocol ClassicSolver: Sendable {
  /// The scores of a fold's held-out clips, `[clips, classes]`, at each strength; the part is the fold's
  /// training clips, which have two classes or more.
  ///
  /// What is said of a class that the part lacks has no meaning.
  func heldOut(
    _ testing: [Int], fitting part: ClassicPart, strengths: [Double]
  ) throws(ClassicError) -> [Matrix]

  /// A model of all clips of the part.
  func decision(_ part: ClassicPart, strength: Double) throws(ClassicError) -> Decision
}

/// A solver whose models are linear in the vector, so that a fold's models score its held-out clips.
protocol LinearSolver: ClassicSolver {
  /// Weights `[dimensions, classes]` and offsets at each strength.
  func fits(_ part: ClassicPart, strengths: [Double]) throws(ClassicError) -> [LinearFit]
}

/// Weights `[dimensions, classes]` with the classes' offsets.
struct LinearFit {
  var weights: Matrix
  var offsets: [Double]

  /// The scores of rows, `[rows, classes]`.
  func scores(_ vectors: Matrix) -> Matrix {
    var scores = vectors.times(weights)
    scores.update { _, column, value in value + offsets[column] }
    return scores
  }
}

extension LinearSolver {
  func heldOut(
    _ testing: [Int], fitting part: ClassicPart, strengths: [Double]
  ) throws(ClassicError) -> [Matrix] {
    let vectors = ClassicPart(part.data, testing).vectors
    return try fits(part, strengths: strengths).map { $0.scores(vectors) }
  }

  func decision(_ part: ClassicPart, strength: Double) throws(ClassicError) -> Decision {
    guard let fit = try fits(part, strengths: [strength]).first else {
      throw .singular(strength: strength)
    }
    return Decision(weights: fit.weights.transposed, offsets: fit.offsets)
  }
}

extension ClassicOptions {
  /// The solver of the kind; nil for `majority`.
  func solver(_ data: ClassicData) throws(ClassicError) -> (any ClassicSolver)? {
    switch kind {
    case .majority: nil
    case .ridge: RidgeSolver(classWeights: classWeights)
    case .lda: DiscriminantSolver(classWeights: classWeights)
    case .kernelRidge: try KernelRidgeSolver(data, self)
    case .svm, .logistic: try MarginSolver(data, self)
    }
  }
}
