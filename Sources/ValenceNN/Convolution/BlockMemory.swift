import ValenceKernels

/// The factors of the gradient of a convolution's output, one of each a channel.
struct GradientTerms {
  let winner, spread, offset: Floats
}

/// What a block keeps of each clip from the training forward pass to the backward pass.
///
/// The first block's convolution is cheap and its output the largest of all, so that is made anew
/// wherever it is needed instead of kept: as fast, with two fifths less memory.
final class BlockMemory {
  private let block: ConvolutionBlock
  /// The convolution's output, later its gradient; empty in the first block.
  private let y: [Floats]
  /// The pooled output; later its gradient where it came through.
  private let pooled: [Floats]
  private let extremes: [Floats]
  private let sums: ChannelSums
  private let mean, scale, shift: Floats
  private var deviations: [Double]

  init(_ block: ConvolutionBlock, clips: Int) {
    self.block = block
    let kept = block.shape.isFirst ? 0 : clips
    y = (0..<kept).map { _ in Floats(zeros: block.maxImage.count) }
    pooled = (0..<clips).map { _ in Floats(zeros: block.maxOutput.count) }
    extremes = (0..<clips).map { _ in Floats(zeros: block.maxOutput.count) }
    sums = ChannelSums(clips: clips, channels: block.channels)
    mean = Floats(zeros: block.channels)
    scale = Floats(zeros: block.channels)
    shift = Floats(zeros: block.channels)
    deviations = Array(repeating: 1, count: block.channels)
  }

  /// A clip's pooled output.
  func x(_ clip: Int) -> Floats { pooled[clip] }

  /// Convolves a clip and takes its moments.
  func convolve(_ input: Floats, frames: Int, clip: Int, scratch: Scratch) {
    let pass = block.pass(frames: frames)
    let y = y.isEmpty ? scratch.image : y[clip]
    block.convolution.forward(
      input, into: y, frames: pass.input.frames, scratch: scratch.convolution)
    pass.moments(y, clip: clip, sums: sums)
  }

  /// The clip's convolution, kept or made anew.
  private func output(of input: Floats, frames: Int, clip: Int, scratch: Scratch) -> Floats {
    if !y.isEmpty { return y[clip] }
    block.convolution.forward(
      input, into: scratch.image, frames: frames, scratch: scratch.convolution)
    return scratch.image
  }

  /// The batch's statistics from those of its clips; moves the running ones.
  func finishForward(frames: [Int], parameters: Floats, statistics: Floats) {
    let counts = frames.map { $0 * block.shape.bins }
    let count = Double(counts.reduce(0, +))
    for channel in 0..<block.shape.outputChannels {
      let (mean, squares) = sums.moments(counts: counts, channel: channel)
      let deviation = (squares / count + ConvolutionBlock.epsilon).squareRoot()
      let factor = Double(parameters[block.gamma.lowerBound + channel]) / deviation
      deviations[channel] = deviation
      self.mean[channel] = Float(mean)
      scale[channel] = Float(factor)
      shift[channel] = Float(Double(parameters[block.beta.lowerBound + channel]) - mean * factor)
      // A batch of one value has no variance to learn from; PyTorch divides by zero there.
      let unbiased = count > 1 ? squares / (count - 1) : 0
      move(statistics, block.runningMean.lowerBound + channel, towards: mean)
      move(statistics, block.runningVariance.lowerBound + channel, towards: unbiased)
    }
  }

  private func move(_ statistics: Floats, _ index: Int, towards value: Double) {
    let old = Double(statistics[index])
    statistics[index] = Float(old + ConvolutionBlock.momentum * (value - old))
  }

  /// Normalizes, pools and thins out a clip whose convolution came of `input`.
  func pool(_ input: Floats, frames: Int, clip: Int, seed: UInt64, scratch: Scratch) {
    let pass = block.pass(frames: frames)
    let dropout = PoolPass.Dropout(
      share: block.dropout, seed: seed, layer: block.dropoutLayer, clip: clip)
    pass.forward(
      output(of: input, frames: pass.input.frames, clip: clip, scratch: scratch), scale: scale,
      shift: shift, dropout: dropout, into: pooled[clip], extreme: extremes[clip])
  }

  /// Takes the gradient of a clip's pooled output.
  func backwardSums(_ gradient: Floats, pass: PoolPass, clip: Int) {
    pass.backwardSums(
      gradient, dropped: block.dropout, mean: mean, extreme: extremes[clip],
      overwriting: pooled[clip], clip: clip, sums: sums)
  }

  /// The gradients of γ and β, and what the gradients of the clips need of the whole batch.
  ///
  /// dβ = Σ g, dγ = Σ g·x̂, dy = γ/σ·(g − dβ/N − x̂·dγ/N) with x̂ = (y − μ)/σ.
  func finishBackward(frames: [Int], parameters: Floats, gradients: Floats) -> GradientTerms {
    let terms = GradientTerms(
      winner: Floats(zeros: block.channels), spread: Floats(zeros: block.channels),
      offset: Floats(zeros: block.channels))
    let count = Double(frames.reduce(0, +) * block.shape.bins)
    for channel in 0..<block.shape.outputChannels {
      let total = sums.total(clips: frames.count, channel: channel)
      let deviation = deviations[channel]
      let factor = Double(parameters[block.gamma.lowerBound + channel]) / deviation
      gradients[block.beta.lowerBound + channel] = Float(total.first)
      gradients[block.gamma.lowerBound + channel] = Float(total.second / deviation)
      terms.winner[channel] = Float(factor)
      terms.spread[channel] = Float(-factor * total.second / (deviation * deviation * count))
      terms.offset[channel] = Float(-factor * total.first / count)
    }
    return terms
  }

  /// Takes a clip's gradient back through pooling and convolution.
  ///
  /// - Returns: the gradient of `input`, in the scratch; nil in the first block, where nobody asks.
  func backward(
    _ input: Floats, frames: Int, terms: GradientTerms, clip: Int, shard: Int, scratch: Scratch
  ) -> Floats? {
    let pass = block.pass(frames: frames)
    let rounded = pass.input.frames
    let dy = output(of: input, frames: rounded, clip: clip, scratch: scratch)
    pass.backward(
      pooled[clip], mean: mean, winner: terms.winner, spread: terms.spread, offset: terms.offset,
      extreme: extremes[clip], overwriting: dy)
    block.convolution.addWeightGradient(
      input: input, outputGradient: dy, frames: rounded, shard: shard, scratch: scratch.convolution)
    if block.shape.isFirst { return nil }
    block.convolution.inputGradient(
      dy, into: scratch.image, frames: rounded, scratch: scratch.convolution)
    return scratch.image
  }
}
