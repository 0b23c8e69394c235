import ValenceKernels

/// The sizes, parameters and convolution of one block.
final class ConvolutionBlock {
  static let epsilon = 1e-5
  static let momentum = 0.1

  let shape: ConvolutionShape
  let convolution: Convolution
  let pool: Int
  let dropout: Double
  /// What tells the block's dropout from that of every other layer of the network.
  let dropoutLayer: UInt64
  let maxFrames: Int
  /// Where weight, γ and β lie in the parameters, running mean and variance in the statistics.
  let weight, gamma, beta, runningMean, runningVariance: Range<Int>
  private var next: ConvolutionBlock?

  init(
    _ options: CNNOptions, index: Int, frames: Int, bins: Int, inputChannels: Int, prefix: String,
    parameters: inout ParameterLayout, statistics: inout ParameterLayout
  ) {
    let (width, kernel) = (options.channels[index], options.kernel)
    shape = ConvolutionShape(
      bins: bins, inputChannels: inputChannels, outputChannels: width, kernel: kernel,
      isFirst: index == 0)
    convolution = Convolution(shape)
    pool = options.pool[index]
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
    gamma = parameters.add(
      "\(prefix)norms.\(index).weight", shape: [width], initializer: .constant(1))
    beta = parameters.add(
      "\(prefix)norms.\(index).bias", shape: [width], initializer: .constant(0))
    runningMean = statistics.add(
      "\(prefix)norms.\(index).running_mean", shape: [width], initializer: .constant(0))
    runningVariance = statistics.add(
      "\(prefix)norms.\(index).running_var", shape: [width], initializer: .constant(1))
  }

  /// Lets pooled clips come out as the next block's convolution wants them.
  func linkOutput(to next: ConvolutionBlock) { self.next = next }

  var outputBins: Int { shape.bins / pool }
  var maxSteps: Int { maxFrames / pool }
  var maxImage: ImageShape { shape.output(frames: maxFrames) }
  var maxInput: ImageShape { shape.input(frames: maxFrames) }
  var maxOutput: ImageShape { pooled(frames: maxSteps) }
  var channels: Int { ImageShape.padded(shape.outputChannels) }

  /// Rounds a length up so that at most 16 differ, each a multiple of Winograd's four frames.
  func rounded(frames: Int) -> Int {
    let step = ((maxFrames + 15) / 16 + 3) / 4 * 4
    return min(maxFrames, (frames + step - 1) / step * step)
  }

  /// The passes around the convolution over a clip of so many frames.
  func pass(frames: Int) -> PoolPass {
    PoolPass(
      input: shape.output(frames: rounded(frames: frames)), output: pooled(frames: frames / pool),
      validFrames: frames, pool: pool)
  }

  private func pooled(frames: Int) -> ImageShape {
    if let next { return next.shape.input(frames: next.rounded(frames: frames)) }
    return ImageShape(frames: frames, bins: outputBins, channels: channels, isBlocked: false)
  }

  /// Normalization as one multiplication and addition, by the running statistics.
  func runningScale(parameters: Floats, statistics: Floats) -> (scale: Floats, shift: Floats) {
    let scale = Floats(zeros: channels)
    let shift = Floats(zeros: channels)
    for channel in 0..<shape.outputChannels {
      let variance = Double(statistics[runningVariance.lowerBound + channel])
      let factor =
        Double(parameters[gamma.lowerBound + channel]) / (variance + Self.epsilon).squareRoot()
      let mean = Double(statistics[runningMean.lowerBound + channel])
      scale[channel] = Float(factor)
      shift[channel] = Float(Double(parameters[beta.lowerBound + channel]) - mean * factor)
    }
    return (scale, shift)
  }
}
