import Foundation
import ValenceCore

/// A training that diverged: it would do so again, so the trial is not trained a second time.
package struct Divergence: Codable, Hashable, Sendable {
  package var key: String
  /// The epoch (from 1) in which the loss or its gradient stopped being finite.
  package var epoch: Int
  /// The number of optimizer steps until then.
  package var step: Int
  /// The same in a sentence.
  package var reason: String

  package init(key: String, epoch: Int, step: Int, reason: String) {
    (self.key, self.epoch, self.step, self.reason) = (key, epoch, step, reason)
  }
}

extension RunStore {
  /// Keeps the note of a diverged trial, in place of any other files in its folder.
  ///
  /// - Throws: `StoreError.unwritable`.
  package func note(_ divergence: Divergence) throws {
    let data = try JSON.encoded(divergence)
    try replace(divergence.key) { draft in
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      try data.write(to: draft.appending(path: TrialFile.divergence.path))
      AtomicFile.synchronize(folder: draft)
    }
  }

  /// How a trial diverged, in this experiment or in another one of the same results folder.
  ///
  /// - Throws: `StoreError.unreadable`.
  package func divergence(of key: String) throws -> Divergence? {
    if let own = try ownDivergence(of: key) { return own }
    return Self.experiments(in: results).filter { $0 != name }.lazy.compactMap { other in
      (try? RunStore(results: results, name: other).ownDivergence(of: key)).flatMap { $0 }
    }.first
  }

  private func ownDivergence(of key: String) throws -> Divergence? {
    let file = trialFolder(key).appending(path: TrialFile.divergence.path)
    guard let data = try StoredFile.content(of: file),
      let divergence = try? JSON.decoder.decode(Divergence.self, from: data),
      divergence.key == key
    else { return nil }
    return divergence
  }
}
