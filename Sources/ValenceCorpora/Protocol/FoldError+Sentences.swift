package import ValenceCore

extension FoldError: CustomStringConvertible {
  /// The choice at fault and one sentence, which may follow the corpus's name.
  package var misfit: Misfit<Field> {
    switch self {
    case .emptyClasses(let classes, let isNative): Self.empty(classes, isNative: isNative)
    case .unknownSpeakers(let asking, let count, let total, let example):
      Self.unknown(asking, Wording.part(count, of: total, "utterance", "has", "have"), example)
    case .loneSpeaker(let name):
      Misfit(
        .within,
        "leave_one_speaker_out needs at least two speakers, but \(name) speaks in all utterances.")
    case .tooFewSpeakers(let folds, let speakers): Self.tooFew(speakers, folds: folds)
    case .speakersLackClasses(let lacking, let total, let withOne, let example, let only):
      Self.lacking(
        Wording.part(lacking, of: total, "speaker", "lacks", "lack"), withOneClass: withOne,
        "\(example) has only \(Wording.list(only, limit: 4))")
    case .classOnFewSpeakers(let name, let speakers, let folds):
      Self.few(speakers, have: name, folds: folds)
    case .testLacksClasses(let fold, let classes): Self.untested(classes, fold: fold)
    case .trainLacksClasses(let fold, let classes):
      Misfit(
        .within,
        "fold \(fold) would train on no \(Wording.choice(classes)) utterance; choose fewer or other folds."
      )
    case .emptySide(let fold, let side):
      Misfit(.within, "fold \(fold) has no utterance to \(side); check the split.")
    case .sharedSpeakers(let fold, let sides, let speakers):
      Self.shared(speakers, fold: fold, sides: sides)
    case .sharedUtterance(let fold, let sides, let id):
      Misfit(
        .within, "fold \(fold): the sound of \(id) is in both \(sides); keep it on one side.")
    case .repeatedFold(let fold, let first): Self.repeated(fold, first)
    case .tooFewInnerFolds(let folds):
      Misfit(
        .scored,
        """
        inner leaves one fold out and scores the next, so it needs at least three folds, but there \
        \(folds == 1 ? "is" : "are") \(folds); choose more in \(field: .within).
        """)
    case .innerOutsideTraining(let fold, let next, let count):
      Misfit(
        .scored,
        """
        inner scores the test side of fold \(next) within the training side of fold \(fold), but \
        \(Wording.counted(count, "utterance")) of it \(count == 1 ? "is" : "are") not there; use folds \
        that test each speaker once.
        """)
    case .tooFewValidationSpeakers(let fold, let wanted, let speakers):
      Self.tooFewToValidate(speakers, fold: fold, wanted: wanted)
    case .validationTakesClass(let asking, let fold, let classes):
      Self.taken(classes, fold: fold, asking)
    case .foldFile(let field, let sentence): Misfit(field, "\(sentence)")
    case .nothingMatches(let field, let path, let example):
      Misfit(
        field,
        "\(path): these folds name no file of this corpus (they name \(example)); is it the right one?"
      )
    case .ambiguousFile(let field, let path, let name, let ids):
      Misfit(
        field,
        "\(path): '\(name)' may be \(Wording.choice(ids)); name files by the path below the corpus folder."
      )
    case .noOfficialSplit(let missing): Self.unofficial(missing)
    }
  }

  /// The sentence after its choice, with the names that the source gives the choices.
  package var description: String { misfit.description }

  // MARK: - Classes

  private static func empty(_ classes: [String], isNative: Bool) -> Misfit<Field> {
    let none = "no utterance is \(Wording.choice(classes))"
    if isNative {
      return Misfit(
        .labels,
        """
        \(none); native makes a class of every corpus's every word, so choose a built-in label space \
        such as emotion4, or join the words (joy and happiness) in \(field: .labelMap), or leave this \
        corpus out of \(field: .trainOn).
        """)
    }
    return Misfit(
      .labels,
      """
      \(none); list only classes that every training corpus has in \(field: .classes), or leave this \
      corpus out of \(field: .trainOn).
      """)
  }

