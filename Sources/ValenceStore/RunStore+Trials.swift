package import Foundation
package import ValenceCore
package import ValenceEvaluation

extension RunStore {
  /// The contents of a trial's folder before it is written.
  package struct TrialFiles: Sendable {
    /// The record; its `files` are filled in on writing.
    package var record: TrialRecord
    /// The epochs of training.
    package var history: [EpochRecord]
    /// The network.
    package var model: Safetensors
    /// The predictions by test corpus.
    package var predictions: [String: [Prediction]]
    /// The metrics, as JSON.
    package var metrics: Data
    /// `heard.csv`; nil for a classic model.
    package var heard: Table?
    /// The seconds of each phase, if measured.
    ///
    /// No part of the result: two identical runs differ in it, so it has no digest.
    package var timing: [String: Double] = [:]

    package init(
      record: TrialRecord, history: [EpochRecord], model: Safetensors,
      predictions: [String: [Prediction]], metrics: Data
    ) {
      self.record = record
      self.history = history
      self.model = model
      self.predictions = predictions
      self.metrics = metrics
    }
  }

  /// Keeps a trial: all files are written into a draft folder, which then replaces the trial's folder in
  /// one step.
  ///
  /// The folders are exchanged, because a folder with content cannot be renamed over: removing the old one
  /// first would leave a moment, and after a kill a state, without either.
  ///
  /// - Throws: `StoreError.unwritable`; the earlier trial, if any, is then unchanged.
  package func commit(_ trial: TrialFiles) throws {
    var contents: [String: Data] = [
      TrialFile.history.path: Data(Self.table(trial.history).text.utf8),
      TrialFile.model.path: try trial.model.encoded(),
      TrialFile.metrics.path: trial.metrics,
    ]
    for (corpus, predictions) in trial.predictions {
      let table = PredictionTable.table(predictions, classes: trial.record.classes)
      contents[TrialFile.predictions(corpus: corpus).path] = Data(table.harmlessText.utf8)
    }
    if let heard = trial.heard { contents[TrialFile.heard.path] = Data(heard.harmlessText.utf8) }
    var record = trial.record
    // A record in place does not prove its files: folders are copied by hand, and disks lose bytes.
    record.files = contents.mapValues { Digest(of: $0).hex }
    contents[TrialFile.timing.path] = try JSON.encoded(trial.timing)
    let sealed = try record.sealed()
    try replace(record.key) { draft in
      let predictions = draft.appending(path: TrialFile.predictionsFolder)
      try FileManager.default.createDirectory(at: predictions, withIntermediateDirectories: true)
      for (path, data) in contents { try data.write(to: draft.appending(path: path)) }
      // Last, so that a draft with a record is complete.
      try sealed.write(to: draft.appending(path: TrialFile.record.path))
      AtomicFile.synchronize(folder: predictions)
      AtomicFile.synchronize(folder: draft)
    }
  }

  /// The record of a finished trial; nil unless record, predictions, history and metrics are intact.
  ///
  /// The model may be gone (see `hasModel`), and what it has heard: reports need neither.
  ///
  /// - Throws: `StoreError.unreadable` if a file cannot be read now.
  package func trial(_ key: String) throws -> TrialRecord? {
    for _ in 0..<2 {
      if let record = try Self.record(in: place(of: key), key: key) { return record }
      // Another run may have replaced the folder while it was read.
      guard trialFolder(key).isFolder else { break }
    }
    return nil
  }

  /// Whether the model of a finished trial is intact.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func hasModel(_ record: TrialRecord) throws -> Bool {
    try Self.isIntact(TrialFile.model.path, in: place(of: record.key), of: record)
  }

  /// Whether a model is, to the last byte, the one that a record was written for.
  package static func isModel(_ model: Safetensors, of record: TrialRecord) throws -> Bool {
    Digest(of: try model.encoded()).hex == record.files[TrialFile.model.path]
  }

  /// Copies a finished trial from another experiment of the same results folder, if there is one: equal
  /// keys mean equal trials.
  ///
  /// A trial with its model is preferred. A run may be working on the other experiment, so the copy is
  /// checked before it is used.
  ///
  /// - Parameters:
  ///   - needsModel: whether a trial without its model is useless.
  ///   - isOfUse: whether a record is acceptable.
  package func adopt(
    _ key: String, needsModel: Bool = false, where isOfUse: (TrialRecord) -> Bool = { _ in true }
  ) throws -> TrialRecord? {
    let others = Self.experiments(in: results).filter { $0 != name }
      .map { RunStore(results: results, name: $0) }
    // A fault of another experiment must not stop this one: what cannot be read there is skipped.
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
          try !needsModel || Self.isIntact(TrialFile.model.path, in: draft, of: record)
        else { throw Changed() }
      }
    } catch is Changed {
      return nil
    }
    return record
  }

  /// Writes a trial's folder under a draft name and moves it into place; the draft is removed on failure.
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

  /// The folder of a trial's files: its own, or the one beside it while another takes its place on a file
  /// system that cannot exchange folders.
  private func place(of key: String) -> URL {
    let folder = trialFolder(key)
    let aside = Draft.aside(folder)
    return !folder.isFolder && aside.isFolder ? aside : folder
  }

  private func file(_ file: TrialFile, of key: String) -> URL {
    place(of: key).appending(path: file.path)
  }
}

