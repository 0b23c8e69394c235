import ValenceKernels

/// The sizes, parameters and convolution of one block.
final class ConvolutionBlock {
  let shape: ConvolutionShape
  let convolution: BlockConvolution
  let window: PoolPass.Window
  let activation: PoolPass.Activation
  let dropout: Double
  /// What tells the block's dropout from that of every other layer of the network.
  let dropoutLayer: UInt64
  let maxFrames: Int
  /// Where the convolution's weight lies in the parameters.
  let weight: Range<Int>
  let norm: NormLayout
  private var next: ConvolutionBlock?

  init(
    _ options: CNNOptions, index: Int, frames: Int, bins: Int, inputChannels: Int, prefix: String,
    parameters: inout ParameterLayout, statistics: inout ParameterLayout
  ) {
    let (width, kernel) = (options.channels[index], options.kernel)
    shape = ConvolutionShape(
      bins: bins, inputChannels: inputChannels, outputChannels: width, kernel: kernel,
      isFirst: index == 0)
    convolution = shape.isFirst ? .first(FirstConvolution(shape)) : .inner(Convolution(shape))
    window = PoolPass.Window(
      frames: options.pool.time[index], bins: options.pool.frequency[index])
    activation =
      switch options.activation {
      case .relu: .relu
      case .gelu: .gelu
      }
    dropout = options.dropout
    maxFrames = frames
    // FNV-1a of the name: the same on every machine, unlike Swift's hash values.
    dropoutLayer = "\(prefix)convolutions.\(index)".utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    // PyTorch's default: Kaiming uniform with a = √5, which is ±1/√fan-in.
    let bound = 1 / Float(inputChannels * kernel * kernel).squareRoot()
    weight = parameters.add(
      "\(prefix)convolutions.\(index).weight", shape: [width, inputChannels, kernel, kernel],
      initializer: .uniform(bound: bound))
    switch options.norm {
    case .none:
      let bias = parameters.add(
        "\(prefix)convolutions.\(index).bias", shape: [width], initializer: .uniform(bound: bound))
      norm = .none(bias: bias)
    case .batch, .layer:
      let gamma = parameters.add(
        "\(prefix)norms.\(index).weight", shape: [width], initializer: .constant(1))
      let beta = parameters.add(
        "\(prefix)norms.\(index).bias", shape: [width], initializer: .constant(0))
      guard options.norm == .batch else {
        norm = .layer(gamma: gamma, beta: beta)
        break
      }
      let mean = statistics.add(
        "\(prefix)norms.\(index).running_mean", shape: [width], initializer: .constant(0))
      let variance = statistics.add(
        "\(prefix)norms.\(index).running_var", shape: [width], initializer: .constant(1))
      norm = .batch(gamma: gamma, beta: beta, mean: mean, variance: variance)
    }
  }

  /// Lets pooled clips come out as the next block's convolution wants them.
  func linkOutput(to next: ConvolutionBlock) { self.next = next }

  var outputBins: Int { shape.bins / window.bins }
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

  /// The passes around the convolution over a clip of so many frames.
  func pass(frames: Int) -> PoolPass {
    PoolPass(
      input: shape.output(frames: rounded(frames: frames)),
      output: pooled(frames: frames / window.frames), validFrames: frames, window: window,
      activation: activation)
  }

  private func pooled(frames: Int) -> ImageShape {
    if let next { return next.shape.input(frames: next.rounded(frames: frames)) }
    return ImageShape(frames: frames, bins: outputBins, channels: channels, isBlocked: false)
  }

  /// Gets ready for clips of so many frames, and takes the weights.
  func prepare(
    frames: some Sequence<Int>, parameters: Floats, gradients: Bool, workers: Workers
  ) {
    switch convolution {
    case .first(let convolution): convolution.load(parameters[weight])
    case .inner(let convolution):
      convolution.prepare(
        frames: Set(frames.map(rounded(frames:))).sorted(), gradients: gradients)
      convolution.load(parameters[weight], workers: workers)
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

  func finishGradients(into gradients: Floats, workers: Workers) {
    switch convolution {
    case .first(let convolution): convolution.finishGradients(into: gradients[weight])
    case .inner(let convolution):
      convolution.finishGradients(into: gradients[weight], workers: workers)
    }
  }
}

/// How a block is convolved.
enum BlockConvolution {
  case first(FirstConvolution)
  case inner(Convolution)
}

/// How a block is normalized, and where what that takes lies.
enum NormLayout {
  /// γ and β in the parameters, running mean and variance in the statistics.
  case batch(gamma: Range<Int>, beta: Range<Int>, mean: Range<Int>, variance: Range<Int>)
  case layer(gamma: Range<Int>, beta: Range<Int>)
  case none(bias: Range<Int>)
}
