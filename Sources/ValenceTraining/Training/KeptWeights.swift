import Foundation
import ValenceCore
import ValenceKernels
package import ValenceNN
package import ValenceStore

/// The weights that training leaves a network with, by the rule of the options.
///
/// Another rule, or a mean that is formed otherwise, gives other networks under the same key: raise
/// `Trial.revision`.
struct KeptWeights {
  private let options: TrainingOptions
  /// The greatest number of epochs.
  let epochs: Int
  /// The best epoch so far, where that is looked for.
  private var best: EpochRecord?
  /// The epoch whose weights are kept, or the last one of a mean; 0 before the first.
  private(set) var epoch = 0
  /// Weights and running statistics of the best epoch.
  private var (parameters, statistics): ([Float], [Float]) = ([], [])
  /// The weighted sum over epochs, and the sum of the weights.
  private var (sum, weight): ([Double], Double) = ([], 0)

  /// - Parameter epochs: after how many training ends, if not after all of the options.
  init(_ options: TrainingOptions, epochs: Int? = nil) {
    self.options = options
    self.epochs = epochs ?? options.epochs
  }

  /// The epochs of the mean in words; nil if the weights are those of one epoch.
  var averaged: String? {
    guard case .average(let average) = options.selection else { return nil }
    switch average.kind {
    case .last: return "the last \(average.epochs) of \(epochs) epochs"
    case .exponential:
      let halfLife = NumberText.decimal(average.halfLifeEpochs, 1)
      return "all \(epochs) epochs, with a half-life of \(halfLife)"
    }
  }

  /// Takes note of the weights at the end of an epoch.
  mutating func note(_ record: EpochRecord, network: Network) {
    switch options.selection {
    case .bestEpoch:
      if let best, !record.isBetter(than: best, by: options.earlyStopping.metric) { return }
      best = record
      parameters = network.parameters.array
      statistics = network.statistics.array
    case .last: break
    case .average(let average):
      switch average.kind {
      case .last where record.epoch <= epochs - average.epochs: return
      case .last: add(network.parameters.array, keeping: 1)
      case .exponential:
        add(network.parameters.array, keeping: pow(0.5, 1 / average.halfLifeEpochs))
      }
    }
    epoch = record.epoch
  }

  /// Adds weights to the mean; what was there before counts `share` as much from now on.
  private mutating func add(_ weights: [Float], keeping share: Double) {
    if sum.isEmpty { sum = weights.map { _ in 0 } }
    for index in sum.indices { sum[index] = share * sum[index] + Double(weights[index]) }
    weight = share * weight + 1
  }

  /// Whether further epochs would be in vain: patience is over, or there are none.
  func isSettled(after epoch: Int) -> Bool {
    options.selection == .bestEpoch && epoch - self.epoch >= options.earlyStopping.patience
  }

  /// Puts the kept weights into the network; of a mean the running statistics are still to be made.
  func restore(into network: Network) {
    switch options.selection {
    case .bestEpoch:
      network.parameters.copy(parameters)
      network.statistics.copy(statistics)
    case .last: break
    case .average:
      // What no step has moved stays to the last bit.
      for range in network.trainable {
        network.parameters[range].copy(sum[range].map { Float($0 / weight) })
      }
    }
  }
}

extension EpochRecord {
  /// Whether an epoch is better than an earlier one.
  ///
  /// With a few dozen validation clips several epochs often have the same UAR: of these the one with the
  /// lower validation loss is the better, and of epochs that are equal in both the first.
  package func isBetter(than other: EpochRecord, by metric: EarlyStoppingOptions.Metric) -> Bool {
    let (uar, otherUAR) = (validationUAR ?? -.infinity, other.validationUAR ?? -.infinity)
    let (loss, otherLoss) = (validationLoss ?? .infinity, other.validationLoss ?? .infinity)
    return metric == .uar && uar != otherUAR ? uar > otherUAR : loss < otherLoss
  }
}
