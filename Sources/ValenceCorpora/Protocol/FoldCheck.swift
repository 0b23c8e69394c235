import Foundation
import ValenceCore

/// Looks for what would make a fold's result worthless.
struct FoldCheck {
  let corpus: LabeledCorpus
  let missingClasses: ProtocolOptions.MissingClasses
  /// Whether somebody published the split, so that its speakers may be shared.
  let isPublished: Bool
  /// Whether something is to be tested.
  let holdsOut: Bool
  /// The known speakers.
  private let names: [String]
  /// The position in `names` of each utterance's speaker.
  private let speakers: [Int?]

  /// Looks at a corpus once, so that each of its folds is checked in one pass over numbers.
  init(
    _ corpus: LabeledCorpus, missingClasses: ProtocolOptions.MissingClasses, isPublished: Bool,
    holdsOut: Bool = true
  ) {
    (self.corpus, self.missingClasses) = (corpus, missingClasses)
    (self.isPublished, self.holdsOut) = (isPublished, holdsOut)
    var numbers: [String: Int] = [:]
    speakers = corpus.utterances.map { item in
      item.utterance.speaker.map { name in
        if let known = numbers[name] { return known }
        numbers[name] = numbers.count
        return numbers.count - 1
      }
    }
    names = numbers.sorted { $0.value < $1.value }.map(\.key)
  }

  /// The errors of a fold.
  func errors(in fold: Fold) -> [FoldError] {
    var errors: [FoldError] = []
    let sidesInUse = [("train on", fold.train)] + (holdsOut ? [("test", fold.test)] : [])
    for (side, indices) in sidesInUse where indices.isEmpty {
      errors.append(.emptySide(fold: fold.name, side: side))
    }
    guard errors.isEmpty else { return errors }
    let unlearned = corpus.missingClasses(corpus.counts(of: fold.train))
    if !unlearned.isEmpty {
      errors.append(.trainLacksClasses(fold: fold.name, classes: unlearned))
    }
    let untested = corpus.missingClasses(corpus.counts(of: fold.test))
    if holdsOut, !untested.isEmpty, missingClasses == .refuse {
      errors.append(.testLacksClasses(fold: fold.name, classes: untested))
    }
    let sides = [
      ("train and test", fold.train, fold.test),
      ("validation and test", fold.validation, fold.test),
      ("train and validation", fold.train, fold.validation),
    ]
    for (name, one, other) in sides {
      let shared = speakers(one).intersection(speakers(other)).sorted()
      if !isPublished, !shared.isEmpty {
        errors.append(.sharedSpeakers(fold: fold.name, sides: name, speakers: shared))
      }
      if let id = onBoth(one, other) {
        errors.append(.sharedUtterance(fold: fold.name, sides: name, id: id))
      }
    }
    return errors
  }

  /// The known speakers of the utterances at `indices`.
  func speakers(_ indices: [Int]) -> Set<String> {
    var isHeard = [Bool](repeating: false, count: names.count)
    for index in indices { if let speaker = speakers[index] { isHeard[speaker] = true } }
    return Set(zip(names, isHeard).filter(\.1).map(\.0))
  }

  /// The id of an utterance that is on both sides.
  private func onBoth(_ one: [Int], _ other: [Int]) -> String? {
    var isHere = [Bool](repeating: false, count: corpus.utterances.count)
    for index in one { isHere[index] = true }
    return other.first { isHere[$0] }.map { corpus.utterances[$0].utterance.id }
  }
}
