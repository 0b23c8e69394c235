package import ValenceCore

/// Everything that is wrong with the folds of a corpus.
package typealias FoldErrors = ErrorList<FoldError>

/// Why a corpus cannot be split as the plan asks.
///
/// The cases are facts; `description` makes the sentence, to follow the corpus's name.
package enum FoldError: Error, Equatable, CustomStringConvertible {
  /// The label space has classes that no utterance of the corpus has; `isNative` where they are
  /// other corpora's own words.
  case emptyClasses([String], isNative: Bool)
  /// Speakers are needed, but some utterances have none; `example` is the id of one.
  case unknownSpeakers(protocol: String, count: Int, of: Int, example: String)
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
  /// As many validation speakers are not there, beside one to train on.
  case tooFewValidationSpeakers(fold: String, wanted: Int, speakers: Int)
  /// Every choice of validation speakers takes a class from training.
  case validationTakesClass(fold: String, wanted: String, classes: [String])
  /// The fold file is not there, or is not what it should be.
  case foldFile(sentence: String)
  /// The fold files name nothing of this corpus.
  case nothingMatches(path: String, example: String)
  /// Two utterances have the file name that a fold file means.
  case ambiguousFile(path: String, name: String, ids: [String])
  /// The corpus names no official split, or lacks one of its sides.
  case noOfficialSplit(missing: [String])

  /// The user's choices that may be at fault.
  package enum Field: Hashable, Sendable, CaseIterable {
    case labels, within, validation, missingClasses
  }

  /// The choice that is at fault.
  package var field: Field {
    switch self {
    case .emptyClasses: .labels
    case .testLacksClasses: .missingClasses
    case .tooFewValidationSpeakers, .validationTakesClass: .validation
    case .unknownSpeakers(let asked, _, _, _) where asked.hasPrefix("validation"): .validation
    default: .within
    }
  }

  /// One sentence, to follow the corpus's name.
  package var description: String {
    switch self {
    case .emptyClasses(let classes, isNative: true):
      "no utterance is \(Wording.choice(classes)); native makes a class of every corpus's every word, so "
        + "choose a built-in label space such as emotion4, or a map that joins the words (joy and "
        + "happiness), or leave this corpus out of train_on."
    case .emptyClasses(let classes, isNative: false):
      "no utterance is \(Wording.choice(classes)); give the label space only classes that every training "
        + "corpus has, or leave this corpus out of train_on."
    case .unknownSpeakers(let asked, let count, let total, let example):
      "\(asked) needs to know who speaks, but "
        + Wording.part(count, of: total, "utterance", "has", "have")
        + " no speaker (\(example)); name the speakers, or choose a split that does not need them."
    case .loneSpeaker(let name):
      "leave_one_speaker_out needs at least two speakers, but \(name) speaks in all utterances."
    case .tooFewSpeakers(let folds, let speakers) where folds < 2:
      "speaker_folds: \(folds) is no split of \(Wording.counted(speakers, "speaker", "speakers")); at "
        + "least 2 folds are needed."
    case .tooFewSpeakers(let folds, let speakers):
      "speaker_folds: \(folds) needs as many speakers, but there \(speakers == 1 ? "is" : "are") \(speakers)."
    case .speakersLackClasses(let lacking, let total, let withOne, let example, let only):
      "leave_one_speaker_out cannot test every class: "
        + Wording.part(lacking, of: total, "speaker", "lacks", "lack") + " one"
        + (withOne == 0 ? "" : ", \(withOne) \(withOne == 1 ? "has" : "have") a single class")
        + " (\(example) has only \(Wording.list(only, limit: 4))); use speaker_folds, or missing_classes: allow."
    case .classOnFewSpeakers(let name, let speakers, let folds):
      Self.fewSpeakers(have: name, speakers: speakers, folds: folds)
    case .testLacksClasses(let fold, let classes):
      "fold \(fold) would test no \(Wording.choice(classes)) utterance; choose other folds, or "
        + "missing_classes: allow to score it over the classes that it has."
    case .trainLacksClasses(let fold, let classes):
      "fold \(fold) would train on no \(Wording.choice(classes)) utterance; choose fewer or other folds."
    case .emptySide(let fold, let side):
      "fold \(fold) has no utterance to \(side); check the split."
    case .sharedSpeakers(let fold, let sides, let speakers):
      "fold \(fold): \(Wording.list(speakers, limit: 4)) \(speakers.count == 1 ? "is" : "are") in both "
        + "\(sides); a network that knows a speaker is not tested on strangers."
    case .sharedUtterance(let fold, let sides, let id):
      "fold \(fold): the sound of \(id) is in both \(sides); keep it on one side."
    case .repeatedFold(let fold, let first):
      "fold \(fold) has the very utterances of fold \(first) on every side; list each fold once, or it "
        + "counts twice."
    case .tooFewValidationSpeakers(let fold, let wanted, let speakers):
      "fold \(fold): \(Wording.counted(wanted, "validation speaker", "validation speakers")) and one to train "
        + "on are not to be had from "
        + Wording.counted(speakers, "speaker that is", "speakers that are") + " not tested."
    case .validationTakesClass(let fold, let wanted, let classes):
      "fold \(fold): whichever speakers {\(wanted)} takes for validation, none that has "
        + "\(Wording.choice(classes)) is left to train on; take fewer, or use fewer folds."
    case .foldFile(let sentence): sentence
    case .nothingMatches(let path, let example):
      "\(path): these folds name no file of this corpus (they name \(example)); is it the right one?"
    case .ambiguousFile(let path, let name, let ids):
      "\(path): '\(name)' may be \(Wording.choice(ids)); name files by the path below the corpus folder."
    case .noOfficialSplit(let missing):
      "official needs utterances with the \(missing.count == 1 ? "split" : "splits") "
        + "\(Wording.list(missing, limit: 4)); a manifest names it in a column "
        + "split (train, validation, test)."
    }
  }

  private static func fewSpeakers(have name: String, speakers: [String], folds: Int) -> String {
    let fewer = speakers.count < 2 ? "" : "at most speaker_folds: \(speakers.count), or "
    return "speaker_folds: \(folds) cannot test \(name) in every fold: only "
      + "\(Wording.counted(speakers.count, "speaker has", "speakers have")) it (\(Wording.list(speakers, limit: 4))); use "
      + "\(fewer)missing_classes: allow."
  }
}
