package import Foundation
import ValenceCore

/// What is known of one finished trial: the content of its `trial.json`.
///
/// Nothing in it depends on the clock, the machine's load or the number of jobs.
package struct TrialRecord: Codable, Hashable, Sendable {
  /// One test corpus that the trial's network was scored on.
  package struct Evaluation: Codable, Hashable, Sendable {
    /// The corpus, by the name that the experiment file gives it.
    package var corpus: String
    /// Whether these are held-out utterances of the corpus that the network was trained on.
    package var within: Bool
    /// The digest of what was scored: utterances, classes, normalization.
    package var identity: String
    /// How many utterances were scored.
    package var utterances: Int
    /// The digest of the clips that were really scored, in their order, with their classes.
    package var clips: String
    /// What they were scored with, where that is not what the trial was trained with.
    package var made: Provenance?

    /// Notes an evaluation; see the properties.
    package init(
      corpus: String, within: Bool, identity: String, utterances: Int, clips: String = ""
    ) {
      self.corpus = corpus
      self.within = within
      self.identity = identity
      self.utterances = utterances
      self.clips = clips
    }
  }

  /// The digest of settings, data and code revision.
  package var key: String
  /// The resolved settings, in canonical form; names of variants, corpora and folds are no part of a
  /// trial and stand in `trials.json`.
  package var settings: String
  package var seed: UInt64
  /// The class names, in order.
  package var classes: [String]
  /// How many numbers the network learned.
  package var parameters: Int
  /// How many epochs were trained.
  package var epochs: Int
  /// The epoch (from 1) whose weights were kept.
  package var bestEpoch: Int
  /// How many utterances the network learned from, and how many chose its epoch.
  package var trainUtterances: Int
  /// See `trainUtterances`.
  package var validationUtterances: Int
  /// How many of the clips that the network really learned from have each class.
  package var trainCounts: [Int] = []
  /// The digest of the clips that the network really learned from, in their order, with their classes.
  package var trainClips = ""
  /// The same of the clips that chose its epoch: networks with equal ones have comparable validation
  /// scores.
  package var validationClips = ""
  /// Sentences that must stand beside every number of this trial.
  package var warnings: [TrialWarning]
  /// What the network was scored on, in the order of the plan's `test_on`.
  package var evaluations: [Evaluation]
  /// What the network was trained with.
  package var made: Provenance?
  /// The SHA-256 digest of each file beside this one, by its path below the trial's folder.
  package var files: [String: String]
  /// The SHA-256 digest of the bytes of `trial.json` in which this one stands empty.
  package private(set) var checksum = ""

  /// The keys of `trial.json`; `warnings` has the name that it had first.
  private enum CodingKeys: String, CodingKey {
    case key, settings, seed, classes, parameters, epochs, bestEpoch
    case trainUtterances, validationUtterances, trainCounts, trainClips, validationClips
    case warnings = "badges"
    case evaluations, made, files, checksum
  }

  /// Notes a trial; evaluations and files are added by what writes them.
  package init(
    key: String, settings: String, seed: UInt64, classes: [String], parameters: Int, epochs: Int,
    bestEpoch: Int, trainUtterances: Int,
    validationUtterances: Int, warnings: [TrialWarning]
  ) {
    self.key = key
    self.settings = settings
    self.seed = seed
    self.classes = classes
    self.parameters = parameters
    self.epochs = epochs
    self.bestEpoch = bestEpoch
    self.trainUtterances = trainUtterances
    self.validationUtterances = validationUtterances
    self.warnings = warnings
    evaluations = []
    files = [:]
  }
}

extension TrialRecord {
  /// Reads the bytes of a `trial.json`; nil unless they are as they were written, to the last byte.
  package init?(sealed data: Data) {
    guard let record = try? JSON.decoder.decode(TrialRecord.self, from: data),
      let seal = data.range(of: Data("\"\(record.checksum)\"".utf8))
    else { return nil }
    var unsealed = data
    unsealed.replaceSubrange(seal, with: Data("\"\"".utf8))
    guard Digest(of: unsealed).hex == record.checksum else { return nil }
    self = record
  }

  /// The bytes of `trial.json`.
  func sealed() throws -> Data {
    var record = self
    record.checksum = ""
    record.checksum = Digest(of: try JSON.encoded(record)).hex
    return try JSON.encoded(record)
  }
}

/// One line of a trial's `history.csv`.
package struct EpochRecord: Hashable, Sendable {
  /// From 1.
  package var epoch: Int
  /// The learning rate of the epoch's last step.
  package var learningRate: Double
  /// The mean loss over the training utterances, as trained.
  package var trainLoss: Double
  /// The loss on the validation utterances.
  package var validationLoss: Double
  /// The unweighted average recall on the validation utterances.
  package var validationUAR: Double

  /// Notes an epoch; see the properties.
  package init(
    epoch: Int, learningRate: Double, trainLoss: Double, validationLoss: Double,
    validationUAR: Double
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.validationUAR = validationUAR
  }
}
