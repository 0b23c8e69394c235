import Foundation
import ValenceCore

/// A trial that is part of an experiment, whether it is done or not: one entry of `trials.json`.
package struct TrialListing: Codable, Hashable, Sendable {
  /// What the plan has the trial scored on: an evaluation of anything else is no result of it.
  package struct Test: Codable, Hashable, Sendable {
    /// The corpus, by the name that the experiment file gives it.
    package var corpus: String
    /// Whether these are held-out utterances of the corpus that the network was trained on.
    package var within: Bool
    /// The digest of what is to be scored.
    package var identity: String

    /// Names a test; see the properties.
    package init(corpus: String, within: Bool, identity: String) {
      self.corpus = corpus
      self.within = within
      self.identity = identity
    }
  }

  package var key: String
  package var variant: String
  package var train: String
  package var fold: String
  package var seed: UInt64
  /// What it is scored on, in the order of the plan's `test_on`.
  package var tests: [Test]
  /// Why the trial failed; nil while it is finished or has not run.
  package var failure: String?

  package init(
    key: String, variant: String, train: String, fold: String, seed: UInt64,
    tests: [Test] = [], failure: String? = nil
  ) {
    self.key = key
    self.variant = variant
    self.train = train
    self.fold = fold
    self.seed = seed
    self.tests = tests
    self.failure = failure
  }

  /// The evaluations that are results of this trial, one for each of `tests`; nil if one is missing or
  /// scored something else, so that the next run has to score it anew.
  package func evaluations(in record: TrialRecord) -> [TrialRecord.Evaluation]? {
    let found = tests.compactMap { test in
      record.evaluations.first {
        Test(corpus: $0.corpus, within: $0.within, identity: $0.identity) == test
      }
    }
    return found.count == tests.count ? found : nil
  }
}

/// How far a trial of an experiment is, by what lies on the disk: for all commands the same.
package enum TrialState: String, Sendable {
  /// Its record and all predictions that the plan asks for are whole, and its network is.
  case finished
  /// The same, but its network is gone: it can be reported and compared, but not asked or scored anew.
  case withoutModel = "finished, without its model"
  /// It is finished, but was not scored on all that the plan tests it on now.
  case unscored
  /// It is not finished because it failed.
  case failed
  /// It was finished, but its record or predictions are damaged or gone.
  case incomplete
  /// It has not run.
  case pending
  /// Nobody knows: the machine does not let its files be read.
  case unreadable = "cannot be read"
}

extension RunStore {
  /// How far a trial is.
  package func state(of listing: TrialListing) -> TrialState {
    (try? knownState(of: listing)) ?? .unreadable
  }

  private func knownState(of listing: TrialListing) throws -> TrialState {
    let whole = try trial(listing.key)
    if let whole, listing.evaluations(in: whole) != nil {
      return try hasModel(whole) ? .finished : .withoutModel
    }
    if listing.failure != nil { return .failed }
    if whole != nil { return .unscored }
    let record = trialFolder(listing.key).appending(path: "trial.json")
    return FileManager.default.fileExists(atPath: record.path) ? .incomplete : .pending
  }
}

/// That a trial's training went off to infinity, which it would do again: it is not trained a second time.
package struct Divergence: Codable, Hashable, Sendable {
  package var key: String
  /// The epoch (from 1) in which the loss or its gradient was no finite number any more.
  package var epoch: Int
  /// How many steps had been taken until then.
  package var step: Int
  /// The same in a sentence.
  package var reason: String

  package init(key: String, epoch: Int, step: Int, reason: String) {
    (self.key, self.epoch, self.step, self.reason) = (key, epoch, step, reason)
  }
}

extension RunStore {
  private static let divergenceFile = "diverged.json"

  /// Keeps that a trial diverged, instead of what else may lie in its folder.
  ///
  /// - Throws: `StoreError.unwritable`.
  package func note(_ divergence: Divergence) throws {
    let data = try JSON.encoded(divergence)
    try replace(divergence.key) { draft in
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      try data.write(to: draft.appending(path: Self.divergenceFile))
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
    let file = trialFolder(key).appending(path: Self.divergenceFile)
    guard let data = try StoredFile.content(of: file),
      let divergence = try? JSON.decoder.decode(Divergence.self, from: data),
      divergence.key == key
    else { return nil }
    return divergence
  }
}
