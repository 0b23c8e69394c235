import Foundation
package import ValenceKernels

/// A fitted classic model: classes and their probabilities of vectors.
///
/// The same data give the same bits, whatever the number of threads.
package struct ClassicModel: Sendable, Equatable {
  /// What inner folds say of a strength.
  package struct InnerScore: Hashable, Sendable {
    /// Which of several kinds of vectors, from 0; 0 where there is one.
    package var alternative = 0
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
  /// Which of several kinds of vectors the model was fitted to, from 0; nil where there was one.
  package let alternative: Int?
  /// What the choice saw, of each kind of vectors the strongest first; for a fixed one what its calibration
  /// saw.
  package let innerScores: [InnerScore]
  /// What scores are multiplied by before their softmax.
  package let calibration: Double
  let decision: Decision

  /// Whether the solver came as close to its optimum as it was told to; only liblinear can fail to.
  package var hasConverged: Bool { decision.hasConverged }

  /// What scored best among the kinds of vectors and strengths that were tried.
  private struct Winner {
    let alternative: Int
    let data: ClassicData
    let solver: any ClassicSolver
    let inner: InnerScores
  }

  /// Chooses what is nested, calibrates and fits.
  package init(
    fitting data: ClassicData, _ options: ClassicOptions, workers: Workers = .single
  ) throws(ClassicError) {
    try self.init(fitting: CollectionOfOne(data), options, workers: workers)
  }

  /// Chooses one of several kinds of vectors of the same clips together with what is nested, calibrates and
  /// fits.
  ///
  /// Both choice and calibration see scores of clips by models that were fitted to other speakers. Of equal
  /// scores the first kind counts, and of its strengths the strongest. Where nothing is to be chosen and
  /// there is a single speaker, calibration holds out clips instead.
  ///
  /// - Parameters:
  ///   - alternatives: at least one; each is asked for once or twice, so that it may be lazy.
  ///   - workers: the threads that inner folds are shared out to.
  package init(
    fitting alternatives: some RandomAccessCollection<ClassicData>, _ options: ClassicOptions,
    workers: Workers = .single
  ) throws(ClassicError) {
    if let fault = options.fault { throw .option(fault) }
    guard let first = alternatives.first else { throw .shape("there are no vectors to fit to.") }
    try first.check()
    if !first.weights.isEmpty, !options.weighsClips {
      throw .option(
        "\(options.kind.rawValue) cannot let some clips count more than others of their class.")
    }
    (self.options, classCount) = (options, first.classCount)
    let isOne = alternatives.count == 1
    guard let wanted = options.strength else {
      let all = ClassicPart(first, Array(0..<first.count))
      let shares = all.counts.map { log(Double($0) / Double(first.count)) }
      decision = Decision(
        weights: Matrix(zeros: first.classCount, first.dimensions), offsets: shares)
      (alternative, dimensions) = (isOne ? nil : 0, first.dimensions)
      (strength, innerScores, calibration) = (nil, [], 1)
      return
    }
    let (folds, strengths) = try Self.folds(first, wanted, options.kind, isOne: isOne)
    var (winner, scores): (Winner?, [InnerScore]) = (nil, [])
    for (index, data) in alternatives.enumerated() {
      if index > 0 { try data.check() }
      guard data.targets == first.targets, data.speakers == first.speakers,
        let solver = try options.solver(data)
      else { throw .shape("vectors \(index), counted from 0, are not of the same clips.") }
      let inner = try InnerScores(
        data, solver, folds: folds, strengths: strengths, workers: workers)
      scores += zip(strengths, inner.uars).map {
        InnerScore(alternative: index, strength: $0, uar: $1)
      }
      if winner.map({ inner.bestUAR > $0.inner.bestUAR }) ?? true {
        winner = Winner(alternative: index, data: data, solver: solver, inner: inner)
      }
    }
    guard let winner else { throw .shape("there are no vectors to fit to.") }
    let best = winner.inner.best
    (strength, innerScores) = (strengths[best], scores)
    (alternative, dimensions) = (isOne ? nil : winner.alternative, winner.data.dimensions)
    calibration = FloatPair(winner.inner.factor(best)).value
    let all = ClassicPart(winner.data, Array(0..<first.count))
    decision = try winner.solver.decision(all, strength: strengths[best])
    guard decision.isFinite else { throw .singular(strength: strengths[best]) }
  }

  /// The inner folds, and the strengths to be tried on them.
  private static func folds(
    _ data: ClassicData, _ wanted: ClassicOptions.Strength, _ kind: ClassicOptions.Kind, isOne: Bool
  ) throws(ClassicError) -> ([InnerFold], [Double]) {
    let folds = InnerFold.ofSpeakers(data)
    let areTelling = folds.contains { ClassicPart(data, $0.training).classes.count >= 2 }
    if wanted == .nested || !isOne {
      if folds.isEmpty { throw .oneSpeaker }
      if !areTelling { throw .oneClassEach }
    }
    switch wanted {
    case .fixed(let value): return (areTelling ? folds : InnerFold.ofClips(data), [value])
    case .nested: return (folds, ClassicOptions.grid(kind))
    }
  }

  /// What was chosen, and what the choice saw.
  struct Chosen {
    var strength: Double?
    var alternative: Int?
    var innerScores: [InnerScore]
  }

  init(
    options: ClassicOptions, dimensions: Int, chosen: Chosen, calibration: Double,
    decision: Decision
  ) {
    (self.options, self.dimensions) = (options, dimensions)
    (strength, alternative) = (chosen.strength, chosen.alternative)
    innerScores = chosen.innerScores
    (self.calibration, self.decision) = (calibration, decision)
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
