package import ValenceCore

/// Train, validation and test utterances of one corpus.
///
/// Indices point into the list of labeled utterances that the fold was made from.
package struct Fold: Hashable, Sendable {
  /// `1`, `2`, … or the held-out speaker; unique within its protocol.
  package let name: String
  /// What the network learns from.
  package let train: [Int]
  /// What training choices (early stopping) are made on; may be empty if the plan asks for none.
  package let validation: [Int]
  /// What is scored.
  package let test: [Int]
  /// Speakers who stand on both sides of a published split; empty for every split of our own.
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
  /// speakers stand on both sides or are not known.
  package let remarks: [String]
  /// Who is known to speak on which side, counted over all folds.
  package let speakers: SpeakerSeparation
}

/// How many utterances of each class stand on each side of a fold.
package struct FoldCounts: Hashable, Sendable, CustomStringConvertible {
  /// The sides `train`, `validation` and `test`, each with its counts by class.
  package let sides: [Side]

  /// One side of a fold.
  package struct Side: Hashable, Sendable {
    /// `train`, `validation` or `test`.
    package let name: String
    /// The number of utterances of each class.
    package let classes: [Int]
    /// The number of known speakers.
    package let speakers: Int
  }

  /// `train 960 (16 speakers), validation 240 (4 speakers), test 240 (4 speakers)`.
  package var description: String {
    sides.map { side in
      let total = side.classes.reduce(0, +)
      guard side.speakers > 0 else { return "\(side.name) \(total)" }
      return "\(side.name) \(total) (\(counted(side.speakers, "speaker", "speakers")))"
    }.joined(separator: ", ")
  }
}

extension Fold {
  /// Counts classes and speakers on each side; `corpus` is what the fold was made from.
  package func counts(in corpus: LabeledCorpus) -> FoldCounts {
    FoldCounts(
      sides: [("train", train), ("validation", validation), ("test", test)].map { name, indices in
        FoldCounts.Side(
          name: name, classes: corpus.counts(of: indices),
          speakers: Set(indices.compactMap { corpus.utterances[$0].utterance.speaker }).count)
      })
  }
}
