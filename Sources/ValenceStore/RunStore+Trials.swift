package import Foundation
package import ValenceCore
package import ValenceEvaluation

extension RunStore {
  /// What a trial leaves, on its way to disk.
  package struct TrialFiles: Sendable {
    /// The record; `files` is filled in when it is written.
    package var record: TrialRecord
    /// The course of training.
    package var history: [EpochRecord]
    /// The network.
    package var model: Safetensors
    /// The predictions by test corpus.
    package var predictions: [String: [Prediction]]
    /// The metrics, as JSON.
    package var metrics: Data
    /// Seconds by phase: the only file that differs between two identical runs.
    package var timing: [String: Double]

    package init(
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

  private static let modelFile = "model.safetensors"

  /// Keeps a trial: all files are written into a folder of another name, which then takes the place of what
  /// was kept before, in one step.
  ///
  /// - Throws: `StoreError.unwritable`; what was kept before stays then, and nothing else.
  package func commit(_ trial: TrialFiles) throws {
    var contents: [String: Data] = [
      "history.csv": Data(Self.table(trial.history).text.utf8),
      Self.modelFile: try trial.model.encoded(),
      "metrics.json": trial.metrics,
    ]
    for (corpus, predictions) in trial.predictions {
      let table = PredictionTable.table(predictions, classes: trial.record.classes)
      contents["predictions/\(corpus).csv"] = Data(table.harmlessText.utf8)
    }
    var record = trial.record
    record.files = contents.mapValues { Digest(of: $0).hex }
    contents["timing.json"] = try JSON.encoded(trial.timing)
    let sealed = try record.sealed()
    try replace(record.key) { draft in
      let predictions = draft.appending(path: "predictions")
      try FileManager.default.createDirectory(at: predictions, withIntermediateDirectories: true)
      for (path, data) in contents { try data.write(to: draft.appending(path: path)) }
      // Last, so that a draft that has it has all.
      try sealed.write(to: draft.appending(path: "trial.json"))
      AtomicFile.synchronize(folder: predictions)
      AtomicFile.synchronize(folder: draft)
    }
  }

  /// The record of a finished trial: one whose predictions, history and metrics are all there as they were
  /// written, and whose record is.
  ///
  /// Its network may be gone; nothing that is reported needs it. See `hasModel`.
  ///
  /// - Throws: `StoreError.unreadable` where the machine keeps it from being known.
  package func trial(_ key: String) throws -> TrialRecord? {
    for _ in 0..<2 {
      if let record = try Self.record(in: place(of: key), key: key) { return record }
      // Between two looks another run may have put a younger one into its place.
      guard trialFolder(key).isFolder else { break }
    }
    return nil
  }

  /// Whether the network of a finished trial is there as it was written.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func hasModel(_ record: TrialRecord) throws -> Bool {
    try Self.isWhole(Self.modelFile, in: place(of: record.key), of: record)
  }

  /// Whether a network is, to the last byte, the one that a record was made of.
  package static func isModel(_ model: Safetensors, of record: TrialRecord) throws -> Bool {
    Digest(of: try model.encoded()).hex == record.files[modelFile]
  }

  /// Takes over a finished trial of another experiment in the same results folder, if there is one:
  /// a trial is known by its key, whatever experiment first asked for it.
  ///
  /// One that has its network is preferred. A run may be working on that other experiment, so what is copied
  /// is taken only if it is whole.
  ///
  /// - Parameters:
  ///   - needsModel: whether one without its network is of no use.
  ///   - isOfUse: whether a record is.
  package func adopt(
    _ key: String, needsModel: Bool = false, where isOfUse: (TrialRecord) -> Bool = { _ in true }
  ) throws -> TrialRecord? {
    let others = Self.experiments(in: results).filter { $0 != name }
      .map { RunStore(results: results, name: $0) }
    // What others have and does not let itself be read is no help, and no fault of this experiment.
    let finished = others.compactMap { other in
      (try? other.trial(key)).flatMap { $0 }.map { (other, $0) }
    }
    .filter { isOfUse($0.1) }
    let whole = finished.filter { (try? $0.hasModel($1)) == true }
    for (other, _) in whole + (needsModel ? [] : finished) {
      if let record = try copy(key, of: other, needsModel: needsModel) { return record }
    }
    return nil
  }

  private func copy(
    _ key: String, of other: RunStore, needsModel: Bool
  ) throws -> TrialRecord? {
    struct Changed: Error {}
    var record: TrialRecord?
    do {
      try replace(key) { draft in
        do {
          try FileManager.default.copyItem(at: other.place(of: key), to: draft)
        } catch let error as CocoaError
          where [.fileNoSuchFile, .fileReadNoSuchFile].contains(error.code)
        {
          throw Changed()
        }
        record = try Self.record(in: draft, key: key)
        guard let record,
          try !needsModel || Self.isWhole(Self.modelFile, in: draft, of: record)
        else { throw Changed() }
      }
    } catch is Changed {
      return nil
    }
    return record
  }

  /// Has a trial's folder written aside and puts it into its place; nothing of it is left if that fails.
  func replace(_ key: String, _ write: (URL) throws -> Void) throws {
    let target = trialFolder(key)
    let trials = target.deletingLastPathComponent()
    let draft = Draft.url(of: key, in: trials)
    do {
      try FileManager.default.createDirectory(at: trials, withIntermediateDirectories: true)
      try write(draft)
      try Replacement.put(draft, at: target)
    } catch {
      try? FileManager.default.removeItem(at: draft)
      let isOfSystem = [NSCocoaErrorDomain, NSPOSIXErrorDomain].contains((error as NSError).domain)
      throw isOfSystem ? StoreError.unwritable(target, error) : error
    }
  }

  /// Where a trial's files lie: in its folder, or beside it in the moment in which another takes its place.
  private func place(of key: String) -> URL {
    let folder = trialFolder(key)
    let aside = Draft.aside(folder)
    return !folder.isFolder && aside.isFolder ? aside : folder
  }
}

// MARK: - What was kept

extension RunStore {
  /// The stored predictions of a trial on a corpus.
  package func predictions(of record: TrialRecord, on corpus: String) throws -> [Prediction] {
    let file = place(of: record.key).appending(path: "predictions/\(corpus).csv")
    return try PredictionTable.predictions(
      in: Table(contentsOf: file), classes: record.classes, name: file.path)
  }

