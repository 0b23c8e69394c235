/// Why predictions cannot be scored.
package enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// There is nothing to score.
  case noPredictions
  /// The true labels lack classes of the label space, so an average over all classes is undefined.
  case absentClass([String])
  /// Two networks of a cell have the same fold and seed.
  case repeatedRun(fold: String, seed: UInt64)
  /// Two systems that are to be compared were not tested on the same utterances.
  case unpaired

  package var description: String {
    switch self {
    case .noPredictions: "there are no predictions to score; is the test set empty?"
    case .absentClass(let classes):
      "the test set has no \(classes.joined(separator: ", ")), so an average over all classes is "
        + "undefined; choose another split, or allow test sets that lack a class."
    case .repeatedRun(let fold, let seed):
      "fold \(fold) with seed \(seed) occurs twice in the cell; give each network once."
    case .unpaired:
      "the two systems were not tested on the same utterances, so they cannot be compared in pairs; "
        + "run both on the same folds of the same corpus."
    }
  }
}
