import Foundation

/// The values of a measure for guesses that ignore the speech.
///
/// As in `Score`, averages are over the classes that the test set has.
package enum ReferenceLevels {
  /// The expected value of a measure where each utterance's label is drawn at the test set's shares,
  /// independently.
  ///
  /// With N utterances, sₖ of class k and qₖ = sₖ/N: UAR 1/K over the K classes that are there;
  /// accuracy Σqₖ²; F1 of class k Σₚ P(p)·2·p·qₖ/(sₖ + p), with p, the number of utterances that
  /// are predicted as it, binomial (N, qₖ): of p such utterances p·qₖ are right on average. All are
  /// exact up to rounding.
  ///
  /// - Parameter support: how many utterances each class has in the test set; not all 0.
  package static func chance(_ metric: MetricName, support: [Int]) -> Double {
    let total = support.reduce(0, +)
    precondition(total > 0, "a test set without utterances")
    let present = support.filter { $0 > 0 }
    let shares = present.map { Double($0) / Double(total) }
    switch metric {
    case .uar: return 1 / Double(present.count)
    case .accuracy: return shares.reduce(0) { $0 + $1 * $1 }
    case .macroF1:
      return present.reduce(0) { $0 + expectedF1($1, of: total) } / Double(present.count)
    case .weightedF1:
      return zip(present, shares).reduce(0) { $0 + $1.1 * expectedF1($1.0, of: total) }
    }
  }

  /// A test set that is answered by one class throughout.
  package struct ConstantGuess: Hashable, Sendable {
    /// How many utterances each class has; not all 0.
    package let support: [Int]
    /// The class that is predicted for every utterance.
    package let guess: Int

    package init(support: [Int], guess: Int) {
      precondition(support.indices.contains(guess), "class \(guess) of \(support.count)")
      self.support = support
      self.guess = guess
    }
  }

  /// The value of a measure over the pooled test sets of several folds, each with its own guess.
  ///
  /// - Parameter folds: at least one, all of the same classes.
  package static func majority(_ metric: MetricName, _ folds: [ConstantGuess]) -> Double {
    precondition(!folds.isEmpty, "no test set")
    var matrix = ConfusionMatrix(classCount: folds[0].support.count)
    for fold in folds {
      for (truth, count) in fold.support.enumerated() { matrix.add(count, truth, fold.guess) }
    }
    return ClassCounts(matrix).value(metric)
  }

  /// The expected F1 of a class of `support` utterances, when each utterance is predicted as it with
  /// probability support / total.
  private static func expectedF1(_ support: Int, of total: Int) -> Double {
    guard support < total else { return 1 }
    let share = Double(support) / Double(total)
    let logs = (log(share), log(1 - share))
    let whole = LogGamma.value(Double(total) + 1)
    // Terms more than ten standard deviations from the mean are below rounding.
    let middle = Double(support)
    let reach = 10 * (middle * (1 - share)).squareRoot() + 20
    let first = max(1, Int(middle - reach))
    let last = min(total, Int(middle + reach))
    return (first...last).reduce(0) { sum, said in
      let (p, rest) = (Double(said), Double(total - said))
      let logged = whole - LogGamma.value(p + 1) - LogGamma.value(rest + 1)
      let probability = exp(logged + p * logs.0 + rest * logs.1)
      return sum + probability * 2 * p * share / (Double(support) + p)
    }
  }
}
