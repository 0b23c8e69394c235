import Foundation
import ValenceCore
package import ValenceKernels

/// Classifiers of corpora on the vectors that pooling over time gives, whose gradient is turned round: the
/// layers before learn what does not tell corpora apart (Ganin et al., 2016).
///
/// The classifiers themselves learn as well as they can, by the loss's own gradient; the layers below get −λ
/// times that of their input. A network whose logits are the mean of several has one for each. They are no
/// part of the network: a checkpoint does not have them.
package final class GradientReversal {
  /// The units of a classifier's hidden layer.
  package static let hidden = 64

  /// The classifiers' parameters, by name.
  package let layout: ParameterLayout
  package let parameters: Floats
  /// Their gradients of the last batch.
  package let gradients: Floats
  /// λ: how much of the gradient the network gets, turned round.
  package var weight = 0.0
  /// The mean loss of the last batch's corpora.
  package private(set) var lastLoss = 0.0

  private let heads: [Head]
  private let inputGradients: [Rows]
  private let room: Floats
  private let loss: CrossEntropy
  package let workers: Workers

  /// Classifiers of corpora that have `counts` training clips each; every corpus counts the same.
  package init(on network: Network, counts: [Int], maxClips: Int, seed: UInt64) {
    var state = StateLayout()
    var options = HeadOptions()
    (options.hidden, options.dropout) = ([Self.hidden], 0)
    let towers = network.shape.towers
    heads = towers.map { prefix, shape in
      state.scoped(prefix + "corpus.") { state in
        Head(
          options, inputWidth: shape.pooledWidth, classes: counts.count, clips: maxClips,
          state: &state)
      }
    }
    inputGradients = towers.map { Rows(zeros: maxClips, width: $0.shape.pooledWidth) }
    room = Floats(zeros: maxClips * counts.count)
    var plain = LossOptions()
    (plain.classWeights, plain.labelSmoothing) = (.balanced, 0)
    loss = CrossEntropy(plain, counts: counts.map(Double.init))
    layout = state.parameters
    parameters = Floats(zeros: layout.count)
    gradients = Floats(zeros: layout.count)
    layout.initialize(parameters, seed: seed)
    workers = network.workers
  }

  /// λ after a part of training (0 to 1): from 0 to all of `weight`, along the authors' sigmoid.
  package static func weight(_ weight: Double, after share: Double) -> Double {
    weight * (2 / (1 + exp(-10 * share)) - 1)
  }

  /// Learns to tell the corpora of a batch by one network's pooled vectors, and adds the gradient of that,
  /// turned round, to the vectors' own.
  func turn(_ gradient: Rows, of vectors: Rows, tower: Int, targets: BatchTargets) {
    guard let corpora = targets.corpora else { return }
    let (head, clips) = (heads[tower], vectors.count)
    let pass = Pass(
      mode: .training, parameters: parameters, gradients: gradients,
      statistics: Floats(zeros: 0), seed: 0, workers: workers)
    head.forward(vectors, pass: pass)
    let logitsGradient = head.logitsGradient(clips: clips)
    let value = loss.mean(
      logits: head.logits(clips: clips), targets: BatchTargets(corpora, mixup: targets.mixup),
      gradient: logitsGradient, room: room[0..<logitsGradient.count])
    // Several networks share the work, as they share the loss of classes.
    let share = 1 / Float(heads.count)
    if heads.count > 1 {
      for index in 0..<logitsGradient.count { logitsGradient[index] *= share }
    }
    lastLoss = (tower == 0 ? 0 : lastLoss) + value / Double(heads.count)
    let own = inputGradients[tower].prefix(clips)
    head.backward(input: vectors, inputGradient: own, pass: pass)
    let (turned, target) = (own.floats, gradient.floats)
    let factor = Float(weight)
    for index in 0..<target.count { target[index] -= factor * turned[index] }
  }
}
