import ValenceCore
package import ValenceKernels

/// The whole network: convolution stacks, one a branch; recurrent layers, if any; pooling over time; a
/// head.
///
/// B clips, T frames, K classes. Branches meet behind the stacks, or each has a whole network and their
/// logits are averaged, as `NetworkInput.join` says. Shapes that do not fit are refused by `init`.
///
/// All memory of training is made by `init`. A network may be used by one thread at a time, which may
/// be another each time; several networks share nothing. The number of workers changes no bit.
package final class Network {
  /// Where each parameter lies in `parameters` and `gradients`.
  package let layout: ParameterLayout
  /// Where the running statistics of normalization lie in `statistics`.
  package let statisticsLayout: ParameterLayout
  /// Everything that is learned.
  package let parameters: Floats
  /// The gradient of the last `forwardBackward`.
  package let gradients: Floats
  /// The running means and variances of batch normalization.
  package let statistics: Floats

  /// What the network sees of a clip.
  package let input: NetworkInput
  /// The sizes of all layers.
  package let shape: NetworkShape
  private let towers: [Tower]
  /// `[B, K]`: the mean of several towers' logits, and dL/d of it.
  private let meanLogits: Floats
  private let meanGradient: Floats
  /// Who does the work.
  package let workers: Workers
  /// `[B, K]`: dL/dlogits of the other classes of mixed clips.
  private let mixedGradient: Floats

  /// Builds a network with random weights.
  ///
  /// - Parameters:
  ///   - maxClips: the greatest number of clips that it will see at once.
  ///   - seed: what fixes the weights.
  /// - Throws: `ShapeError` for a layer that cannot fit its input.
  package init(
    _ model: ModelOptions, input: NetworkInput, classes: Int, maxClips: Int, seed: UInt64,
    workers: Workers
  ) throws(ShapeError) {
    shape = try NetworkShape(model: model, input: input, classes: classes)
    (self.input, self.workers) = (input, workers)
    var layout = ParameterLayout()
    var statisticsLayout = ParameterLayout()
    var towers: [Tower] = []
    for (prefix, input) in input.towers {
      (layout.prefix, statisticsLayout.prefix) = (prefix, prefix)
      towers.append(
        try Tower(
          model, input: input, classes: classes, maxClips: maxClips, parameters: &layout,
          statistics: &statisticsLayout))
    }
    self.towers = towers
    meanLogits = Floats(zeros: towers.count > 1 ? maxClips * classes : 0)
    meanGradient = Floats(zeros: meanLogits.count)
    mixedGradient = Floats(zeros: maxClips * classes)
    parameters = Floats(zeros: layout.count)
    gradients = Floats(zeros: layout.count)
    statistics = Floats(zeros: statisticsLayout.count)
    layout.initialize(parameters, seed: seed)
    statisticsLayout.initialize(statistics, seed: seed)
    (self.layout, self.statisticsLayout) = (layout, statisticsLayout)
  }

  /// Takes a batch forward and back: fills `gradients` and moves the running statistics.
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
    let run = run(.training, seed: seed)
    return workers.together {
      forwardBackward(inputs: inputs, batch: batch, targets: targets, loss: loss, run: run)
    }
  }

  private func forwardBackward(
    inputs: [Floats], batch: BatchShape, targets: BatchTargets, loss: CrossEntropy, run: Tower.Run
  ) -> Double {
    forward(inputs, batch: batch, run: run)
    let gradient =
      towers.count == 1
      ? towers[0].head.logitsGradient(clips: batch.clips)
      : meanGradient[0..<batch.clips * shape.classes]
    let value = loss.mean(
      logits: logits(clips: batch.clips), targets: targets, gradient: gradient,
      room: mixedGradient[0..<gradient.count])
    let share = 1 / Float(towers.count)
    if towers.count > 1 { for index in 0..<gradient.count { gradient[index] *= share } }
    for tower in towers {
      if towers.count > 1 { tower.head.logitsGradient(clips: batch.clips).copy(gradient) }
      tower.backward(batch: batch, run: run)
    }
    return value
  }

  /// The logits of a batch, `[B, K]`, without dropout and with running statistics.
  package func logits(inputs: [Floats], batch: BatchShape) -> [Float] {
    workers.together { forward(inputs, batch: batch, run: run(.inference, seed: 0)) }
    return lastLogits(clips: batch.clips)
  }

  /// The logits of the last pass, `[B, K]`; in training those that the loss was taken of.
  package func lastLogits(clips: Int) -> [Float] { logits(clips: clips).array }

  private func run(_ mode: Mode, seed: UInt64) -> Tower.Run {
    Tower.Run(
      parameters: parameters, gradients: gradients, statistics: statistics, mode: mode, seed: seed,
      workers: workers)
  }

  /// Runs all towers, each on its branches.
  private func forward(_ inputs: [Floats], batch: BatchShape, run: Tower.Run) {
    precondition(
      inputs.count == input.branches.count,
      "\(inputs.count) inputs for \(input.branches.count) branches")
    var first = 0
    for tower in towers {
      tower.forward(inputs[first..<first + tower.stacks.count], batch: batch, run: run)
      first += tower.stacks.count
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
