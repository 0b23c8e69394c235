import Foundation

/// Looks for what would make a fold's result worthless.
struct FoldCheck {
  let corpus: LabeledCorpus
  let missingClasses: ProtocolOptions.MissingClasses
  /// Whether somebody published the split, so that its speakers may be shared.
  let isPublished: Bool
  /// Whether something is to be tested.
  var holdsOut = true

  /// What is wrong with a fold.
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
      if let file = sharedAudio(one, other) {
        errors.append(.sharedAudio(fold: fold.name, sides: name, file: file))
      }
    }
    return errors
  }

  /// The known speakers of the utterances at `indices`.
  func speakers(_ indices: [Int]) -> Set<String> {
    Set(indices.compactMap { corpus.utterances[$0].utterance.speaker })
  }

  /// The id of an utterance whose sound, or part of it, is on both sides.
  private func sharedAudio(_ one: [Int], _ other: [Int]) -> String? {
    var spans: [URL: [ClosedRange<Double>]] = [:]
    for index in one {
      let utterance = corpus.utterances[index].utterance
      spans[utterance.file, default: []].append(whole(utterance))
    }
    return other.lazy.map { corpus.utterances[$0].utterance }.first { utterance in
      let span = whole(utterance)
      return (spans[utterance.file] ?? []).contains {
        $0.lowerBound < span.upperBound && span.lowerBound < $0.upperBound
      }
    }?.id
  }

  private func whole(_ utterance: Utterance) -> ClosedRange<Double> {
    utterance.span ?? 0...Double.infinity
  }
}
