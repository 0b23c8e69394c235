package import Foundation

/// How a corpus is split for training, validation and test.
package struct ProtocolOptions: Hashable, Sendable {
  /// The split within a corpus.
  package enum Within: Hashable, Sendable {
    /// One fold a speaker.
    case leaveOneSpeakerOut
    /// That many folds of whole speakers, balanced by class.
    case speakerFolds(Int)
    /// EmoBox's fold files (Ma et al., 2024): a folder with `fold_<k>/<corpus>_test_fold_<k>.jsonl`,
    /// or a folder of such folders by corpus.
    case emobox(URL)
    /// A CSV with the columns `file` (the utterance's id, or its file name) and `fold`: each file is
    /// tested in its fold. With a column `split` (`train`, `validation`, `test`) it lists every side.
    case csv(URL)
    /// The split that the publisher put into the corpus itself (`Utterance.split`).
    case official
  }

  /// How validation utterances are taken from what is not tested.
  package enum Validation: Hashable, Sendable {
    /// That many speakers.
    case speakers(Int)
    /// Whole speakers until about this share of the utterances is reached, where speakers are
    /// known; else single utterances, balanced by class.
    case fraction(Double)
    /// Not at all: everything that is not tested is trained on, a published validation side too.
    case none
  }

  /// Who is scored within a corpus.
  package enum Scored: String, Hashable, Sendable, CaseIterable {
    /// The test side of each fold.
    case test
    /// Of each fold the test side of the next one, which is taken from the training side; the fold's own is
    /// left out altogether: for choices that no test score may have a part in.
    case inner
  }

  /// The treatment of a fold whose test set lacks a class.
  package enum MissingClasses: String, Hashable, Sendable, CaseIterable {
    /// It is an error.
    case refuse
    /// It is scored over the classes that it has, and the results say so.
    case allow
  }

  /// The treatment of the same sound in training and test sets: copies of a recording, links to it,
  /// its repacked form, spans that overlap.
  package enum Duplicates: String, Hashable, Sendable, CaseIterable {
    /// It is an error.
    case refuse
    /// Training and validation go without it.
    case leaveOutOfTraining = "leave_out_of_training"
    /// It stays where it is, and the results say so.
    case allow
  }

  /// What is otherwise refused, and then said in every result.
  package enum Allowance: String, Hashable, Sendable, CaseIterable {
    /// A tested corpus that a frozen encoder has heard.
    case heard
  }

  /// The corpora that a network is trained on, and those that it is tested on.
  package enum Across: String, Hashable, Sendable, CaseIterable {
    /// One training corpus; tested on held-out folds of it alone.
    case none
    /// One training corpus; tested on every corpus of `test_on`.
    case pairs
    /// All training corpora but one, each as a whole; tested on the whole of that one.
    case leaveOneCorpusOut = "leave_one_corpus_out"
    /// All training corpora together, the same fold held out of each; tested on every corpus of
    /// `test_on`.
    case pooled

    /// Whether networks learn from several corpora at once.
    package var unitesCorpora: Bool { self == .pooled || self == .leaveOneCorpusOut }

    /// Whether there is a choice of what a network is tested on of a corpus that it does not learn from.
    package var choosesTest: Bool { self == .pairs || self == .pooled }
  }

  /// The part of a corpus that is scored by networks not trained on it.
  package enum AcrossTest: String, Hashable, Sendable, CaseIterable {
    /// The test sets of its own folds together, so that networks of any corpus are scored on
    /// the same utterances of it.
    ///
    /// Of a corpus that nothing is trained on: its published test side, where `within` follows one that
    /// it has; else all of it.
    case same
    case whole
  }

  /// The part of a corpus that networks tested on other corpora learn from.
  package enum AcrossTraining: String, Hashable, Sendable, CaseIterable {
    /// What each of its folds trains on: the networks that are tested within it are tested on others too.
    case folds
    /// All of it: a network of its own for other corpora.
    case all
  }

  /// The split within a corpus.
  package var within = Within.speakerFolds(5)
  /// Where validation utterances come from.
  package var validation = Validation.speakers(2)
  /// Who is scored within a corpus.
  package var scored = Scored.test
  /// The treatment of a fold whose test set lacks a class.
  package var missingClasses = MissingClasses.refuse
  /// The treatment of the same sound on two sides.
  package var duplicates = Duplicates.refuse
  /// What is allowed although it may flatter the results.
  package var allowances: [Allowance] = []
  /// The corpora that a network is trained on, and those that it is tested on.
  package var across = Across.pairs
  /// The scored part of a corpus that a network is not trained on, if `across` leaves a choice.
  package var acrossTest = AcrossTest.same
  /// The part of a corpus that networks tested on other corpora learn from, if `across` leaves a choice.
  package var acrossTraining = AcrossTraining.folds
  /// Whether models of all corpora but two are trained too, by which variants are chosen for each held-out
  /// corpus without it; of `leaveOneCorpusOut` alone.
  package var acrossNested = false

  /// The defaults: five speaker folds, two validation speakers, every pair of corpora.
  package init() {}

  /// The legal numbers of speaker folds.
  package static let speakerFoldsRange = 2...1000
  /// The legal numbers of validation speakers.
  package static let validationSpeakersRange = 1...1000
  /// The legal shares of validation utterances.
  package static let validationFractionRange = 0.01...0.9
}
