public import Foundation
import ValenceCore

/// Every experiment and trial of a results folder, read from its files anew each time.
public struct ResultIndex: Sendable {
  /// One experiment.
  public struct Experiment: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// How many trials its plan asks for.
    public var trials: Int
    /// How many of them are finished, with their networks or without.
    public var finished: Int
    /// How many of those have lost their networks.
    public var withoutModel: Int
    /// How many failed.
    public var failed: Int
    /// When its results last changed, as an ISO 8601 time in UTC.
    public var changed: String
    /// Why its trials are not known, so that the counts say nothing; nil where they are.
    public var fault: String?
  }

  /// One trial of one experiment.
  public struct Trial: Codable, Hashable, Sendable {
    /// The experiment.
    public var experiment: String
    /// The trial's key.
    public var key: String
    /// The variant's name.
    public var variant: String
    /// The training corpus.
    public var train: String
    /// The fold.
    public var fold: String
    /// The seed.
    public var seed: UInt64
    /// How far it is: a word of `TrialState`.
    public var state: String
    /// Why it failed, where it did.
    public var failure: String?
    /// The seconds that training took, if known.
    public var trainingS: Double?
  }

  private let names: [String]
  private let all: [Trial]
  private let faults: [String: StoreError]
  private let changed: [String: String]

  /// Looks at all experiments of a results folder, which is only read.
  public init(results: URL) {
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
  public var experiments: [Experiment] {
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
  public func trials(of experiment: String) -> [Trial] {
    all.filter { $0.experiment == experiment }
  }

  /// Why the trials of an experiment are not known; nil where they are.
  public func fault(of experiment: String) -> StoreError? { faults[experiment] }

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
