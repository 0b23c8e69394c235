package import Foundation
import ValenceCore

/// The results of one experiment on disk, `Results/<name>/`.
package struct RunStore: Sendable {
  /// The folder of all experiments.
  package let results: URL
  package let name: String

  /// Uses `results/name`, which is made when something is written.
  package init(results: URL, name: String) {
    self.results = results
    self.name = name
  }

  package var folder: URL { results.appending(path: name) }

  /// The results of an experiment that has run.
  ///
  /// - Throws: `StoreError.unknownExperiment` with the known names; `StoreError.notAName` for a path.
  package static func existing(results: URL, name: String) throws -> RunStore {
    // These are no file names, and no folder that Valence makes begins with a dot.
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\0") else {
      throw StoreError.notAName(name)
    }
    let store = RunStore(results: results, name: name)
    guard FileManager.default.fileExists(atPath: store.url(of: .plan).path) else {
      throw StoreError.unknownExperiment(
        name: name, folder: results.path, known: experiments(in: results))
    }
    return store
  }

  /// The names of the experiments that have results in a folder, in alphabetical order.
  package static func experiments(in results: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []
    return names.sorted().filter {
      let store = RunStore(results: results, name: $0)
      return FileManager.default.fileExists(atPath: store.url(of: .plan).path)
    }
  }

  /// Writes one of the experiment's own files atomically.
  ///
  /// A file that has this content already is left alone, so that its time says when the result changed.
  package func write(_ text: String, to file: ResultFile) throws {
    try write(Data(text.utf8), to: file)
  }

  /// Writes a value as JSON with sorted keys, as `write(_:to:)` does.
  package func write(json value: some Encodable, to file: ResultFile) throws {
    try write(JSON.encoded(value), to: file)
  }

  private func write(_ data: Data, to file: ResultFile) throws {
    let url = url(of: file)
    if let old = try? Data(contentsOf: url), old == data { return }
    try AtomicFile.keep(data, at: url)
  }

  /// Reads one of the experiment's JSON files.
  package func read<Value: Decodable>(_ type: Value.Type, from file: ResultFile) throws -> Value {
    let url = url(of: file)
    guard let data = try StoredFile.content(of: url) else {
      throw StoreError.missing(file: url.path)
    }
    do {
      return try JSON.decoder.decode(type, from: data)
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      // Valid JSON with a word that this version does not know, perhaps written by a newer one.
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw StoreError.damaged(file: url.path, reason: "\(key) has a value that is not known here")
    } catch {
      throw StoreError.damaged(file: url.path, reason: "it is not the expected JSON")
    }
  }

  /// The text of one of the experiment's files, if it is there.
  package func text(of file: ResultFile) -> String? {
    try? String(contentsOf: url(of: file), encoding: .utf8)
  }

  /// Removes one of the experiment's own files, if it is there.
  package func remove(_ file: ResultFile) throws {
    let url = url(of: file)
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      throw StoreError.unwritable(url, error)
    }
  }

  /// The place of one of the experiment's own files.
  package func url(of file: ResultFile) -> URL {
    folder.appending(path: file.rawValue, directoryHint: .notDirectory)
  }

  /// The folder of all trials.
  var trialsFolder: URL { folder.appending(path: ResultFile.trialsFolder) }

  package func trialFolder(_ key: String) -> URL { trialsFolder.appending(path: key) }
}
