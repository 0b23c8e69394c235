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

    package init(utterances: Int, nameless: Int, speakers: Int, shared: Int) {
      self.utterances = utterances
      self.nameless = nameless
      self.speakers = speakers
      self.shared = shared
    }
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

  package init(train: Side, validation: Side, test: Side) {
    self.train = train
    self.validation = validation
    self.test = test
  }

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
