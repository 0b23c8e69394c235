import ValenceCore

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
    self.init(
      train: train.side(speakers), validation: validation.side(speakers), test: test.side(speakers))
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
        "\(corpus): \(Wording.part(validation.shared, of: validation.speakers, "validation speaker", "is", "are"))"
          + " also trained on, so the epoch is chosen on speakers that the network knows.")
    }
    let sides = [("test", test), ("training", train), ("validation", validation)]
    let unknown = sides.filter { $0.1.nameless > 0 }.map { name, side in
      "\(side.nameless) of \(Wording.counted(side.utterances, "\(name) utterance", "\(name) utterances"))"
    }
    if !unknown.isEmpty {
      let isTest = test.utterances > 0
      remarks.append(
        "\(corpus): it is unknown who speaks in \(Wording.list(unknown, limit: 4)), so "
          + (isTest
            ? "test speakers may also be trained on; this is no result on unknown speakers."
            : "the epoch may be chosen on speakers that the network knows."))
    }
    return remarks
  }
}
