/// What is known of who speaks on the sides of a corpus's folds: whether what is tested is spoken by
/// strangers was counted, not supposed.
package struct SpeakerSeparation: Codable, Hashable, Sendable {
  /// One side of all folds, compared with what its networks had heard before.
  package struct Side: Codable, Hashable, Sendable {
    /// The utterances on this side of any fold, each once.
    package let utterances: Int
    /// Those of them without a speaker.
    package let nameless: Int
    /// The known speakers of the side.
    package let speakers: Int
    /// The known speakers who are heard on the other side of the same fold as well.
    package let shared: Int
  }

  /// What was counted on a side, in the order of what a reader must know first.
  package enum Finding: String, Codable, Hashable, Sendable {
    /// Every utterance of both sides has a speaker, and no speaker is on both.
    case heldOut
    /// Known speakers are on both sides.
    case shared
    /// No known speaker is on both sides, but utterances have no speaker.
    case unknown
    /// The side is empty.
    case none
  }

  /// What is learned from, in any fold; nothing is shared with it.
  package let train: Side
  /// What chooses the epoch, compared with what is learned from.
  package let validation: Side
  /// What is scored, compared with what is learned from and what chooses the epoch.
  package let test: Side

  /// Whether test utterances are spoken by strangers.
  package var tested: Finding { Self.finding(test, beside: [train, validation]) }
  /// Whether validation utterances are spoken by people whom the network does not learn from.
  package var validated: Finding { Self.finding(validation, beside: [train]) }

  private static func finding(_ side: Side, beside others: [Side]) -> Finding {
    if side.utterances == 0 { return .none }
    if side.shared > 0 { return .shared }
    return ([side] + others).contains { $0.nameless > 0 } ? .unknown : .heldOut
  }
}

extension SpeakerSeparation {
  /// Counts over the folds of a corpus.
  init(_ folds: [Fold], of corpus: LabeledCorpus) {
    var numbers: [String: Int] = [:]
    let speakers = corpus.utterances.map { item in
      item.utterance.speaker.map { name in
        if let known = numbers[name] { return known }
        numbers[name] = numbers.count
        return numbers.count - 1
      }
    }
    var train = Tally(utterances: speakers.count, speakers: numbers.count)
    var (validation, test) = (train, train)
    for fold in folds {
      train.add(fold.train, beside: [], speakers)
      validation.add(fold.validation, beside: [fold.train], speakers)
      test.add(fold.test, beside: [fold.train, fold.validation], speakers)
    }
    self.train = train.side(speakers)
    self.validation = validation.side(speakers)
    self.test = test.side(speakers)
  }

  /// What stands on one side of any fold so far.
  private struct Tally {
    private var isListed: [Bool]
    private var isShared: [Bool]

    init(utterances: Int, speakers: Int) {
      isListed = Array(repeating: false, count: utterances)
      isShared = Array(repeating: false, count: speakers)
    }

    mutating func add(_ indices: [Int], beside others: [[Int]], _ speakers: [Int?]) {
      var isHeard = [Bool](repeating: false, count: isShared.count)
      for other in others {
        for index in other { if let speaker = speakers[index] { isHeard[speaker] = true } }
      }
      for index in indices {
        isListed[index] = true
        if let speaker = speakers[index], isHeard[speaker] { isShared[speaker] = true }
      }
    }

    func side(_ speakers: [Int?]) -> Side {
      var (utterances, nameless) = (0, 0)
      var isHere = [Bool](repeating: false, count: isShared.count)
      for (index, isListed) in isListed.enumerated() where isListed {
        utterances += 1
        if let speaker = speakers[index] { isHere[speaker] = true } else { nameless += 1 }
      }
      return Side(
        utterances: utterances, nameless: nameless, speakers: isHere.count(where: \.self),
        shared: isShared.count(where: \.self))
    }
  }
}

extension SpeakerSeparation {
  /// Sentences for the reader of any result: who is not known, and whether the epoch is chosen on
  /// strangers.
  ///
  /// Test speakers who are trained on are named fold by fold (`Fold.sharedSpeakers`).
  func remarks(on corpus: String) -> [String] {
    var remarks: [String] = []
    if validation.shared > 0 {
      remarks.append(
        "\(corpus): \(part(validation.shared, of: validation.speakers, "validation speaker", "is", "are"))"
          + " also trained on, so the epoch is chosen on speakers that the network knows.")
    }
    let sides = [("test", test), ("training", train), ("validation", validation)]
    let unknown = sides.filter { $0.1.nameless > 0 }.map { name, side in
      "\(side.nameless) of \(counted(side.utterances, "\(name) utterance", "\(name) utterances"))"
    }
    if !unknown.isEmpty {
      let isTest = test.utterances > 0
      remarks.append(
        "\(corpus): nobody knows who speaks in \(listed(unknown)), so "
          + (isTest
            ? "test speakers may also be trained on; this is no result on unknown speakers."
            : "the epoch may be chosen on speakers that the network knows."))
    }
    return remarks
  }
}
