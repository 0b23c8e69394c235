/// The name of a trial within its experiment: a variant on a fold of a training set, with a seed.
///
/// The key of a trial identifies its content; the same trial may have other names in other experiments.
package struct TrialName: Codable, Hashable, Sendable {
  package var variant: String
  /// The training set.
  package var train: String
  package var fold: String
  package var seed: UInt64

  package init(variant: String, train: String, fold: String, seed: UInt64) {
    self.variant = variant
    self.train = train
    self.fold = fold
    self.seed = seed
  }
}
