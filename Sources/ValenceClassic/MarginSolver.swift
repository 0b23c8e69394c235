import ValenceKernels

/// Linear support vector machine or logistic regression by liblinear, one class against the rest.
///
/// Vectors are turned to their principal axes first, which changes neither their products nor the penalty,
/// so nor the optimum: there liblinear's preconditioner, a diagonal, serves, and there are no more axes than
/// clips.
struct MarginSolver: ClassicSolver {
  private let vectors: Liblinear.Vectors
  private let turned: Matrix
  private let axes: PrincipalAxes
  private let loss: Liblinear.Options.Loss
  private let classWeights: ClassicOptions.ClassWeights
  /// How close liblinear comes to the optimum of an inner fold, and of the model.
  ///
  /// The first is liblinear's own default. On RAVDESS 1e-3 chooses the same penalties and takes half as long
  /// again; the model is one fit of dozens, so it may cost more.
  private let tolerances: (inner: Double, model: Double)

  init(
    _ data: ClassicData, _ options: ClassicOptions,
    tolerances: (inner: Double, model: Double) = (1e-2, 1e-4)
  ) throws(ClassicError) {
    self.tolerances = tolerances
    guard let axes = PrincipalAxes(ClassicPart(data, Array(0..<data.count)).vectors) else {
      throw .singular(strength: 1)
    }
    self.axes = axes
    turned = axes.turned
    vectors = Liblinear.Vectors(turned)
    loss = options.kind == .logistic ? .logistic : .squaredHinge
    classWeights = options.classWeights
  }

  func heldOut(
    _ testing: [Int], fitting part: ClassicPart, strengths: [Double]
  ) throws(ClassicError) -> [Matrix] {
    let rows = turned.picking(rows: testing, columns: Array(0..<turned.columns))
    var last: Liblinear.Fit?
    return strengths.map { strength in
      let fit = fit(part, strength, tolerances.inner, from: last)
      last = fit
      return weights(fit, part).scores(rows)
    }
  }

  func decision(_ part: ClassicPart, strength: Double) throws(ClassicError) -> Decision {
    let fit = fit(part, strength, tolerances.model)
    let found = weights(fit, part)
    return Decision(
      weights: axes.turnedBack(found.weights).transposed, offsets: found.offsets,
      hasConverged: fit.hasConverged)
  }

  private func fit(
    _ part: ClassicPart, _ strength: Double, _ tolerance: Double, from start: Liblinear.Fit? = nil
  ) -> Liblinear.Fit {
    let length =
      part.clips.reduce(0) { sum, row in
        turned.row(row).reduce(sum) { $0 + $1 * $1 }
      } / Double(part.clips.count)
    let shares = part.weights(classWeights).enumerated().map { ($0.offset, $0.element) }
    return Liblinear.fit(
      vectors,
      .init(
        picked: part.clips, targets: part.targets,
        classWeights: Dictionary(uniqueKeysWithValues: shares)),
      .init(loss: loss, c: 1 / (strength * (length > 0 ? length : 1)), tolerance: tolerance),
      from: start)
  }

  private func weights(_ fit: Liblinear.Fit, _ part: ClassicPart) -> LinearFit {
    var result = LinearFit(
      weights: Matrix(zeros: turned.columns, part.data.classCount),
      offsets: Array(repeating: 0, count: part.data.classCount))
    for (row, target) in fit.classes.enumerated() {
      for column in 0..<turned.columns { result.weights[column, target] = fit.weights[row, column] }
      result.offsets[target] = fit.weights[row, turned.columns]
    }
    return result
  }
}

/// Vectors as seen along the axes on which their second moments are uncorrelated.
struct PrincipalAxes {
  /// The vectors along the axes, `[vectors, axes]`.
  let turned: Matrix
  private let vectors: Matrix
  /// What makes weights along axes those of the vectors' numbers, or where there are fewer vectors than
  /// numbers of the vectors themselves.
  private let back: Matrix
  private let isDual: Bool

  /// Axes of a smaller share of the greatest second moment are rounding errors.
  private static let least = 1e-12

  /// The axes of the rows of `vectors`; nil where the values are too large.
  init?(_ vectors: Matrix) {
    isDual = vectors.rows < vectors.columns
    guard let (values, found) = vectors.gram(ofColumns: !isDual).eigen else { return nil }
    let greatest = values.last ?? 0
    let kept = values.indices.filter { values[$0] > Self.least * greatest }
    var axes = found.picking(rows: kept, columns: Array(0..<found.columns)).transposed
    self.vectors = vectors
    if isDual {
      var turned = axes
      turned.update { _, column, value in value * values[kept[column]].squareRoot() }
      axes.update { _, column, value in value / values[kept[column]].squareRoot() }
      self.turned = turned
    } else {
      turned = vectors.times(axes)
    }
    back = axes
  }

  /// Weights along axes, `[axes, classes]`, as weights of numbers, `[numbers, classes]`.
  func turnedBack(_ weights: Matrix) -> Matrix {
    let result = back.times(weights)
    return isDual ? vectors.times(result, transposing: .left) : result
  }
}
