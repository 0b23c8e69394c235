import Foundation
package import ValenceKernels

/// A fitted classic model: classes and their probabilities of vectors.
///
/// The same data give the same bits, whatever the number of threads.
package struct ClassicModel: Sendable, Equatable {
  /// What inner folds say of a strength.
  package struct InnerScore: Hashable, Sendable {
    /// The penalty, or of `lda` the shrinkage.
    package let strength: Double
    /// The unweighted average recall over all training clips, each by a model that has not heard its speaker.
    package let uar: Double
  }

  /// Raised when fitted models or their answers change: older trials of classic models then count as others.
  package static let revision = 2

  package let options: ClassicOptions
  package let classCount: Int
  /// The numbers of a vector.
  package let dimensions: Int
  /// The penalty or shrinkage that the model was fitted with; nil for `majority`.
  package let strength: Double?
  /// What the choice of it saw, the strongest first; for a fixed one what its calibration saw.
  package let innerScores: [InnerScore]
  /// What scores are multiplied by before their softmax.
  package let calibration: Double
  let decision: Decision

  /// Whether the solver came as close to its optimum as it was told to; only liblinear can fail to.
  package var hasConverged: Bool { decision.hasConverged }

  /// Chooses what is nested, calibrates and fits.
  ///
  /// Both choice and calibration see scores of clips by models that were fitted to other speakers. Where a
  /// fixed strength meets a single speaker, calibration holds out clips instead.
  ///
  /// - Parameter workers: the threads that inner folds are shared out to.
  package init(
    fitting data: ClassicData, _ options: ClassicOptions, workers: Workers = .single
  ) throws(ClassicError) {
    if let fault = options.fault { throw .option(fault) }
    try data.check()
    if !data.weights.isEmpty, !options.weighsClips {
      throw .option(
        "\(options.kind.rawValue) cannot let some clips count more than others of their class.")
    }
    (self.options, classCount, dimensions) = (options, data.classCount, data.dimensions)
    let all = ClassicPart(data, Array(0..<data.count))
    guard let solver = try options.solver(data), let wanted = options.strength else {
      let shares = all.counts.map { log(Double($0) / Double(data.count)) }
      decision = Decision(weights: Matrix(zeros: data.classCount, data.dimensions), offsets: shares)
      (strength, innerScores, calibration) = (nil, [], 1)
      return
    }
    let (folds, strengths) = try Self.folds(data, wanted, options.kind)
    let inner = try InnerScores(data, solver, folds: folds, strengths: strengths, workers: workers)
    let best = inner.best
    strength = strengths[best]
    innerScores = zip(strengths, inner.uars).map { InnerScore(strength: $0, uar: $1) }
    calibration = FloatPair(inner.factor(best)).value
    decision = try solver.decision(all, strength: strengths[best])
    guard decision.isFinite else { throw .singular(strength: strengths[best]) }
  }

  /// The inner folds, and the strengths to be tried on them.
  private static func folds(
    _ data: ClassicData, _ wanted: ClassicOptions.Strength, _ kind: ClassicOptions.Kind
  ) throws(ClassicError) -> ([InnerFold], [Double]) {
    let folds = InnerFold.ofSpeakers(data)
    let areTelling = folds.contains { ClassicPart(data, $0.training).classes.count >= 2 }
    switch wanted {
    case .fixed(let value): return (areTelling ? folds : InnerFold.ofClips(data), [value])
    case .nested where folds.isEmpty: throw .oneSpeaker
    case .nested where !areTelling: throw .oneClassEach
    case .nested: return (folds, ClassicOptions.grid(kind))
    }
  }

  init(
    options: ClassicOptions, dimensions: Int, strength: Double?, innerScores: [InnerScore],
    scoring: (calibration: Double, decision: Decision)
  ) {
    (self.options, self.dimensions, self.strength) = (options, dimensions, strength)
    (self.innerScores, calibration, decision) = (innerScores, scoring.calibration, scoring.decision)
    classCount = decision.offsets.count
  }

  /// The decision values of `count` row-major vectors: for each a value a class, the greatest that of the
  /// class that the model says.
  package func scores(_ vectors: [Float], count: Int) throws(ClassicError) -> [[Double]] {
    let scores = try checkedScores(vectors, count)
    return (0..<count).map { Array(scores.row($0)) }
  }

  /// The calibrated logarithms of probabilities of `count` row-major vectors: for each a value a class.
  ///
  /// Probabilities sum to 1, and the likeliest class is that of the greatest score.
  package func logProbabilities(_ vectors: [Float], count: Int) throws(ClassicError) -> [[Double]] {
    let scores = try checkedScores(vectors, count)
    return (0..<count).map { Calibration.logProbabilities(scores.row($0), factor: calibration) }
  }

  private func checkedScores(_ vectors: [Float], _ count: Int) throws(ClassicError) -> Matrix {
    guard count >= 0, vectors.count == count * dimensions else {
      throw .shape(
        "\(vectors.count) numbers are no \(count) vectors of the \(dimensions) numbers that the model was "
          + "fitted to.")
    }
    try ClassicData.checkFinite(vectors, dimensions: dimensions)
    return decision.scores(vectors, dimensions: dimensions)
  }
}
