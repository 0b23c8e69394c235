import ValenceKernels

/// What inner folds of the training clips say: the scores of each clip by a model that has not heard its
/// speaker, at each strength.
struct InnerScores {
  let strengths: [Double]
  /// `[clips, classes]` for each strength.
  private(set) var scores: [Matrix]
  private let targets: [Int]

  /// Fits to each fold's training clips; folds side by side on the threads of `workers`.
  init(
    _ data: ClassicData, _ solver: any ClassicSolver, folds: [InnerFold], strengths: [Double],
    workers: Workers
  ) throws(ClassicError) {
    (self.strengths, targets) = (strengths, data.targets)
    scores = strengths.map { _ in Matrix(zeros: data.count, data.classCount) }
    let results = Self.results(folds.count, workers) { index throws(ClassicError) in
      let part = ClassicPart(data, folds[index].training)
      // One class alone has nothing to be told from.
      guard part.classes.count >= 2 else { return nil }
      let found = try solver.heldOut(folds[index].testing, fitting: part, strengths: strengths)
      return found.map { Self.lowering($0, absentFrom: part) }
    }
    for (fold, result) in zip(folds, results) {
      for (index, found) in (try result.get() ?? []).enumerated() {
        for (row, clip) in fold.testing.enumerated() {
          for column in 0..<data.classCount { scores[index][clip, column] = found[row, column] }
        }
      }
    }
  }

  /// The unweighted average recall at each strength; of equal scores the first class is said.
  var uars: [Double] {
    scores.map { scores in
      var (right, all) = (
        Array(repeating: 0.0, count: scores.columns), Array(repeating: 0.0, count: scores.columns)
      )
      for (row, target) in targets.enumerated() {
        all[target] += 1
        if scores.row(row).firstGreatest == target { right[target] += 1 }
      }
      return zip(right, all).reduce(0) { $0 + $1.0 / max($1.1, 1) } / Double(scores.columns)
    }
  }

  /// The strength with the best UAR; of equal ones the first, so the strongest of a grid.
  var best: Int {
    let uars = uars
    return uars.indices.max { (uars[$0], $1) < (uars[$1], $0) } ?? 0
  }

  /// Its UAR.
  var bestUAR: Double { uars.max() ?? 0 }

  /// The factor that calibrates scores of a strength.
  func factor(_ index: Int) -> Double { Calibration.factor(scores[index], targets: targets) }

  /// A model says a class that it has never heard less than any other.
  private static func lowering(_ scores: Matrix, absentFrom part: ClassicPart) -> Matrix {
    let present = part.classes
    if present.count == scores.columns { return scores }
    var result = scores
    result.update { row, column, value in
      if part.counts[column] > 0 { return value }
      return (present.map { scores[row, $0] }.min() ?? 0) - 1
    }
    return result
  }

  private typealias FoldResult = Result<[Matrix]?, ClassicError>

  private static func results(
    _ count: Int, _ workers: Workers, _ body: (Int) throws(ClassicError) -> [Matrix]?
  ) -> [FoldResult] {
    let results = try? workers.map(parts: count) { index in
      do throws(ClassicError) { return FoldResult.success(try body(index)) } catch {
        return FoldResult.failure(error)
      }
    }
    return results ?? []
  }
}

extension ArraySlice<Double> {
  /// Where the greatest value is, counted from the slice's beginning; of equal ones the first.
  var firstGreatest: Int {
    (self.indices.max { (self[$0], $1) < (self[$1], $0) } ?? startIndex) - startIndex
  }
}
