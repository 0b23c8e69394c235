import Foundation
import ValenceCore

/// A trial of an experiment's plan, finished or not: one entry of `trials.json`.
package struct TrialListing: Hashable, Sendable {
  /// A test that the plan asks for: an evaluation of anything else is no result of the trial.
  package struct Test: Codable, Hashable, Sendable {
    /// The corpus, by its name in the experiment file.
    package var corpus: String
    /// Whether these are held-out utterances of the corpus that the network was trained on.
    package var within: Bool
    /// The digest of what is to be scored.
    package var identity: String

    package init(corpus: String, within: Bool, identity: String) {
      self.corpus = corpus
      self.within = within
      self.identity = identity
    }
  }

  package var key: String
  package var name: TrialName
  /// The tests, in the order of the plan's `test_on`.
  package var tests: [Test]
  /// Why the trial failed; nil if it is finished or has not run.
  package var failure: String?

  package init(key: String, name: TrialName, tests: [Test] = [], failure: String? = nil) {
    self.key = key
    self.name = name
    self.tests = tests
    self.failure = failure
  }

  /// The evaluations that are results of this trial, one for each of `tests`.
  ///
  /// - Returns: nil if one is missing or scored something else, so that the trial must be scored again.
  package func evaluations(in record: TrialRecord) -> [TrialRecord.Evaluation]? {
    let found = tests.compactMap { test in
      record.evaluations.first {
        Test(corpus: $0.corpus, within: $0.within, identity: $0.identity) == test
      }
    }
    return found.count == tests.count ? found : nil
  }
}

/// In JSON the members of `name` are members of the listing.
extension TrialListing: Codable {
  private enum CodingKeys: String, CodingKey { case key, tests, failure }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      key: try values.decode(String.self, forKey: .key), name: try TrialName(from: decoder),
      tests: try values.decode([Test].self, forKey: .tests),
      failure: try values.decodeIfPresent(String.self, forKey: .failure))
  }

  package func encode(to encoder: any Encoder) throws {
    try name.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(key, forKey: .key)
    try values.encode(tests, forKey: .tests)
    try values.encodeIfPresent(failure, forKey: .failure)
  }
}

/// The state of a trial on disk, as all commands report it.
package enum TrialState: String, Sendable {
  /// Its record, its model and all predictions that the plan asks for are intact.
  case finished
  /// The same, but without its model: it can be reported and compared, but not used for new predictions.
  case withoutModel = "finished, without its model"
  /// It is finished, but was not scored on everything that the plan now tests it on.
  case unscored
  /// It is not finished because it failed.
  case failed
  /// It was finished, but its record or predictions are damaged or gone.
  case incomplete
  /// It has not run.
  case pending
  /// Its files cannot be read now, so its state is unknown.
  case unreadable = "cannot be read"
}

extension RunStore {
  /// The state of a trial.
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
    let record = trialFolder(listing.key).appending(path: TrialFile.record.path)
    return FileManager.default.fileExists(atPath: record.path) ? .incomplete : .pending
  }
}
