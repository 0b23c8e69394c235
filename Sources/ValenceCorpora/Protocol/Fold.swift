/// Train, validation and test utterances of one corpus.
///
/// Indices point into the list of labeled utterances that the fold was made from.
public struct Fold: Hashable, Sendable {
  /// `1`, `2`, … or the held-out speaker; unique within its protocol.
  public let name: String
  /// What the network learns from.
  public let train: [Int]
  /// What training choices (early stopping) are made on; may be empty if the plan asks for none.
  public let validation: [Int]
  /// What is scored.
  public let test: [Int]
  /// Speakers who stand on both sides of a published split; empty for every split of our own.
  public let sharedSpeakers: [String]

  /// Describes a fold; `FoldMaker` is what checks it.
  init(
    name: String, train: [Int], validation: [Int], test: [Int], sharedSpeakers: [String] = []
  ) {
    self.name = name
    self.train = train
    self.validation = validation
    self.test = test
    self.sharedSpeakers = sharedSpeakers
  }
}

/// An utterance with the class that the experiment's label space gives it.
public struct LabeledUtterance: Hashable, Sendable {
  /// The utterance.
  public let utterance: Utterance
  /// The position of its class in the label space.
  public let target: Int

  /// Pairs an utterance with its class.
  public init(utterance: Utterance, target: Int) {
    self.utterance = utterance
    self.target = target
  }
}
