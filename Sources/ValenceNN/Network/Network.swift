import ValenceCore
public import ValenceKernels

/// The whole network: convolution stacks, one a branch; recurrent layers, if any; pooling over time; a
/// head.
///
/// B clips, T frames, K classes. Branches meet behind the stacks, whose outputs lie side by side at each
/// time step. Shapes that do not fit are refused by `init`.
///
/// All memory of training is made by `init`. A network may be used by one thread at a time, which may
/// be another each time; several networks share nothing. The number of workers changes no bit.
public final class Network {
  /// Where each parameter lies in `parameters` and `gradients`.
  public let layout: ParameterLayout
  /// Where the running statistics of normalization lie in `statistics`.
  public let statisticsLayout: ParameterLayout
  /// Everything that is learned.
  public let parameters: Floats
  /// The gradient of the last `forwardBackward`.
  public let gradients: Floats
  /// The running means and variances of batch normalization.
  public let statistics: Floats

  /// What the network sees of a clip.
  public let input: NetworkInput
  /// The sizes of all layers.
  public let shape: NetworkShape
  let stacks: [ConvolutionStack]
  /// Nil where pooling reads what the stacks put out.
  let recurrent: RecurrentStack?
  let pooling: TimePooling
  let head: Head
  let maxClips: Int
  /// Who does the work.
  public let workers: Workers
  /// `[rows, I]`: what the stacks put out, all branches side by side, and dL/d of it.
  let features: Floats
  let featuresGradient: Floats
  /// `[rows, W]`: dL/d of what pooling reads.
  let statesGradient: Floats
  /// `[B, W]`: dL/d of the pooled vectors.
  let pooledGradient: Floats

  /// Builds a network with random weights.
  ///
  /// - Parameters:
  ///   - maxClips: the greatest number of clips that it will see at once.
  ///   - seed: what fixes the weights.
  /// - Throws: `ShapeError` for a layer that cannot fit its input.
  public init(
    _ model: ModelOptions, input: NetworkInput, classes: Int, maxClips: Int, seed: UInt64,
    workers: Workers
  ) throws(ShapeError) {
    shape = try NetworkShape(model: model, input: input, classes: classes)
    (self.input, self.maxClips, self.workers) = (input, maxClips, workers)
    var layout = ParameterLayout()
    var statisticsLayout = ParameterLayout()
    var stacks: [ConvolutionStack] = []
    for branch in input.branches {
      stacks.append(
        ConvolutionStack(
          model.cnn, input: branch, frames: input.frames, clips: maxClips,
          prefix: input.branches.count == 1 ? "" : "\(branch.name).", parameters: &layout,
          statistics: &statisticsLayout))
    }
    self.stacks = stacks
    let width = shape.stackedWidth
    let rows = maxClips * shape.steps
    var recurrent: RecurrentStack?
    if let rnn = model.rnn {
      recurrent = RecurrentStack(
        rnn, inputWidth: width, rows: rows, clips: maxClips, parameters: &layout)
    }
    self.recurrent = recurrent
    let pooledWidth = shape.pooledWidth
    pooling = TimePooling(
      model, width: pooledWidth, rows: rows, clips: maxClips, parameters: &layout)
    head = Head(
      model.head, inputWidth: pooledWidth, classes: classes, clips: maxClips,
      parameters: &layout)
    features = Floats(zeros: rows * width)
    featuresGradient = Floats(zeros: rows * width)
    statesGradient = recurrent == nil ? featuresGradient : Floats(zeros: rows * pooledWidth)
    pooledGradient = Floats(zeros: maxClips * pooledWidth)
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
  ///   - targets: `[B]`, each in 0 ..< K.
  ///   - seed: what fixes this step's dropout.
  /// - Returns: the mean loss.
  public func forwardBackward(
    inputs: [Floats], batch: BatchShape, targets: [Int], loss: CrossEntropy, step seed: UInt64
  ) -> Double {
    let rows = forward(inputs, batch: batch, mode: .training, seed: seed)
    let logits = head.logits(clips: batch.clips)
    let value = loss.mean(
      logits: logits, targets: targets, gradient: head.logitsGradient(clips: batch.clips))
    backward(batch: batch, rows: rows, seed: seed)
    return value
  }

  /// The logits of a batch, `[B, K]`, without dropout and with running statistics.
  public func logits(inputs: [Floats], batch: BatchShape) -> [Float] {
    _ = forward(inputs, batch: batch, mode: .inference, seed: 0)
    return lastLogits(clips: batch.clips)
  }

  /// The logits of the last pass, `[B, K]`; in training those that the loss was taken of.
  public func lastLogits(clips: Int) -> [Float] { head.logits(clips: clips).array }
}
