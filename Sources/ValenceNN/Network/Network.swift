import ValenceCore
package import ValenceKernels

/// The whole network: a convolution stack per branch; recurrent layers, if any; pooling over time; a
/// head.
///
/// B clips, T frames, K classes. Branches meet behind the stacks, or each has a whole network and their
/// logits are averaged, as `NetworkInput.join` says. Shapes that do not fit are refused by `init`.
///
/// All memory of training is made by `init`. A network may be used by one thread at a time, which may
/// be another each time; several networks share nothing. The number of workers changes no bit.
package final class Network {
  private let state: StateLayout
  /// The ranges of the parameters in `parameters` and `gradients`.
  package var layout: ParameterLayout { state.parameters }
  /// The ranges of the running statistics of normalization in `statistics`.
  package var statisticsLayout: ParameterLayout { state.statistics }
  /// Everything that is learned.
  package let parameters: Floats
  /// The gradient of the last `forwardBackward`.
  package let gradients: Floats
  /// The running means and variances of batch normalization.
  package let statistics: Floats

  /// The input of the network for one clip.
  package var input: NetworkInput { shape.input }
  /// The options and sizes of all layers.
  package let shape: NetworkShape
  private let towers: [Tower]
  /// `[B, K]`: the mean of several towers' logits, and dL/d of it.
  private let meanLogits: Floats
  private let meanGradient: Floats
  /// The threads that run the kernels.
  package let workers: Workers
  /// `[B, K]`: dL/dlogits of the other classes of mixed clips.
  private let mixedGradient: Floats
  /// Has training forget what tells corpora apart; nil for none.
  package var reversal: GradientReversal?
  /// Whether training moves the last layer alone: all before it runs as in inference then, and gets no
  /// gradient.
  package var isBodyFrozen = false

  /// Builds a network with random weights.
  ///
  /// - Parameters:
  ///   - maxClips: the greatest number of clips that it will see at once.
  ///   - seed: what fixes the weights.
  package init(_ shape: NetworkShape, maxClips: Int, seed: UInt64, workers: Workers) {
    (self.shape, self.workers) = (shape, workers)
    var state = StateLayout()
    towers = shape.towers.map { prefix, shape in
      state.scoped(prefix) { state in
        Tower(shape, maxClips: maxClips, prefix: prefix, state: &state)
      }
    }
    meanLogits = Floats(zeros: towers.count > 1 ? maxClips * shape.classes : 0)
    meanGradient = Floats(zeros: meanLogits.count)
    mixedGradient = Floats(zeros: maxClips * shape.classes)
    parameters = Floats(zeros: state.parameters.count)
    gradients = Floats(zeros: state.parameters.count)
    statistics = Floats(zeros: state.statistics.count)
    state.parameters.initialize(parameters, seed: seed)
    state.statistics.initialize(statistics, seed: seed)
    self.state = state
  }

  /// Takes a batch forward and back: fills `gradients` and moves the running statistics.
  ///
  /// Of a frozen body neither: its gradients stay 0.
  ///
  /// - Parameters:
  ///   - inputs: one for each branch, `[B, T, bins, channels]` with the greatest number of frames,
  ///     zero beyond a clip's length.
  ///   - targets: the class of each clip, in 0 ..< K, and how clips are mixed.
  ///   - seed: what fixes this step's dropout.
  /// - Returns: the mean loss.
  package func forwardBackward(
    inputs: [Floats], batch: BatchShape, targets: BatchTargets, loss: CrossEntropy,
    step seed: UInt64
  ) -> Double {
    let pass = pass(isBodyFrozen ? .inference : .training, seed: seed)
    return workers.together {
      forward(inputs, batch: batch, pass: pass)
      let value = takeLoss(loss, targets: targets, clips: batch.clips)
      if isBodyFrozen {
        for tower in towers { tower.backwardLast(clips: batch.clips, pass: pass) }
        return value
      }
      for (index, tower) in towers.enumerated() {
        tower.backward(batch: batch, pass: pass) { vectors, gradient in
          reversal?.turn(gradient, of: vectors, tower: index, targets: targets)
        }
      }
      return value
    }
  }

  /// The loss of the last forward pass; gives each tower its logits' gradient.
  private func takeLoss(_ loss: CrossEntropy, targets: BatchTargets, clips: Int) -> Double {
    let gradient =
      towers.count == 1
      ? towers[0].head.logitsGradient(clips: clips)
      : meanGradient[0..<clips * shape.classes]
    let value = loss.mean(
      logits: logits(clips: clips), targets: targets, gradient: gradient,
      room: mixedGradient[0..<gradient.count])
    if towers.count == 1 { return value }
    let share = 1 / Float(towers.count)
    for index in 0..<gradient.count { gradient[index] *= share }
    for tower in towers { tower.head.logitsGradient(clips: clips).copy(gradient) }
    return value
  }

  /// The logits of a batch, `[B, K]`, without dropout and with running statistics.
  package func logits(inputs: [Floats], batch: BatchShape) -> [Float] {
    workers.together { forward(inputs, batch: batch, pass: pass(.inference, seed: 0)) }
    return lastLogits(clips: batch.clips)
  }

  /// The logits of the last pass, `[B, K]`; in training those that the loss was taken of.
  package func lastLogits(clips: Int) -> [Float] { logits(clips: clips).array }

  /// Takes a batch forward as in training, for the running statistics alone: they become the mean of its
  /// own and those of the `earlier` batches; the first one replaces what was there.
  ///
  /// So `torch.optim.swa_utils.update_bn` makes statistics anew for weights that no step has led to. Each
  /// batch counts the same, whatever its size, and dropout is on, as there.
  package func averageStatistics(
    inputs: [Floats], batch: BatchShape, earlier: Int, step seed: UInt64
  ) {
    var pass = pass(.training, seed: seed)
    pass.statisticsMomentum = 1 / Double(earlier + 1)
    workers.together { forward(inputs, batch: batch, pass: pass) }
  }

  private func pass(_ mode: Mode, seed: UInt64) -> Pass {
    Pass(
      mode: mode, parameters: parameters, gradients: gradients, statistics: statistics, seed: seed,
      workers: workers)
  }

  /// Runs all towers, each on its branches.
  private func forward(_ inputs: [Floats], batch: BatchShape, pass: Pass) {
    precondition(
      inputs.count == input.branches.count,
      "\(inputs.count) inputs for \(input.branches.count) branches")
    var first = 0
    for tower in towers {
      let branches = tower.branches.count
      tower.forward(inputs[first..<first + branches], batch: batch, pass: pass)
      first += branches
    }
    if towers.count == 1 { return }
    let each = towers.map { $0.head.logits(clips: batch.clips).array }
    meanLogits.copy(
      each[0].indices.map { index in
        Float(each.reduce(0.0) { $0 + Double($1[index]) } / Double(towers.count))
      })
  }

  private func logits(clips: Int) -> Floats {
    towers.count == 1 ? towers[0].head.logits(clips: clips) : meanLogits[0..<clips * shape.classes]
  }
}
