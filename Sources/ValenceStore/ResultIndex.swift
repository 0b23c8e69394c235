package import Foundation
import ValenceCore

/// Every experiment and trial of a results folder, read from its files anew each time.
package struct ResultIndex: Sendable {
  /// One experiment.
  package struct Experiment: Codable, Hashable, Sendable {
    package var name: String
    /// How many trials its plan asks for.
    package var trials: Int
    /// How many of them are finished, with their networks or without.
    package var finished: Int
    /// How many of those have lost their networks.
    package var withoutModel: Int
    package var failed: Int
    /// When its results last changed, as an ISO 8601 time in UTC.
    package var changed: String
    /// Why its trials are not known, so that the counts say nothing; nil where they are.
    package var fault: String?
  }

  /// One trial of one experiment.
  package struct Trial: Codable, Hashable, Sendable {
    package var experiment: String
    package var key: String
    package var variant: String
    package var train: String
    package var fold: String
    package var seed: UInt64
    /// How far it is: a word of `TrialState`.
    package var state: String
    /// Why it failed, where it did.
    package var failure: String?
    /// The seconds that training took, if known.
    package var trainingS: Double?
  }

  private let names: [String]
  private let all: [Trial]
  private let faults: [String: StoreError]
  private let changed: [String: String]

  /// Looks at all experiments of a results folder, which is only read.
  package init(results: URL) {
    names = RunStore.experiments(in: results)
    let stores = names.map { RunStore(results: results, name: $0) }
    var (all, faults): ([Trial], [String: StoreError]) = ([], [:])
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
      uniqueKeysWithValues: stores.map {
        ($0.name, Self.changeTime(of: $0.folder))
      })
  }

  /// The experiments, newest first.
  package var experiments: [Experiment] {
    names.map { name in
      let states = trials(of: name).map(\.state)
      func count(_ state: TrialState) -> Int { states.count { $0 == state.rawValue } }
      return Experiment(
        name: name, trials: states.count, finished: count(.finished) + count(.withoutModel),
        withoutModel: count(.withoutModel), failed: count(.failed), changed: changed[name] ?? "",
        fault: faults[name]?.description)
    }.sorted { ($1.changed, $0.name) < ($0.changed, $1.name) }
  }

  /// The trials of one experiment, in the plan's order; none where they are not known.
  package func trials(of experiment: String) -> [Trial] {
    all.filter { $0.experiment == experiment }
  }

  /// Why the trials of an experiment are not known; nil where they are.
  package func fault(of experiment: String) -> StoreError? { faults[experiment] }

  private static func trials(of store: RunStore) throws -> [Trial] {
    try store.read([TrialListing].self, from: "trials.json").map { listing in
      let state = store.state(of: listing)
      return Trial(
        experiment: store.name, key: listing.key, variant: listing.variant, train: listing.train,
        fold: listing.fold, seed: listing.seed, state: state.rawValue,
        failure: state == .failed ? listing.failure : nil,
        trainingS: store.timing(of: listing.key)["training_s"])
    }
  }

  private static func changeTime(of folder: URL) -> String {
    let listing = folder.appending(path: "trials.json")
    return (listing.changeTime ?? folder.changeTime ?? .distantPast).ISO8601Format()
  }
}
