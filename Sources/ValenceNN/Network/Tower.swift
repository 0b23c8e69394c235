import ValenceKernels

/// The layers from images to logits: convolution stacks, one a branch, which meet; recurrent layers, if
/// any; pooling over time; a head.
final class Tower {
  /// What a pass runs with: the memory of the whole network, and this step's randomness.
  struct Run {
    let parameters: Floats
    let gradients: Floats
    let statistics: Floats
    let mode: Mode
    let seed: UInt64
    let workers: Workers
  }

  let shape: NetworkShape
  let stacks: [ConvolutionStack]
  /// Nil where the stacks' outputs stay side by side.
  let gates: GatedJoin?
  /// Nil where pooling reads what the branches joined.
  let recurrent: RecurrentStack?
  let pooling: TimePooling
  let head: Head
  let maxClips: Int
  /// What the names of its parameters and random streams begin with.
  let prefix: String
  /// `[rows, I]`: what the stacks put out, all branches side by side, and dL/d of it.
  let features: Rows
  let featuresGradient: Rows
  /// `[rows, J]`: dL/d of what the branches joined.
  let joinedGradient: Rows
  /// `[rows, W]`: dL/d of what pooling reads.
  let statesGradient: Rows
  /// `[B, W]`: dL/d of the pooled vectors.
  let pooledGradient: Rows
  /// How the clips' time steps were packed in the last pass.
  var packing = PackedRows(steps: [])

  /// Adds the layers' parameters and running statistics to the network's, under its layouts' prefix.
  init(
    _ model: ModelOptions, input: NetworkInput, classes: Int, maxClips: Int,
    parameters: inout ParameterLayout, statistics: inout ParameterLayout
  ) throws(ShapeError) {
    let shape = try NetworkShape(model: model, input: input, classes: classes)
    (self.shape, self.maxClips, prefix) = (shape, maxClips, parameters.prefix)
    var stacks: [ConvolutionStack] = []
    for branch in input.branches {
      stacks.append(
        ConvolutionStack(
          model.cnn, input: branch, frames: input.frames, clips: maxClips,
          prefix: input.branches.count == 1 ? "" : "\(branch.name).", parameters: &parameters,
          statistics: &statistics))
    }
    self.stacks = stacks
    let rows = maxClips * shape.steps
    var gates: GatedJoin?
    if input.join == .gated, stacks.count > 1 {
      let branches = zip(input.branches, stacks).map { ($0.name, $1.outputWidth) }
      gates = GatedJoin(
        branches, width: shape.joinedWidth, rows: rows, parameters: &parameters)
    }
    self.gates = gates
    var recurrent: RecurrentStack?
    if let rnn = model.rnn {
      recurrent = RecurrentStack(
        rnn, inputWidth: shape.joinedWidth, rows: rows, clips: maxClips, parameters: &parameters)
    }
    self.recurrent = recurrent
    let pooledWidth = shape.pooledWidth
    pooling = TimePooling(
      model, width: pooledWidth, rows: rows, clips: maxClips, parameters: &parameters)
    head = Head(
      model.head, inputWidth: pooledWidth, classes: classes, clips: maxClips,
      parameters: &parameters)
    features = Rows(zeros: rows, width: shape.stackedWidth)
    featuresGradient = Rows(zeros: rows, width: shape.stackedWidth)
    joinedGradient =
      gates == nil ? featuresGradient : Rows(zeros: rows, width: shape.joinedWidth)
    statesGradient = recurrent == nil ? joinedGradient : Rows(zeros: rows, width: pooledWidth)
    pooledGradient = Rows(zeros: maxClips, width: pooledWidth)
  }
}
