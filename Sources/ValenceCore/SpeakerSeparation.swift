/// The speakers on each side of a corpus's folds: whether test speakers are unseen in training was counted,
/// not assumed.
package struct SpeakerSeparation: Codable, Hashable, Sendable {
  /// One side of all folds, compared with what its networks were trained on.
  package struct Side: Codable, Hashable, Sendable {
    /// The utterances on this side of any fold, each once.
    package let utterances: Int
    /// Those of them without a speaker.
    package let nameless: Int
    /// The known speakers of the side.
    package let speakers: Int
    /// The known speakers who are on the other side of the same fold as well.
    package let shared: Int

    package init(utterances: Int, nameless: Int, speakers: Int, shared: Int) {
      self.utterances = utterances
      self.nameless = nameless
      self.speakers = speakers
      self.shared = shared
    }
  }

  /// The result for a side.
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

  /// The training side of any fold; nothing is compared with it.
  package let train: Side
  /// The validation side, compared with training.
  package let validation: Side
  /// The test side, compared with training and validation.
  package let test: Side

  package init(train: Side, validation: Side, test: Side) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// Whether test speakers are unseen in training and validation.
  package var tested: Finding { Self.finding(test, beside: [train, validation]) }
  /// Whether validation speakers are unseen in training.
  package var validated: Finding { Self.finding(validation, beside: [train]) }

  private static func finding(_ side: Side, beside others: [Side]) -> Finding {
    if side.utterances == 0 { return .none }
    if side.shared > 0 { return .shared }
    return ([side] + others).contains { $0.nameless > 0 } ? .unknown : .heldOut
  }
}
