import Foundation
import ValenceKernels

/// Probabilities of scores: the softmax of scores times one number (Guo et al., 2017).
enum Calibration {
  /// The logarithms of the classes' probabilities.
  static func logProbabilities(_ scores: ArraySlice<Double>, factor: Double) -> [Double] {
    let logits = scores.map { $0 * factor }
    let greatest = logits.max() ?? 0
    let total = greatest + log(logits.reduce(0) { $0 + exp($1 - greatest) })
    return logits.map { $0 - total }
  }

  /// The factor with the least cross-entropy on held-out clips.
  ///
  /// As Platt (1999) does, targets are taken for a little less than sure, as if one more clip of unknown
  /// class had been seen; so the factor is finite where all held-out clips are told apart.
  static func factor(_ scores: Matrix, targets: [Int]) -> Double {
    let doubt = 1 / Double(targets.count + 1) / Double(scores.columns)
    // Cross-entropy is convex in the factor: its slope is a rising function.
    func slope(_ factor: Double) -> Double {
      var sum = 0.0
      for (row, target) in targets.enumerated() {
        let values = scores.row(row)
        let expected = zip(logProbabilities(values, factor: factor), values)
          .reduce(0) { $0 + exp($1.0) * $1.1 }
        let mean = values.reduce(0, +)
        let sure = 1 - doubt * Double(scores.columns)
        sum += expected - sure * scores[row, target] - doubt * mean
      }
      return sum
    }
    var (low, high) = (log(1e-6), log(1e6))
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if slope(exp(middle)) > 0 { high = middle } else { low = middle }
    }
    return exp((low + high) / 2)
  }
}
