public import Foundation
public import ValenceCore
public import ValenceEvaluation

/// The results of one experiment on disk: `Results/<name>/`.
public struct RunStore: Sendable {
  /// The folder of all experiments.
  public let results: URL
  /// The experiment's name.
  public let name: String

  /// Uses `results/name`, which is made when something is written.
  public init(results: URL, name: String) {
    self.results = results
    self.name = name
  }

  /// The experiment's folder.
  public var folder: URL { results.appending(path: name) }

  /// Opens the results of an experiment that has run.
  ///
  /// - Throws: `StoreError.unknownExperiment` with the names that there are.
  public static func existing(results: URL, name: String) throws -> RunStore {
    let store = RunStore(results: results, name: name)
    let plan = store.folder.appending(path: "experiment.yaml")
    guard FileManager.default.fileExists(atPath: plan.path) else {
      throw StoreError.unknownExperiment(
        name: name, folder: results.path, known: experiments(in: results))
    }
    return store
  }

  /// The names of the experiments that have results in a folder, in alphabetical order.
  public static func experiments(in results: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []
    return names.sorted().filter {
      FileManager.default.fileExists(
        atPath: results.appending(path: "\($0)/experiment.yaml").path)
    }
  }

  /// Writes one of the experiment's own files, whole or not at all.
  public func write(_ text: String, to file: String) throws {
    try AtomicFile.write(Data(text.utf8), to: folder.appending(path: file))
  }

  /// Writes a value as JSON with sorted keys.
  public func write(json value: some Encodable, to file: String) throws {
    try AtomicFile.write(JSON.encoded(value), to: folder.appending(path: file))
  }

  /// Reads one of the experiment's JSON files.
  public func read<Value: Decodable>(_ type: Value.Type, from file: String) throws -> Value {
    let url = folder.appending(path: file)
    do {
      return try JSON.decoder.decode(type, from: Data(contentsOf: url))
    } catch {
      throw StoreError.damaged(file: url.path, reason: "it is missing or not the expected JSON")
    }
  }

  /// The text of one of the experiment's files, if it is there.
  public func text(of file: String) -> String? {
    try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  /// Removes one of the experiment's own files, if it is there.
  public func remove(_ file: String) throws {
    let url = folder.appending(path: file)
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      throw StoreError.unwritable(path: url.path, reason: error.localizedDescription)
    }
  }

  /// The folder of a trial.
  public func trialFolder(_ key: String) -> URL { folder.appending(path: "trials/\(key)") }
}

// MARK: - Trials

extension RunStore {
  /// What a trial leaves, on its way to disk.
  public struct TrialFiles: Sendable {
    /// The record; `files` is filled in when it is written.
    public var record: TrialRecord
    /// The course of training.
    public var history: [EpochRecord]
    /// The network.
    public var model: Safetensors
    /// The predictions by test corpus.
    public var predictions: [String: [Prediction]]
    /// The metrics, as JSON.
    public var metrics: Data
    /// Seconds by phase: the only file that differs between two identical runs.
    public var timing: [String: Double]

    /// Gathers what a trial leaves.
    public init(
      record: TrialRecord, history: [EpochRecord], model: Safetensors,
      predictions: [String: [Prediction]], metrics: Data, timing: [String: Double]
    ) {
      self.record = record
      self.history = history
      self.model = model
      self.predictions = predictions
      self.metrics = metrics
      self.timing = timing
    }
  }

  /// Keeps a trial: all files are written into a folder of another name, which is then renamed.
  public func commit(_ trial: TrialFiles) throws {
    var contents: [String: Data] = [
      "history.csv": Data(Self.table(trial.history).text.utf8),
      "model.safetensors": try trial.model.encoded(),
      "metrics.json": trial.metrics,
    ]
    for (corpus, predictions) in trial.predictions {
      let table = PredictionTable.table(predictions, classes: trial.record.classes)
      contents["predictions/\(corpus).csv"] = Data(table.text.utf8)
    }
    var record = trial.record
    record.files = contents.mapValues { Digest(of: $0).hex }
    contents["trial.json"] = try JSON.encoded(record)
    contents["timing.json"] = try JSON.encoded(trial.timing)

    let target = trialFolder(record.key)
    let draft = folder.appending(path: "trials/.draft-\(record.key)")
    try? FileManager.default.removeItem(at: draft)
    for (path, data) in contents { try AtomicFile.write(data, to: draft.appending(path: path)) }
    try replace(target, with: draft)
  }