// MARK: - Reading

extension RunStore {
  /// The stored predictions of a trial on a corpus.
  package func predictions(of record: TrialRecord, on corpus: String) throws -> [Prediction] {
    let file = file(.predictions(corpus: corpus), of: record.key)
    return try PredictionTable.predictions(
      in: Table(stored: file), classes: record.classes, name: file.path)
  }

  /// The stored network of a trial.
  package func model(of record: TrialRecord) throws -> Safetensors {
    let file = file(.model, of: record.key)
    guard let data = try StoredFile.content(of: file) else {
      throw StoreError.missing(file: file.path)
    }
    return try Safetensors(decoding: data, name: file.path, isOwn: true)
  }

  /// What a trial's network and those before it have heard; nil where its folder does not say, or not as it
  /// was written.
  ///
  /// - Parameter revision: that of the decoder whose samples can be compared.
  package func heard(of record: TrialRecord, revision: Int) throws -> [HeardClip]? {
    let folder = place(of: record.key)
    guard try Self.isIntact(TrialFile.heard.path, in: folder, of: record) else { return nil }
    let file = folder.appending(path: TrialFile.heard.path)
    return try HeardTable.clips(in: Table(stored: file), revision: revision, name: file.path)
  }

  /// The epochs of a trial's training.
  package func history(of record: TrialRecord) throws -> [EpochRecord] {
    let file = file(.history, of: record.key)
    return try Table(stored: file).rows.map { row in
      // Without validation utterances the last two are empty.
      let cells = row.count == 5 && row[3].isEmpty && row[4].isEmpty ? row.prefix(3) : row[...]
      let numbers = cells.dropFirst().compactMap { Double($0) }
      guard numbers.count == cells.count - 1, [2, 4].contains(numbers.count),
        let epoch = Int(row[0])
      else { throw StoreError.damaged(file: file.path, reason: "a row is not five numbers") }
      return EpochRecord(
        epoch: epoch, learningRate: numbers[0], trainLoss: numbers[1],
        validationLoss: numbers.count == 4 ? numbers[2] : nil,
        validationUAR: numbers.count == 4 ? numbers[3] : nil)
    }
  }

  /// The seconds that a trial took, by phase; empty if unknown.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func timing(of key: String) throws -> [String: Double] {
    guard let data = try StoredFile.content(of: file(.timing, of: key)) else { return [:] }
    return (try? JSONDecoder().decode([String: Double].self, from: data)) ?? [:]
  }

  /// The record of a trial if it is intact, regardless of the files beside it.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func record(_ key: String) throws -> TrialRecord? {
    let data = try StoredFile.content(of: file(.record, of: key))
    let record = data.flatMap(TrialRecord.init(sealed:))
    return record?.key == key ? record : nil
  }

  /// The record in a trial's folder, if it and all files that a report needs are intact.
  ///
  /// - Throws: `StoreError.unreadable`.
  static func record(in folder: URL, key: String) throws -> TrialRecord? {
    guard let data = try StoredFile.content(of: folder.appending(path: TrialFile.record.path)),
      let record = TrialRecord(sealed: data), record.key == key
    else { return nil }
    let expected =
      [.history, .metrics, .model]
      + [TrialFile.heard].filter { record.files[$0.path] != nil }
      + record.evaluations.map { TrialFile.predictions(corpus: $0.corpus) }
    guard expected.map(\.path).sorted() == record.files.keys.sorted(),
      try record.files.keys.allSatisfy({
        try [TrialFile.model, .heard].map(\.path).contains($0)
          || isIntact($0, in: folder, of: record)
      })
    else { return nil }
    return record
  }

  /// Whether a file has the digest that the record states.
  private static func isIntact(
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
          "\($0.epoch)", "\($0.learningRate)", "\($0.trainLoss)",
          $0.validationLoss.map { "\($0)" } ?? "", $0.validationUAR.map { "\($0)" } ?? "",
        ]
      })
  }
}
