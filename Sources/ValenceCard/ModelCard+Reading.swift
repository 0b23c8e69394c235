package import Foundation
import ValenceAudio
import ValenceCore
import ValenceEncoders
import ValenceFeatures
import ValenceKernels
import ValencePlan
import ValenceStore
import ValenceTraining

extension ModelCard {
  /// The card of a model: of a bundle the one in it, else made from the trial's and the experiment's files.
  ///
  /// A trial whose model was not kept has a card too, which says so.
  ///
  /// - Parameters:
  ///   - path: a `model.safetensors`, the folder of a trial that holds one, or a bundle.
  ///   - encoder: the folder of its encoder, where a license is looked for; nil looks in `$VALENCE_ENCODERS`.
  /// - Throws: a sentence that names the file if it is no model of Valence, or if it, its record or a file of
  ///   the bundle was changed.
  package init(of path: URL, encoder: URL? = nil) throws {
    let place = try ModelPlace(path)
    let file = place.file
    guard let data = try StoredFile.content(of: file) else {
      self = try Self(ofTrialWithoutModel: path, encoder: encoder)
      return
    }
    try CheckpointFault.check(data, of: file, name: file.path)
    if let bundle = place.bundle, bundle.holds(BundleFile.card.rawValue) {
      self = try Self.read(bundle.folder.appending(path: BundleFile.card.rawValue))
      return
    }
    let checkpoint = try Checkpoint(
      Safetensors(decoding: data, name: file.path, isOwn: true), name: file.path, batch: 1,
      workers: Workers(threads: 1))
    self.init(
      checkpoint.settings, classes: checkpoint.classes, digest: Digest(of: data).hex,
      encoder: encoder)
    guard let record = try Self.record(in: place.folder) else {
      unknown = [Self.nothingKnown]
      return
    }
    add(record, of: TrialFolder(place.folder, record))
  }

  private init(ofTrialWithoutModel path: URL, encoder: URL?) throws {
    let folder = path.resolvingSymlinksInPath()
    guard let record = try Self.record(in: folder),
      let digest = record.files[TrialFile.model.path]
    else { throw CardFault.noModel(path: path.relativePath) }
    let file = folder.appending(path: TrialFile.record.path).path
    self.init(
      try Settings(identity: record.settings, file: file), classes: record.classes, digest: digest,
      encoder: encoder)
    unknown = ["The model itself was not kept here, so it can be reported and not asked."]
    add(record, of: TrialFolder(folder, record))
  }

  private static let network = "network"

  private static func read(_ file: URL) throws -> ModelCard {
    guard let data = try StoredFile.content(of: file),
      let card = try? JSON.decoder.decode(ModelCard.self, from: data), card.format == 1
    else { throw CardFault.card(file: file.path) }
    return card
  }

  /// The record in a folder; nil if there is none.
  private static func record(in folder: URL) throws -> TrialRecord? {
    let file = folder.appending(path: TrialFile.record.path)
    guard let data = try StoredFile.content(of: file) else { return nil }
    guard let record = TrialRecord(sealed: data) else { throw CardFault.record(file: file.path) }
    return record
  }

  /// What a model says by itself.
  private init(_ settings: Settings, classes: [String], digest: String, encoder folder: URL?) {
    name = "model-\(digest.prefix(8))"
    kind = settings.classic == nil ? Self.network : "classic model"
    (self.digest, self.classes) = (digest, classes)
    input = Input(
      rateHz: settings.audio.rateHz, clipS: settings.audio.clipS,
      longClips: settings.audio.longClips.rawValue, fusion: settings.features.fusion.rawValue,
      features: settings.features.kinds.map(\.rawValue))
    normalization = Normalization(settings.features.normalization)
    encoder = settings.features.usedEncoder.map { Encoder($0, in: folder) }
  }

  private static let nothingKnown =
    "The trial.json that was written with this model is not beside it. So nothing is known here of the "
    + "speech that it was trained on, of the settings of its training, or of how well it does: treat it as "
    + "untested."

  /// Adds what the record of its trial says, and what its experiment adds to that.
  private mutating func add(_ record: TrialRecord, of folder: TrialFolder) {
    name = record.key
    training = Training(record)
    made = record.made
    warnings = record.warnings.map(\.rawValue)
    seconds = folder.seconds
    folder.complete(&self, isSeeded: kind == Self.network)
    encoder?.heard = folder.heard
    if encoder != nil, encoder?.heard?.isEmpty ?? true {
      unknown.append("Nobody stated what its encoder has heard, so test speech may be among it.")
    }
    if made == nil { unknown.append("Its record does not say what code and machine trained it.") }
  }
}

extension ModelCard.Normalization {
  /// What a normalization means for speech that was not there in training.
  init(_ normalization: FeatureOptions.Normalization) {
    by = normalization.rawValue
    live =
      switch normalization {
      case .none: "Features are not normalized: recordings and live speech are heard as they are."
      case .train:
        "Features are normalized by statistics of the training speech, which the model's file holds: "
          + "recordings and live speech are heard as they are, and nothing makes up for another room or "
          + "microphone."
      case .corpus:
        Self.ownStatistics("corpus", "of one kind: the same room, microphone and language")
      case .speaker: Self.ownStatistics("speaker", "of one speaker")
      }
  }

  private static func ownStatistics(_ unit: String, _ what: String) -> String {
    "Features are normalized by the statistics of each \(unit), in its tests too. Recordings that are given "
      + "together are normalized by the statistics of all of them, so they should be \(what). A live stream is "
      + "normalized by running statistics of the speech that it has heard so far; they need some seconds of "
      + "speech before they can be relied on, and each answer says whether they had them. A single short "
      + "recording has too little speech for good statistics, and its answer should be doubted."
  }
}

extension ModelCard.Encoder {
  /// - Parameter folder: the folder of its files, if the user named it.
  init(_ options: EncoderOptions, in folder: URL?) {
    identity = options.identity.text
    layer = options.layer.text
    let found = try? KnownEncoders.folder(of: options.identity, named: folder)
    license = found.flatMap(EncoderTerms.license)
  }
}

extension ModelCard.Training {
  /// What the record of a trial says by itself.
  init(_ record: TrialRecord) {
    let training = record.training
    key = record.key
    seed = record.seed
    clips = training.train.utterances
    // Records made by hand in tests may lack counts.
    clipsByClass = Dictionary(
      zip(record.classes, training.trainCounts), uniquingKeysWith: { first, _ in first })
    validationClips = training.validation.utterances
    refitClips = training.refit?.utterances
    (epochs, keptEpoch) = (training.epochs, training.bestEpoch)
    average = training.average?.epochs
    choice = training.choice?.text
    parameters = training.parameters
    settings = record.settings
  }
}
