/// Why a classic model cannot be fitted, read or asked.
///
/// Sentences speak of what was given; who knows the keys of an experiment file adds their names.
package enum ClassicError: Error, Equatable, CustomStringConvertible {
  /// Vectors, targets, speakers or groups of other numbers than the others say.
  case shape(String)
  /// A value that is no finite number: which clip, and which of its numbers.
  case notFinite(clip: Int, number: Int)
  /// Classes that no training clip has, by their index.
  case absentClasses([Int])
  /// Nothing can be chosen by inner folds, since they would need two speakers.
  case oneSpeaker
  /// Inner folds would have to learn from one class each.
  case oneClassEach
  /// More clips than the matrix of a Gaussian kernel may have rows.
  case tooMany(clips: Int, limit: Int)
  /// The equations have no answer in double precision.
  case singular(strength: Double)
  /// An option outside of its range.
  case option(String)
  /// Stored arrays that are no whole model.
  case damaged(String)

  package var description: String {
    switch self {
    case .shape(let what): what
    case .notFinite(let clip, let number):
      "number \(number) of clip \(clip), both counted from 0, is not finite; leave the clip out or "
        + "mend its features."
    case .absentClasses(let classes):
      "no training clip has the class \(classes.map(String.init).joined(separator: ", ")), counted from "
        + "0, so nothing can be learned of it; choose another split or other classes."
    case .oneSpeaker:
      "the training clips have one speaker, and a nested choice needs two, since its inner folds keep speakers "
        + "apart; give a number instead."
    case .oneClassEach:
      "without the clips of any speaker of theirs, the training clips have one class, so inner folds have "
        + "nothing to tell apart; give a number instead of a nested choice."
    case .tooMany(let clips, let limit):
      "a Gaussian kernel of \(clips) training clips is too large; train on at most \(limit), or use a linear "
        + "model."
    case .singular(let strength):
      "the equations have no answer at the strength \(strength); use a greater one."
    case .option(let what): what
    case .damaged(let what): "the stored model is not whole: \(what)"
    }
  }
}
