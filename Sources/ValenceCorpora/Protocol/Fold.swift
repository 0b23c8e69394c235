package import ValenceCore

/// Train, validation and test utterances of one corpus.
///
/// Indices point into the list of labeled utterances that the fold was made from.
package struct Fold: Hashable, Sendable {
  /// `1`, `2`, … or the held-out speaker; unique within its protocol.
  package let name: String
  /// The training utterances.
  package let train: [Int]
  /// The utterances that choose the epoch (early stopping); empty if the plan asks for none.
  package let validation: [Int]
  /// The test utterances.
  package let test: [Int]
  /// Speakers on both sides of a published split; empty for splits of our own.
  package let sharedSpeakers: [String]

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

extension Fold {
  /// The fold with its validation utterances among those to train on.
  package var withoutValidation: Fold {
    Fold(
      name: name, train: Set(train + validation).sorted(), validation: [], test: test,
      sharedSpeakers: sharedSpeakers)
  }

  /// The fold without some of the utterances that are learned from; what is tested stays.
  package func leavingOut(_ isLeftOut: (Int) -> Bool) -> Fold {
    Fold(
      name: name, train: train.filter { !isLeftOut($0) },
      validation: validation.filter { !isLeftOut($0) }, test: test,
      sharedSpeakers: sharedSpeakers)
  }
}

/// The folds of one corpus, and what a reader of the results must know about them.
package struct CorpusFolds: Sendable {
  /// The folds, in the order of the protocol.
  package let folds: [Fold]
  /// Sentences: what of a published split is missing here, which classes a side lacks, which
  /// speakers are on both sides or unknown.
  package let remarks: [String]
  /// The known speakers of each side, counted over all folds.
  package let speakers: SpeakerSeparation
}