  private static func untested(_ classes: [String], fold: String) -> Misfit<Field> {
    Misfit(
      .missingClasses,
      """
      fold \(fold) would test no \(Wording.choice(classes)) utterance; choose other folds in \
      \(field: .within), or set \(field: .missingClasses): allow to score it over the classes that it has.
      """)
  }

  private static func lacking(
    _ part: String, withOneClass: Int, _ example: String
  ) -> Misfit<Field> {
    let single =
      withOneClass == 0
      ? "" : ", \(withOneClass) \(withOneClass == 1 ? "has" : "have") a single class"
    return Misfit(
      .within,
      """
      leave_one_speaker_out cannot test every class: \(part) one\(single) (\(example)); use \
      \(field: .speakerFolds), or \(field: .missingClasses): allow.
      """)
  }

  private static func few(_ speakers: [String], have name: String, folds: Int) -> Misfit<Field> {
    let having = Wording.counted(speakers.count, "speaker has", "speakers have")
    let fewer = speakers.count < 2 ? "" : "at most \(speakers.count), or "
    return Misfit(
      .speakerFolds,
      """
      \(folds) folds cannot all test \(name): only \(having) it (\(Wording.list(speakers, limit: 4))); \
      use \(fewer)\(field: .missingClasses): allow.
      """)
  }

  private static func taken(_ classes: [String], fold: String, _ asking: Field) -> Misfit<Field> {
    Misfit(
      asking,
      """
      fold \(fold): whichever speakers are taken for validation, none that has \
      \(Wording.choice(classes)) is left to train on; take fewer, or use fewer folds.
      """)
  }

  // MARK: - Speakers and sides

  private static func unknown(
    _ asking: Field, _ part: String, _ example: String
  ) -> Misfit<Field> {
    let other: Misfit<Field>.Message =
      asking == .validationSpeakers
      ? "use \(field: .validationFraction)" : "choose a split that does not need them"
    return Misfit(
      asking,
      """
      it must be known who speaks, but \(part) no speaker (\(example)); name the speakers, or \(other).
      """)
  }

  private static func tooFew(_ speakers: Int, folds: Int) -> Misfit<Field> {
    if folds < 2 {
      return Misfit(
        .speakerFolds,
        """
        \(folds) is no split of \(Wording.counted(speakers, "speaker", "speakers")); at least 2 folds are \
        needed.
        """)
    }
    return Misfit(
      .speakerFolds,
      "\(folds) folds need as many speakers, but there \(speakers == 1 ? "is" : "are") \(speakers)."
    )
  }

  private static func shared(
    _ speakers: [String], fold: String, sides: String
  ) -> Misfit<Field> {
    Misfit(
      .within,
      """
      fold \(fold): \(Wording.list(speakers, limit: 4)) \(speakers.count == 1 ? "is" : "are") in both \
      \(sides); a network that knows a speaker is not tested on strangers.
      """)
  }

  private static func repeated(_ fold: String, _ first: String) -> Misfit<Field> {
    Misfit(
      .within,
      """
      fold \(fold) has the very utterances of fold \(first) on every side; list each fold once, or it \
      counts twice.
      """)
  }

  private static func tooFewToValidate(
    _ speakers: Int, fold: String, wanted: Int
  ) -> Misfit<Field> {
    Misfit(
      .validationSpeakers,
      """
      fold \(fold): \(Wording.counted(wanted, "validation speaker", "validation speakers")) and one to \
      train on are not to be had from \
      \(Wording.counted(speakers, "speaker that is", "speakers that are")) not tested.
      """)
  }

  // MARK: - Published sides

  private static func unofficial(_ missing: [String]) -> Misfit<Field> {
    Misfit(
      .within,
      """
      official needs utterances with the \(missing.count == 1 ? "split" : "splits") \
      \(Wording.list(missing, limit: 4)); a manifest names it (train, validation, test) in its column split, \
      or in the one that \(field: .splitColumn) names.
      """)
  }
}
