package import ValenceCore

/// Everything that is wrong with the folds of a corpus.
package typealias FoldErrors = ErrorList<FoldError>

/// Why a corpus cannot be split as the plan asks.
///
/// The cases are facts; `FoldError+Sentences.swift` makes the sentences.
package enum FoldError: Error, Equatable {
  /// The label space has classes that no utterance of the corpus has; `isNative` where they are
  /// other corpora's own words.
  case emptyClasses([String], isNative: Bool)
  /// The choice needs speakers, but some utterances have none; `example` is the id of one.
  case unknownSpeakers(asking: Field, count: Int, of: Int, example: String)
  /// Leaving the only speaker out leaves nothing to train on.
  case loneSpeaker(String)
  /// There are fewer speakers than folds, or a number of folds below two.
  case tooFewSpeakers(folds: Int, speakers: Int)
  /// Leaving one speaker out cannot test every class, because these many speakers lack some.
  case speakersLackClasses(
    lacking: Int, of: Int, withOneClass: Int, example: String, only: [String])
  /// A class has fewer speakers than there are folds.
  case classOnFewSpeakers(class: String, speakers: [String], folds: Int)
  /// The test set of a fold lacks classes.
  case testLacksClasses(fold: String, classes: [String])
  /// The training set of a fold lacks classes; nothing could be learned of them.
  case trainLacksClasses(fold: String, classes: [String])
  /// Nothing is left to train on, or nothing is tested.
  case emptySide(fold: String, side: String)
  /// Speakers are on both sides of a split that is not a published one.
  case sharedSpeakers(fold: String, sides: String, speakers: [String])
  /// An utterance is on both sides; `SharedSound` finds the same sound under two names.
  case sharedUtterance(fold: String, sides: String, id: String)
  /// A fold has the very sides of an earlier one.
  case repeatedFold(String, String)
  /// Too few folds to score one within the training side of another.
  case tooFewInnerFolds(Int)
  /// Utterances that the next fold tests are not on the training side of a fold.
  case innerOutsideTraining(fold: String, next: String, utterances: Int)
  /// As many validation speakers are not there, beside one to train on.
  case tooFewValidationSpeakers(fold: String, wanted: Int, speakers: Int)
  /// Every choice of validation speakers takes a class from training.
  case validationTakesClass(asking: Field, fold: String, classes: [String])
  /// The fold file is not there, or is not what it should be.
  case foldFile(Field, sentence: String)
  /// The fold files name nothing of this corpus.
  case nothingMatches(Field, path: String, example: String)
  /// Two utterances have the file name that a fold file means.
  case ambiguousFile(Field, path: String, name: String, ids: [String])
  /// The corpus names no official split, or lacks one of its sides.
  case noOfficialSplit(missing: [String])

  /// The user's choices that may be at fault, or that may be changed instead.
  package enum Field: Hashable, Sendable, CaseIterable {
    case labels, classes, labelMap, labelDrop, trainOn
    /// How a corpus is split, and the forms of that: their number, or where they are listed.
    case within, speakerFolds, emobox, csv
    case validationSpeakers, validationFraction
    /// Whether test sides are scored, or folds within the training sides.
    case scored
    case missingClasses
    /// The manifest's column that says on which side of a published split an utterance is.
    case splitColumn
  }
}