  /// The record of a trial, if it is finished and every file of it is as it was written.
  public func trial(_ key: String) -> TrialRecord? {
    Self.wholeTrial(in: trialFolder(key), key: key)
  }

  /// Takes over a finished trial of another experiment in the same results folder, if there is one:
  /// a trial is known by its key, whatever experiment first asked for it.
  ///
  /// A run may be working on that other experiment, so what is copied is taken only if it is whole.
  public func adopt(_ key: String) throws -> TrialRecord? {
    for other in Self.experiments(in: results) where other != name {
      let source = results.appending(path: "\(other)/trials/\(key)")
      guard Self.wholeTrial(in: source, key: key) != nil else { continue }
      let draft = folder.appending(path: "trials/.draft-\(key)")
      try? FileManager.default.removeItem(at: draft)
      do {
        try FileManager.default.createDirectory(
          at: draft.deletingLastPathComponent(), withIntermediateDirectories: true)
      } catch {
        throw StoreError.unwritable(path: draft.path, reason: error.localizedDescription)
      }
      try? FileManager.default.copyItem(at: source, to: draft)
      guard let record = Self.wholeTrial(in: draft, key: key) else {
        try? FileManager.default.removeItem(at: draft)
        continue
      }
      try replace(trialFolder(key), with: draft)
      return record
    }
    return nil
  }

  /// The stored predictions of a trial on a corpus.
  public func predictions(of record: TrialRecord, on corpus: String) throws -> [Prediction] {
    let file = trialFolder(record.key).appending(path: "predictions/\(corpus).csv")
    return try PredictionTable.predictions(
      in: Table(contentsOf: file), classes: record.classes, name: file.path)
  }

  /// The stored network of a trial.
  public func model(of record: TrialRecord) throws -> Safetensors {
    let file = trialFolder(record.key).appending(path: "model.safetensors")
    guard let data = try? Data(contentsOf: file) else {
      throw StoreError.damaged(file: file.path, reason: "it is missing")
    }
    return try Safetensors(decoding: data, name: file.path)
  }

  /// The course of a trial's training.
  public func history(of record: TrialRecord) throws -> [EpochRecord] {
    let file = trialFolder(record.key).appending(path: "history.csv")
    return try Table(contentsOf: file).rows.map { row in
      let numbers = row.dropFirst().compactMap { Double($0) }
      guard numbers.count == 4, let epoch = Int(row[0]) else {
        throw StoreError.damaged(file: file.path, reason: "a row is not five numbers")
      }
      return EpochRecord(
        epoch: epoch, learningRate: numbers[0], trainLoss: numbers[1],
        validationLoss: numbers[2], validationUAR: numbers[3])
    }
  }

  /// The seconds that a trial took, by phase; empty if they are not known any more.
  public func timing(of key: String) -> [String: Double] {
    let file = trialFolder(key).appending(path: "timing.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: Double].self, from: data)) ?? [:]
  }

  private func replace(_ target: URL, with draft: URL) throws {
    do {
      if FileManager.default.fileExists(atPath: target.path) {
        try FileManager.default.removeItem(at: target)
      }
      try FileManager.default.moveItem(at: draft, to: target)
    } catch {
      throw StoreError.unwritable(path: target.path, reason: error.localizedDescription)
    }
  }

  private static func wholeTrial(in folder: URL, key: String) -> TrialRecord? {
    guard let data = try? Data(contentsOf: folder.appending(path: "trial.json")),
      let record = try? JSON.decoder.decode(TrialRecord.self, from: data), record.key == key
    else { return nil }
    let expected =
      ["history.csv", "metrics.json", "model.safetensors"]
      + record.evaluations.map { "predictions/\($0.corpus).csv" }
    guard expected.sorted() == record.files.keys.sorted() else { return nil }
    for (path, digest) in record.files {
      guard let content = try? Data(contentsOf: folder.appending(path: path)),
        Digest(of: content).hex == digest
      else { return nil }
    }
    return record
  }

  private static func table(_ history: [EpochRecord]) -> Table {
    Table(
      columns: ["epoch", "learning_rate", "train_loss", "validation_loss", "validation_uar"],
      rows: history.map {
        [
          "\($0.epoch)", "\($0.learningRate)", "\($0.trainLoss)", "\($0.validationLoss)",
          "\($0.validationUAR)",
        ]
      })
  }
}

/// JSON as Valence writes it: sorted keys, two-space indents, a line end at the end.
public enum JSON {
  /// Reads what `encoded` writes.
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// The bytes of a value, over several lines or on one; equal values give equal bytes.
  public static func encoded(_ value: some Encodable, onOneLine: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
