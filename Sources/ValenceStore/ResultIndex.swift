package import Foundation
import ValenceCore

/// All experiments and trials of a results folder, read from its files.
package struct ResultIndex: Sendable {
  /// The progress of an experiment.
  package struct ExperimentStatus: Encodable, Hashable, Sendable {
    package var name: String
    /// The number of trials in its plan.
    package var trials: Int
    /// The number of finished ones, with their models or without.
    package var finished: Int
    /// The number of those without their models.
    package var withoutModel: Int
    package var failed: Int
    /// When its results last changed, as an ISO 8601 time in UTC.
    package var changed: String
    /// Why its trials are unknown, in which case the counts are 0; nil if they are known.
    package var fault: String?
  }

  /// The state of a trial.
  package struct TrialStatus: Hashable, Sendable {
    package var experiment: String
    package var key: String
    package var name: TrialName
    /// A word of `TrialState`.
    package var state: String
    /// Why it failed, if it did.
    package var failure: String?
    /// The duration of training in seconds, if known.
    package var trainingS: Double?
  }

  private let names: [String]
  private let all: [TrialStatus]
  private let faults: [String: StoreError]
  private let changed: [String: String]

  /// Reads the state of all experiments of a results folder; nothing is written.
  package init(results: URL) {
    names = RunStore.experiments(in: results)
    let stores = names.map { RunStore(results: results, name: $0) }
    var (all, faults): ([TrialStatus], [String: StoreError]) = ([], [:])
    for store in stores {
      do {
        all += try Self.trials(of: store)
      } catch {
        faults[store.name] =
          error as? StoreError ?? .damaged(file: store.folder.path, reason: "\(error)")
      }
    }
    (self.all, self.faults) = (all, faults)
    changed = Dictionary(
      uniqueKeysWithValues: stores.map { ($0.name, Self.changeTime(of: $0)) })
  }

  /// The experiments, newest first.
  package var experiments: [ExperimentStatus] {
    names.map { name in
      let states = trials(of: name).map(\.state)
      func count(_ state: TrialState) -> Int { states.count { $0 == state.rawValue } }
      return ExperimentStatus(
        name: name, trials: states.count, finished: count(.finished) + count(.withoutModel),
        withoutModel: count(.withoutModel), failed: count(.failed), changed: changed[name] ?? "",
        fault: faults[name]?.description)
    }.sorted { ($1.changed, $0.name) < ($0.changed, $1.name) }
  }

  /// The trials of one experiment, in the plan's order; empty if they are unknown.
  package func trials(of experiment: String) -> [TrialStatus] {
    all.filter { $0.experiment == experiment }
  }

  /// Why the trials of an experiment are unknown; nil if they are known.
  package func fault(of experiment: String) -> StoreError? { faults[experiment] }

  private static func trials(of store: RunStore) throws -> [TrialStatus] {
    try store.read([TrialListing].self, from: .trials).map { listing in
      let state = store.state(of: listing)
      return TrialStatus(
        experiment: store.name, key: listing.key, name: listing.name, state: state.rawValue,
        failure: state == .failed ? listing.failure : nil,
        trainingS: try store.timing(of: listing.key)["training_s"])
    }
  }

  private static func changeTime(of store: RunStore) -> String {
    let time = store.url(of: .trials).changeTime ?? store.folder.changeTime ?? .distantPast
    return time.ISO8601Format()
  }
}

/// In JSON the members of `name` are members of the status.
extension ResultIndex.TrialStatus: Encodable {
  private enum CodingKeys: String, CodingKey { case experiment, key, state, failure, trainingS }

  package func encode(to encoder: any Encoder) throws {
    try name.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(experiment, forKey: .experiment)
    try values.encode(key, forKey: .key)
    try values.encode(state, forKey: .state)
    try values.encodeIfPresent(failure, forKey: .failure)
    try values.encodeIfPresent(trainingS, forKey: .trainingS)
  }
}
