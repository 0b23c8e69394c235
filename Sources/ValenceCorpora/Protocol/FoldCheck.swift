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
  /// All utterances by file, and in each file by their beginning.
  private let order: [Int]

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
    var files: [ExactName: Int] = [:]
    let places = corpus.utterances.map { item -> (file: Int, start: Double) in
      let next = files.count
      let path = ExactName(item.utterance.filePath)
      let file = files[path, default: next]
      if file == next { files[path] = next }
      return (file, item.utterance.span?.lowerBound ?? 0)
    }
    order = places.indices.sorted { places[$0] < places[$1] }
  }

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
    var isHeard = [Bool](repeating: false, count: names.count)
    for index in indices { if let speaker = speakers[index] { isHeard[speaker] = true } }
    return Set(zip(names, isHeard).filter(\.1).map(\.0))
  }

  /// The id of an utterance whose sound, or part of it, is on both sides.
  private func sharedAudio(_ one: [Int], _ other: [Int]) -> String? {
    guard sharesAudio(one, other) else { return nil }
    let spans = Dictionary(grouping: one.map { corpus.utterances[$0].utterance }) {
      ExactName($0.filePath)
    }
    return other.lazy.map { corpus.utterances[$0].utterance }.first { utterance in
      let span = whole(utterance)
      return (spans[ExactName(utterance.filePath)] ?? []).contains {
        let other = whole($0)
        return other.lowerBound < span.upperBound && span.lowerBound < other.upperBound
      }
    }?.id
  }

  /// Whether a sound is on both sides: one of either begins before one of the other has ended.
  private func sharesAudio(_ one: [Int], _ other: [Int]) -> Bool {
    var sides = [Int?](repeating: nil, count: order.count)
    for index in one { sides[index] = 0 }
    for index in other {
      if sides[index] == 0 { return true }
      sides[index] = 1
    }
    // How far each side has come in the file at hand.
    var (file, ends) = (ExactName(""), [0.0, 0.0])
    for index in order {
      guard let side = sides[index] else { continue }
      let utterance = corpus.utterances[index].utterance
      let path = ExactName(utterance.filePath)
      if path != file { (file, ends) = (path, [0, 0]) }
      let span = whole(utterance)
      if span.lowerBound < ends[1 - side] { return true }
      ends[side] = max(ends[side], span.upperBound)
    }
    return false
  }

  private func whole(_ utterance: Utterance) -> ClosedRange<Double> {
    utterance.span ?? 0...Double.infinity
  }
}
