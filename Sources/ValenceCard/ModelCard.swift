import Foundation
package import ValenceStore

/// What is known of a trained model: what it learned from, how well it did and on whom, and what it must not
/// be used for.
///
/// Made from the files of its trial and its experiment (`init(of:encoder:)`); in a bundle it is `card.json`.
/// It names no path of the machine, and counts speakers without naming them, because cards are handed on.
/// A new member is optional, so that cards of earlier versions go on being read.
package struct ModelCard: Codable, Hashable, Sendable {
  /// The version of this form.
  package var format = 1
  /// A short name that tells it apart from other models: the key of its trial, or the beginning of its digest.
  package var name: String
  /// `network` or `classic model`.
  package var kind: String
  /// The SHA-256 digest of the model's file.
  package var digest: String
  /// The class names, in order.
  package var classes: [String]
  package var input: Input
  package var normalization: Normalization
  /// The encoder that it hears through; nil if it hears through none.
  package var encoder: Encoder?
  /// How it was trained; nil if there is no record of it.
  package var training: Training?
  /// The corpora that it was trained and tested on, as far as they are known.
  package var corpora: [Corpus] = []
  /// Its scores, in the order of the experiment's test corpora.
  package var scores: [Score] = []
  /// Sentences that must be shown with every score.
  package var warnings: [String] = []
  /// The code, libraries and machine that trained it; nil if unknown.
  package var made: Provenance?
  /// The seconds of training and evaluation, by name; empty if they were not kept.
  package var seconds: [String: Double] = [:]
  package var use = IntendedUse()
  /// Sentences on what is not known of it.
  package var unknown: [String] = []

  /// What it hears.
  package struct Input: Codable, Hashable, Sendable {
    /// The rate that sound is brought to.
    package var rateHz: Int
    /// The length of a clip, in seconds, which is also that of a window.
    package var clipS: Double
    /// What became of longer clips in training: `crop` or `windows`.
    package var longClips: String
    /// How its features meet, in the word of the experiment file.
    package var fusion: String
    /// Its features.
    package var features: [String]
  }

  /// By whose statistics its features are normalized.
  package struct Normalization: Codable, Hashable, Sendable {
    /// `none`, `train`, `corpus` or `speaker`.
    package var by: String
    /// What that means for recordings and live speech, in sentences.
    package var live: String
  }

  /// The encoder whose hidden states are its features.
  package struct Encoder: Codable, Hashable, Sendable {
    /// Family, layers, width and the digest of the weights.
    package var identity: String
    /// Which of its hidden states.
    package var layer: String
    /// The corpora that it is known to have heard; nil if nobody said.
    package var heard: [String]?
    /// The license that its files state; nil if they state none or are not at hand.
    package var license: String?
  }

  /// How it was trained.
  package struct Training: Codable, Hashable, Sendable {
    /// The key of its trial.
    package var key: String
    /// The experiment, if its folder is at hand, and its title.
    package var experiment: String?
    package var title: String?
    package var variant: String?
    /// The corpora that it was trained on; nil if the experiment's folder is not at hand.
    package var corpora: [String]?
    /// `3 of 6`.
    package var fold: String?
    package var seed: UInt64
    /// The split of the corpora, in words.
    package var split: String?
    package var labelSpace: String?
    /// The number of clips that it was trained on, and of each class.
    package var clips: Int
    package var clipsByClass: [String: Int]
    /// The number of clips that chose the epoch, or the number of epochs.
    package var validationClips: Int
    /// The clips of either, by corpus; nil if `heard.csv` is not beside the model.
    package var parts: [Part]?
    /// The number of clips of both, on which it was trained anew; nil if it was not.
    package var refitClips: Int?
    package var epochs: Int
    package var keptEpoch: Int
    /// The mean of weights that was kept, in words; nil for those of one epoch.
    package var average: String?
    /// What inner folds chose for a classic model, in words.
    package var choice: String?
    package var parameters: Int
    /// The settings, as an experiment file has them.
    package var settings: String
  }

  /// The clips of a corpus that it learned from or chose its epoch by.
  package struct Part: Codable, Hashable, Sendable {
    package var corpus: String
    /// `train` or `validation`.
    package var side: String
    package var clips: Int
    /// The number of speakers; nil if one is unknown.
    package var speakers: Int?
  }

  /// A corpus that it was trained or tested on, as a whole.
  package struct Corpus: Codable, Hashable, Sendable {
    package var name: String
    /// Whether the model was trained on a part of it.
    package var isTrainedOn: Bool
    package var clips: Int
    package var clipsByClass: [String: Int]
    package var hours: Double
    /// The number of known speakers; 0 if none is known.
    package var speakers: Int
    /// The fewest and the most clips of a speaker; nil if none is known.
    package var fewestClips: Int?
    package var mostClips: Int?
    /// The clips of each label of its own that the classes leave out.
    package var leftOut: [String: Int]
    /// Sentences that must be shown with scores on it.
    package var remarks: [String]
  }

  /// Its score on a test corpus.
  package struct Score: Codable, Hashable, Sendable {
    package var corpus: String
    /// Whether these are held-out clips of a corpus that it was trained on.
    package var within: Bool
    /// The score of this very model.
    package var model: Measured
    /// That of all models of the same settings and training corpora, over folds and seeds; nil if there is no
    /// other.
    package var settings: Measured?
  }

  /// A score with what it rests on.
  package struct Measured: Codable, Hashable, Sendable {
    /// Unweighted average recall, from 0 to 1.
    package var uar: Double
    /// The ends of its 95 % interval; nil if there is none.
    package var low: Double?
    package var high: Double?
    /// Whether the interval's coverage may be below 90 %.
    package var isApproximate: Bool?
    /// Why there is no interval, in a sentence.
    package var gap: String?
    /// The expected value of guessing.
    package var chance: Double
    /// The recall of each class that was tested.
    package var recall: [String: Double]
    package var models: Int
    package var seeds: Int
    package var clips: Int
    /// The number of speakers; nil if one is unknown.
    package var speakers: Int?
  }
}
