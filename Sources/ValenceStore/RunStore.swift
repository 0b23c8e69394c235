package import Foundation
import ValenceCore

/// The results of one experiment on disk: `Results/<name>/`.
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

  /// Opens the results of an experiment that has run.
  ///
  /// - Throws: `StoreError.unknownExperiment` with the names that there are; `StoreError.notAName` for what
  ///   leads out of the folder.
  package static func existing(results: URL, name: String) throws -> RunStore {
    // No file is called so, and none that Valence makes begins with a dot.
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\0") else {
      throw StoreError.notAName(name)
    }
    let store = RunStore(results: results, name: name)
    let plan = store.folder.appending(path: "experiment.yaml")
    guard FileManager.default.fileExists(atPath: plan.path) else {
      throw StoreError.unknownExperiment(
        name: name, folder: results.path, known: experiments(in: results))
    }
    return store
  }

  /// The names of the experiments that have results in a folder, in alphabetical order.
  package static func experiments(in results: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []
    return names.sorted().filter {
      FileManager.default.fileExists(
        atPath: results.appending(path: "\($0)/experiment.yaml").path)
    }
  }

  /// Writes one of the experiment's own files, whole or not at all; a file that says so already is left
  /// alone.
  package func write(_ text: String, to file: String) throws {
    try write(Data(text.utf8), to: file)
  }

  /// Writes a value as JSON with sorted keys; a file that says so already is left alone.
  package func write(json value: some Encodable, to file: String) throws {
    try write(JSON.encoded(value), to: file)
  }

  private func write(_ data: Data, to file: String) throws {
    let url = folder.appending(path: file)
    if let old = try? Data(contentsOf: url), old == data { return }
    try AtomicFile.keep(data, at: url)
  }

  /// Reads one of the experiment's JSON files.
  package func read<Value: Decodable>(_ type: Value.Type, from file: String) throws -> Value {
    let url = folder.appending(path: file)
    guard let data = try StoredFile.content(of: url) else {
      throw StoreError.missing(file: url.path)
    }
    do {
      return try JSON.decoder.decode(type, from: data)
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      // The JSON is whole, but a word of it is none of those that this version knows.
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw StoreError.damaged(file: url.path, reason: "\(key) has a value that is not known here")
    } catch {
      throw StoreError.damaged(file: url.path, reason: "it is not the expected JSON")
    }
  }

  /// The text of one of the experiment's files, if it is there.
  package func text(of file: String) -> String? {
    try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  /// Removes one of the experiment's own files, if it is there.
  package func remove(_ file: String) throws {
    let url = folder.appending(path: file)
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      throw StoreError.unwritable(url, error)
    }
  }

  package func trialFolder(_ key: String) -> URL { folder.appending(path: "trials/\(key)") }
}