  /// The stored network of a trial.
  package func model(of record: TrialRecord) throws -> Safetensors {
    let file = place(of: record.key).appending(path: Self.modelFile)
    guard let data = try StoredFile.content(of: file) else {
      throw StoreError.missing(file: file.path)
    }
    return try Safetensors(decoding: data, name: file.path, isOwn: true)
  }

  /// The course of a trial's training.
  package func history(of record: TrialRecord) throws -> [EpochRecord] {
    let file = place(of: record.key).appending(path: "history.csv")
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
  package func timing(of key: String) -> [String: Double] {
    let file = place(of: key).appending(path: "timing.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: Double].self, from: data)) ?? [:]
  }

  /// The record of a trial, if it is as it was written, whatever became of the files beside it.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func record(_ key: String) throws -> TrialRecord? {
    let data = try StoredFile.content(of: place(of: key).appending(path: "trial.json"))
    let record = data.flatMap(TrialRecord.init(sealed:))
    return record?.key == key ? record : nil
  }

  /// The record in a trial's folder, if it and all that a report needs are as they were written.
  ///
  /// - Throws: `StoreError.unreadable`.
  static func record(in folder: URL, key: String) throws -> TrialRecord? {
    guard let data = try StoredFile.content(of: folder.appending(path: "trial.json")),
      let record = TrialRecord(sealed: data), record.key == key
    else { return nil }
    let expected =
      ["history.csv", "metrics.json", modelFile]
      + record.evaluations.map { "predictions/\($0.corpus).csv" }
    guard expected.sorted() == record.files.keys.sorted(),
      try record.files.keys.allSatisfy({
        try $0 == modelFile || isWhole($0, in: folder, of: record)
      })
    else { return nil }
    return record
  }

  /// Whether one of the files that a record names is as it was written.
  private static func isWhole(
    _ path: String, in folder: URL, of record: TrialRecord
  ) throws -> Bool {
    guard let content = try StoredFile.content(of: folder.appending(path: path)) else {
      return false
    }
    return Digest(of: content).hex == record.files[path]
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
