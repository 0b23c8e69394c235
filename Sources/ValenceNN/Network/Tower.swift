import ValenceKernels

/// A branch's own layers, from its input to its values at each time step.
protocol BranchLayers: AnyObject {
  /// The number of values at a time step.
  var outputWidth: Int { get }

  /// The number of time steps that a clip of `frames` frames gives.
  func steps(frames: Int) -> Int

  /// Fills `output`, `[rows, outputWidth]`, packed by the clips' steps.
  ///
  /// - Parameter input: the clips, each with room for the greatest number of frames. For `backward` it must stay
  ///   as it is.
  func forward(_ input: Floats, batch: BatchShape, into output: Rows, pass: Pass)

  /// Writes the gradients of the parameters, given that of the last training output, by the same pass.
  func backward(_ outputGradient: Rows, batch: BatchShape, pass: Pass)
}

/// The layers from inputs to logits: a stack per branch, of convolutions or a dense layer, whose outputs meet;
/// recurrent layers and a transformer, if any; pooling over time; a head.
///
/// A vector of the whole clip beside frames meets what was pooled of them, in front of the head.
final class Tower {
  /// The stack of a branch.
  struct BranchStack {
    let stack: any BranchLayers
    /// The prefix of its layers' names; empty where it is the only stack.
    let prefix: String
    /// Its columns of `features`; of a vector beside frames, of `besides`.
    let columns: Range<Int>
    let isBesideFrames: Bool
  }

  let shape: NetworkShape
  let branches: [BranchStack]
  /// Nil where the stacks' outputs stay side by side.
  let gates: GatedJoin?
  /// Nil where what follows reads what the branches joined.
  let recurrent: RecurrentStack?
  /// Nil where pooling reads what comes before.
  let transformer: TransformerStack?
  let pooling: TimePooling
  let head: Head
  let maxClips: Int
  /// The prefix of the names of its random streams.
  let prefix: String
  /// `[rows, I]`: the outputs of the stacks, all branches side by side, and their gradient.
  let features: Rows
  let featuresGradient: Rows
  /// `[rows, J]`: the gradient of the joined branches.
  let joinedGradient: Rows
  /// `[rows, R]`: the gradient of the output of the recurrent layers.
  let recurrentGradient: Rows
  /// `[rows, W]`: the gradient of the input of pooling.
  let statesGradient: Rows
  /// `[B, W]`: dL/d of the pooled vectors.
  let pooledGradient: Rows
  /// `[B, W + V]`: the pooled vectors with those of whole clips behind them, and their gradient; nil without
  /// such.
  let besides: (values: Rows, gradient: Rows)?
  /// How the clips' time steps were packed in the last pass.
  var packing = PackedRows(steps: [])

  /// Adds the layers' parameters and running statistics; their names and random streams begin with
  /// `prefix`.
  init(_ shape: NetworkShape, maxClips: Int, prefix: String, state: inout StateLayout) {
    (self.shape, self.maxClips, self.prefix) = (shape, maxClips, prefix)
    let (model, input) = (shape.model, shape.input)
    branches = Self.stacks(of: shape, clips: maxClips, state: &state)
    let rows = maxClips * shape.steps
    var gates: GatedJoin?
    let framed = zip(input.branches, branches).filter { !$1.isBesideFrames }
    if input.join == .gated, framed.count > 1 {
      let widths = framed.map { ($0.name, $1.stack.outputWidth) }
      gates = GatedJoin(widths, width: shape.joinedWidth, rows: rows, state: &state)
    }
    self.gates = gates
    var recurrent: RecurrentStack?
    if let rnn = model.rnn {
      recurrent = RecurrentStack(
        rnn, inputWidth: shape.joinedWidth, rows: rows, clips: maxClips, state: &state)
    }
    self.recurrent = recurrent
    let recurrentWidth = recurrent?.outputWidth ?? shape.joinedWidth
    transformer = model.transformer.map { options in
      TransformerStack(
        options, inputWidth: recurrentWidth, steps: shape.steps, clips: maxClips, state: &state)
    }
    let (pooledWidth, headWidth) = (shape.pooledWidth, shape.pooledWidth + shape.vectorWidth)
    pooling = TimePooling(
      model, width: pooledWidth, rows: rows, clips: maxClips, state: &state)
    head = Head(
      model.head, inputWidth: headWidth, classes: shape.classes, clips: maxClips,
      state: &state)
    features = Rows(zeros: rows, width: shape.stackedWidth)
    featuresGradient = Rows(zeros: rows, width: shape.stackedWidth)
    joinedGradient =
      gates == nil ? featuresGradient : Rows(zeros: rows, width: shape.joinedWidth)
    recurrentGradient =
      recurrent == nil ? joinedGradient : Rows(zeros: rows, width: recurrentWidth)
    statesGradient =
      transformer == nil ? recurrentGradient : Rows(zeros: rows, width: pooledWidth)
    pooledGradient = Rows(zeros: maxClips, width: pooledWidth)
    func joined() -> Rows { Rows(zeros: maxClips, width: headWidth) }
    besides = shape.vectorWidth > 0 ? (joined(), joined()) : nil
  }

  /// The branches' own layers.
  private static func stacks(
    of shape: NetworkShape, clips: Int, state: inout StateLayout
  ) -> [BranchStack] {
    let (model, input) = (shape.model, shape.input)
    var stacks: [BranchStack] = []
    var (framesEnd, vectorsEnd) = (0, shape.pooledWidth)
    for branch in input.branches {
      let prefix = input.branches.count == 1 ? "" : "\(branch.name)."
      let frames = branch.frames(of: input.frames)
      let stack: any BranchLayers = state.scoped(prefix) { state in
        guard let averaging = branch.form.averaging else {
          return ConvolutionStack(
            model.cnn, input: branch, frames: frames, clips: clips, state: &state)
        }
        return FrameProjection(
          model.projection,
          mean: FrameMean(
            branch, of: averaging, frames: frames, clips: clips, state: &state),
          state: &state)
      }
      let isBeside = input.isBesideFrames(branch)
      let start = isBeside ? vectorsEnd : framesEnd
      let columns = start..<start + stack.outputWidth
      if isBeside { vectorsEnd = columns.upperBound } else { framesEnd = columns.upperBound }
      stacks.append(
        BranchStack(stack: stack, prefix: prefix, columns: columns, isBesideFrames: isBeside))
    }
    return stacks
  }
}
