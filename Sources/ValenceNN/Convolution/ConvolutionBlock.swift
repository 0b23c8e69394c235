import ValenceKernels

/// The sizes, parameters and convolution of one block.
final class ConvolutionBlock {
  let shape: ConvolutionShape
  let convolution: BlockConvolution
  let window: PoolPass.Window
  let activation: PoolPass.Activation
  /// The share of values that training drops.
  let dropout: Double
  /// `convolutions.0` and so on: what the weight and the draws of dropout are named after.
  let name: String
  let maxFrames: Int
  /// The convolution's weight in the parameters.
  let weight: Range<Int>
  let norm: NormLayout
  private var next: ConvolutionBlock?

  /// Adds the parameters and running statistics of block `index`.
  ///
  /// - Parameter input: the greatest image that the block is given.
  init(_ options: CNNOptions, index: Int, input: ImageSize, state: inout StateLayout) {
    let (width, kernel) = (options.channels[index], options.kernel)
    shape = ConvolutionShape(
      bins: input.bins, inputChannels: input.channels, outputChannels: width, kernel: kernel,
      isFirst: index == 0)
    convolution = shape.isFirst ? .first(FirstConvolution(shape)) : .inner(Convolution(shape))
    window = PoolPass.Window(
      frames: options.pool.time[index], bins: options.pool.frequency[index])
    activation =
      switch options.activation {
      case .relu: .relu
      case .gelu: .gelu
      }
    (dropout, maxFrames, name) = (options.dropout, input.frames, "convolutions.\(index)")
    // PyTorch's default: Kaiming uniform with a = √5, which is ±1/√fan-in.
    let bound = 1 / Float(input.channels * kernel * kernel).squareRoot()
    weight = state.addParameter(
      "\(name).weight", shape: [width, input.channels, kernel, kernel],
      initializer: .uniform(bound: bound))
    if options.norm == .none {
      norm = .none(
        bias: state.addParameter(
          "\(name).bias", shape: [width], initializer: .uniform(bound: bound)))
      return
    }
    let norms = "norms.\(index)"
    let gamma = state.addParameter("\(norms).weight", shape: [width], initializer: .constant(1))
    let beta = state.addParameter("\(norms).bias", shape: [width], initializer: .constant(0))
    if options.norm == .layer {
      norm = .layer(gamma: gamma, beta: beta)
      return
    }
    norm = .batch(
      gamma: gamma, beta: beta,
      mean: state.addStatistic("\(norms).running_mean", shape: [width], start: 0),
      variance: state.addStatistic("\(norms).running_var", shape: [width], start: 1))
  }

  /// Makes the output of this block have the layout that the next block's convolution needs.
  func linkOutput(to next: ConvolutionBlock) { self.next = next }

  /// The greatest size of the output.
  var outputSize: ImageSize {
    ImageSize(channels: shape.outputChannels, frames: maxSteps, bins: shape.bins / window.bins)
  }
  var maxSteps: Int { maxFrames / window.frames }
  var maxImage: ImageShape { shape.output(frames: maxFrames) }
  var maxInput: ImageShape { shape.input(frames: maxFrames) }
  var maxOutput: ImageShape { pooled(frames: maxSteps) }
  var channels: Int { ImageShape.padded(shape.outputChannels) }

  /// Rounds a length up so that at most 16 differ, for each of which oneDNN makes code; Winograd's
  /// algorithm and the first convolution take any length as it is.
  func rounded(frames: Int) -> Int {
    if shape.isFirst || shape.usesWinograd { return frames }
    let step = ((maxFrames + 15) / 16 + 3) / 4 * 4
    return min(maxFrames, (frames + step - 1) / step * step)
  }

  /// The passes around the convolution for a clip of `frames` frames.
  func pass(frames: Int) -> PoolPass {
    PoolPass(
      input: shape.output(frames: rounded(frames: frames)),
      output: pooled(frames: frames / window.frames), validFrames: frames, window: window,
      activation: activation)
  }

  private func pooled(frames: Int) -> ImageShape {
    if let next { return next.shape.input(frames: next.rounded(frames: frames)) }
    return ImageShape(frames: frames, bins: outputSize.bins, channels: channels, isBlocked: false)
  }

  /// Prepares the convolution for clips of these lengths and packs its weights.
  func prepare(frames: [Int], pass: Pass) {
    switch convolution {
    case .first(let convolution): convolution.load(pass.parameters[weight])
    case .inner(let convolution):
      convolution.prepare(
        frames: Set(frames.map(rounded(frames:))).sorted(), gradients: pass.mode == .training)
      convolution.pack(pass.parameters[weight], workers: pass.workers)
    }
  }

  /// The floats of working memory that a thread needs for what is prepared.
  var scratchCount: Int {
    switch convolution {
    case .first(let convolution): convolution.scratchCount(windowFrames: window.frames)
    case .inner(let convolution): convolution.scratchCount
    }
  }

  func beginGradients(shards: Int) {
    switch convolution {
    case .first(let convolution): convolution.beginGradients(shards: shards)
    case .inner(let convolution): convolution.beginGradients(shards: shards)
    }
  }

  func finishGradients(_ pass: Pass) {
    let gradient = pass.gradients[weight]
    switch convolution {
    case .first(let convolution): convolution.finishGradients(into: gradient)
    case .inner(let convolution):
      convolution.finishGradients(into: gradient, workers: pass.workers)
    }
  }
}

/// How a block is convolved.
enum BlockConvolution {
  case first(FirstConvolution)
  case inner(Convolution)
}

/// How a block is normalized, and the ranges of its parameters and statistics.
enum NormLayout {
  /// γ and β in the parameters, running mean and variance in the statistics.
  case batch(gamma: Range<Int>, beta: Range<Int>, mean: Range<Int>, variance: Range<Int>)
  case layer(gamma: Range<Int>, beta: Range<Int>)
  case none(bias: Range<Int>)
}
