public import Foundation
import ValenceCore

/// What is known of one finished trial: the content of its `trial.json`.
///
/// Nothing in it depends on the clock, the machine's load or the number of jobs.
public struct TrialRecord: Codable, Hashable, Sendable {
  /// One test corpus that the trial's network was scored on.
  public struct Evaluation: Codable, Hashable, Sendable {
    /// The corpus, by the name that the experiment file gives it.
    public var corpus: String
    /// Whether these are held-out utterances of the corpus that the network was trained on.
    public var within: Bool
    /// The digest of what was scored: utterances, classes, normalization.
    public var identity: String
    /// How many utterances were scored.
    public var utterances: Int
    /// The digest of the clips that were really scored, in their order, with their classes.
    public var clips: String
    /// What they were scored with, where that is not what the trial was trained with.
    public var made: Provenance?

    /// Notes an evaluation; see the properties.
    public init(
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
  public var key: String
  /// The resolved settings, in canonical form; names of variants, corpora and folds are no part of a
  /// trial and stand in `trials.json`.
  public var settings: String
  /// The seed.
  public var seed: UInt64
  /// The class names, in order.
  public var classes: [String]
  /// How many numbers the network learned.
  public var parameters: Int
  /// How many epochs were trained.
  public var epochs: Int
  /// The epoch (from 1) whose weights were kept.
  public var bestEpoch: Int
  /// How many utterances the network learned from, and how many chose its epoch.
  public var trainUtterances: Int
  /// See `trainUtterances`.
  public var validationUtterances: Int
  /// How many of the clips that the network really learned from have each class.
  public var trainCounts: [Int] = []
  /// The digest of the clips that the network really learned from, in their order, with their classes.
  public var trainClips = ""
  /// The same of the clips that chose its epoch: networks with equal ones have comparable validation
  /// scores.
  public var validationClips = ""
  /// Sentences that must stand beside every number of this trial.
  public var badges: [String]
  /// What the network was scored on, in the order of the plan's `test_on`.
  public var evaluations: [Evaluation]
  /// What the network was trained with.
  public var made: Provenance?
  /// The SHA-256 digest of each file beside this one, by its path below the trial's folder.
  public var files: [String: String]
  /// The SHA-256 digest of the bytes of `trial.json` in which this one stands empty.
  public private(set) var checksum = ""

  /// Notes a trial; evaluations and files are added by what writes them.
  public init(
    key: String, settings: String, seed: UInt64, classes: [String], parameters: Int, epochs: Int,
    bestEpoch: Int, trainUtterances: Int,
    validationUtterances: Int, badges: [String]
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
    self.badges = badges
    evaluations = []
    files = [:]
  }
}

extension TrialRecord {
  /// Reads the bytes of a `trial.json`; nil unless they are as they were written, to the last byte.
  public init?(sealed data: Data) {
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
public struct EpochRecord: Hashable, Sendable {
  /// From 1.
  public var epoch: Int
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// The mean loss over the training utterances, as trained.
  public var trainLoss: Double
  /// The loss on the validation utterances.
  public var validationLoss: Double
  /// The unweighted average recall on the validation utterances.
  public var validationUAR: Double

  /// Notes an epoch; see the properties.
  public init(
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
