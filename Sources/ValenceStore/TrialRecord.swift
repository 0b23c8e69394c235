package import Foundation
import ValenceCore

/// The record of a finished trial: the content of its `trial.json`.
///
/// Nothing in it depends on the clock, the machine's load or the number of jobs.
package struct TrialRecord: Hashable, Sendable {
  /// One test corpus that the trial's network was scored on.
  package struct Evaluation: Codable, Hashable, Sendable {
    /// The corpus, by its name in the experiment file.
    package var corpus: String
    /// Whether these are held-out utterances of the corpus that the network was trained on.
    package var within: Bool
    /// The digest of what was to be scored: utterances, classes, normalization.
    package var identity: String
    /// The number of utterances scored.
    package var utterances: Int
    /// The digest of the clips actually scored, in order, with their classes.
    package var clips: String
    /// The code and machine that scored them, if other than those of the training.
    package var made: Provenance?

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

  /// The usable clips of one side of a fold.
  package struct ClipSet: Codable, Hashable, Sendable {
    package var utterances: Int
    /// The digest of the clips in order, with their classes.
    package var digest: String

    package init(utterances: Int, digest: String) {
      (self.utterances, self.digest) = (utterances, digest)
    }
  }

  /// A mean of the weights of several epochs.
  package struct Average: Codable, Hashable, Sendable {
    /// The epochs in words: `the last 10 of 30 epochs`.
    package var epochs: String
    /// Its loss on the validation utterances; nil without any.
    package var validationLoss: Double?
    /// Its unweighted average recall on them; nil without any.
    package var validationUAR: Double?

    package init(epochs: String) { self.epochs = epochs }

    /// As the decoder spells what `validation_uar` is.
    private enum CodingKeys: String, CodingKey {
      case epochs, validationLoss
      case validationUAR = "validationUar"
    }
  }

  /// The result of training, without the network.
  package struct Training: Hashable, Sendable {
    /// The number of trained parameters.
    package var parameters: Int
    /// The number of epochs trained.
    package var epochs: Int
    /// The epoch (from 1) whose weights were kept, the last one of a mean, or of which the number was
    /// chosen for training anew.
    package var bestEpoch: Int
    /// The mean that was kept instead of one epoch's weights; nil for none.
    package var average: Average?
    /// The clips that the kept network was trained on anew, for `bestEpoch` epochs; nil if it was not.
    package var refit: ClipSet?
    /// What inner folds chose for a classic model; nil of networks, and in older records.
    package var choice: Choice?
    /// What training started from; nil of random weights.
    package var start: Start?
    /// The clips that the network was trained on.
    package var train: ClipSet
    /// The clips that selected the epoch: networks with equal ones have comparable validation scores.
    package var validation: ClipSet
    /// The number of training clips of each class.
    package var trainCounts: [Int] = []

    package init(
      parameters: Int, epochs: Int, bestEpoch: Int, train: ClipSet, validation: ClipSet
    ) {
      self.parameters = parameters
      self.epochs = epochs
      self.bestEpoch = bestEpoch
      self.train = train
      self.validation = validation
    }
  }

  /// The digest of settings, data and code revision.
  package var key: String
  /// The resolved settings in canonical form, without the names of variants, corpora and folds, which are
  /// those of an experiment (`trials.json`).
  package var settings: String
  package var seed: UInt64
  /// The class names, in order.
  package var classes: [String]
  package var training: Training
  /// Sentences that must be shown with every number of this trial.
  package var warnings: [TrialWarning] = []
  /// The test corpora scored, in the order of the plan's `test_on`.
  package var evaluations: [Evaluation] = []
  /// The code and machine that trained the network.
  package var made: Provenance?
  /// The SHA-256 digest of each file beside this one, by its path below the trial's folder.
  package var files: [String: String] = [:]
  /// The SHA-256 digest of the bytes of `trial.json` with this value empty.
  private(set) var checksum = ""

  /// A record of a trained network; scoring and writing add the rest.
  package init(
    key: String, settings: String, seed: UInt64, classes: [String], training: Training
  ) {
    self.key = key
    self.settings = settings
    self.seed = seed
    self.classes = classes
    self.training = training
  }
}

// MARK: - JSON

/// In JSON the members of `training` are members of the record.
extension TrialRecord: Codable {
  private enum CodingKeys: String, CodingKey {
    case key, settings, seed, classes, parameters, epochs, bestEpoch
    case trainUtterances, validationUtterances, trainCounts, trainClips, validationClips
    case average, refit, choice
    case start = "startFrom"
    /// The name that warnings had first.
    case warnings = "badges"
    case evaluations, made, files, checksum
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try values.decode(Value.self, forKey: key)
    }
    training = Training(
      parameters: try value(.parameters), epochs: try value(.epochs),
      bestEpoch: try value(.bestEpoch),
      train: ClipSet(
        utterances: try value(.trainUtterances), digest: try value(.trainClips)),
      validation: ClipSet(
        utterances: try value(.validationUtterances), digest: try value(.validationClips)))
    training.trainCounts = try value(.trainCounts)
    training.average = try values.decodeIfPresent(Average.self, forKey: .average)
    training.refit = try values.decodeIfPresent(ClipSet.self, forKey: .refit)
    training.choice = try values.decodeIfPresent(Choice.self, forKey: .choice)
    training.start = try values.decodeIfPresent(Start.self, forKey: .start)
    key = try value(.key)
    settings = try value(.settings)
    seed = try value(.seed)
    classes = try value(.classes)
    warnings = try value(.warnings)
    evaluations = try value(.evaluations)
    made = try values.decodeIfPresent(Provenance.self, forKey: .made)
    files = try value(.files)
    checksum = try value(.checksum)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(key, forKey: .key)
    try values.encode(settings, forKey: .settings)
    try values.encode(seed, forKey: .seed)
    try values.encode(classes, forKey: .classes)
    try values.encode(training.parameters, forKey: .parameters)
    try values.encode(training.epochs, forKey: .epochs)
    try values.encode(training.bestEpoch, forKey: .bestEpoch)
    try values.encode(training.train.utterances, forKey: .trainUtterances)
    try values.encode(training.train.digest, forKey: .trainClips)
    try values.encode(training.trainCounts, forKey: .trainCounts)
    try values.encode(training.validation.utterances, forKey: .validationUtterances)
    try values.encode(training.validation.digest, forKey: .validationClips)
    // Left out of the files of plainer trials, whose bytes stay what they were.
    try values.encodeIfPresent(training.average, forKey: .average)
    try values.encodeIfPresent(training.refit, forKey: .refit)
    try values.encodeIfPresent(training.choice, forKey: .choice)
    try values.encodeIfPresent(training.start, forKey: .start)
    try values.encode(warnings, forKey: .warnings)
    try values.encode(evaluations, forKey: .evaluations)
    try values.encodeIfPresent(made, forKey: .made)
    try values.encode(files, forKey: .files)
    try values.encode(checksum, forKey: .checksum)
  }

  /// Reads the bytes of a `trial.json`; nil unless they are exactly as written.
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
  ///
  /// The checksum covers the bytes and not the values, so that an edit by hand is noticed even where it
  /// decodes to the same record.
  func sealed() throws -> Data {
    var record = self
    record.checksum = ""
    record.checksum = Digest(of: try JSON.encoded(record)).hex
    return try JSON.encoded(record)
  }
}
