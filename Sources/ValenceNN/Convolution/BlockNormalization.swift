import ValenceKernels

/// The normalization of a block in training, forward and back, from the moments of its convolution.
///
/// Batch normalization and a bias are one scale and shift for all clips, layer normalization is one
/// for each. Sums over clips are formed in their order. The channels that a kernel adds stay zero.
final class BlockNormalization {
  static let epsilon = 1e-5
  /// How far a training step moves the running statistics towards those of its batch, as in PyTorch.
  static let momentum = 0.1

  private let block: ConvolutionBlock
  private let sums: ChannelSums
  /// One for all clips, or one per clip; the same holds for the factors.
  private let normalizations: [PoolPass.Normalization]
  private let factors: [PoolPass.GradientFactors]
  /// σ of each channel, or of each clip.
  private var deviations: [Double]

  init(_ block: ConvolutionBlock, clips: Int) {
    self.block = block
    sums = ChannelSums(clips: clips, channels: block.channels)
    var sets = 1
    if case .layer = block.norm { sets = clips }
    normalizations = (0..<sets).map { _ in PoolPass.Normalization(channels: block.channels) }
    factors = (0..<sets).map { _ in PoolPass.GradientFactors(channels: block.channels) }
    deviations = Array(repeating: 1, count: max(block.channels, clips))
  }

  private var channels: Range<Int> { 0..<block.shape.outputChannels }

  /// The scale and shift of a clip's convolution.
  func normalization(of clip: Int) -> PoolPass.Normalization {
    normalizations[normalizations.count == 1 ? 0 : clip]
  }

  /// The factors of the gradient of a clip's convolution.
  func factors(of clip: Int) -> PoolPass.GradientFactors { factors[factors.count == 1 ? 0 : clip] }

  /// Calls `take` to add the moments of a clip's convolution to the sums, if the normalization needs them.
  func note(clip: Int, _ take: (ChannelSums) -> Void) {
    if case .none = block.norm { return }
    take(sums)
  }

  /// Takes the gradient of a clip's pooled output; g replaces the output itself.
  func backwardSums(
    _ gradient: Floats, overwriting pooled: PoolPass.Pooled, pass: PoolPass, clip: Int
  ) {
    pass.backwardSums(gradient, overwriting: pooled, clip: clip, sums: sums)
  }

  /// From the clips' moments to scale and shift; moves the running statistics, if there are any.
  func finishForward(frames: [Int], pass: Pass) {
    let (parameters, statistics) = (pass.parameters, pass.statistics)
    switch block.norm {
    case .batch(let gamma, let beta, let mean, let variance):
      let counts = frames.map { $0 * block.shape.bins }
      let count = Double(counts.reduce(0, +))
      for channel in channels {
        let moments = sums.moments(counts: counts, channel: channel)
        deviations[channel] = (moments.squares / count + Self.epsilon).squareRoot()
        normalizations[0].set(
          channel, mean: moments.mean, deviation: deviations[channel],
          gamma: parameters[gamma.lowerBound + channel],
          beta: parameters[beta.lowerBound + channel])
        // A batch of one value has no variance to learn from; PyTorch divides by zero there.
        let unbiased = count > 1 ? moments.squares / (count - 1) : 0
        let (meanIndex, varianceIndex) = (mean.lowerBound + channel, variance.lowerBound + channel)
        statistics.move(meanIndex, towards: moments.mean, by: pass.statisticsMomentum)
        statistics.move(varianceIndex, towards: unbiased, by: pass.statisticsMomentum)
      }
    case .layer:
      for (clip, frames) in frames.enumerated() {
        deviations[clip] = block.normalizeLayer(
          sums, clip: clip, frames: frames, parameters: parameters, into: normalizations[clip])
      }
    case .none: block.takeBias(parameters, into: normalizations[0])
    }
  }

  /// The gradients of the normalization's parameters, and the factors of the clips' gradients.
  func finishBackward(frames: [Int], pass: Pass) {
    let (parameters, gradients) = (pass.parameters, pass.gradients)
    switch block.norm {
    case .batch(let gamma, let beta, _, _):
      // dβ = Σ g, dγ = Σ g·x̂, dy = γ/σ·(g − dβ/N − x̂·dγ/N) with x̂ = (y − μ)/σ.
      let count = Double(frames.reduce(0, +) * block.shape.bins)
      for channel in channels {
        let total = sums.total(clips: frames.count, channel: channel)
        let deviation = deviations[channel]
        let factor = Double(parameters[gamma.lowerBound + channel]) / deviation
        gradients[beta.lowerBound + channel] = Float(total.first)
        gradients[gamma.lowerBound + channel] = Float(total.second / deviation)
        factors[0].winner[channel] = Float(factor)
        factors[0].spread[channel] = Float(-factor * total.second / (deviation * deviation * count))
        factors[0].offset[channel] = Float(-factor * total.first / count)
      }
    case .layer(let gamma, let beta):
      finishLayerBackward(
        frames, gamma: parameters[gamma], gammaGradient: gradients[gamma],
        betaGradient: gradients[beta])
    case .none(let bias):
      for channel in channels {
        let total = sums.total(clips: frames.count, channel: channel)
        gradients[bias.lowerBound + channel] = Float(total.first)
        factors[0].winner[channel] = 1
      }
    }
  }

  /// As of a batch, but with sums over all channels of one clip:
  /// dy = (γ·g − Σ γ·g/N − x̂·Σ γ·g·x̂/N)/σ.
  private func finishLayerBackward(
    _ frames: [Int], gamma: Floats, gammaGradient: Floats, betaGradient: Floats
  ) {
    for channel in channels {
      var (first, second) = (0.0, 0.0)
      for clip in frames.indices {
        first += sums[clip, channel].first
        second += sums[clip, channel].second / deviations[clip]
      }
      betaGradient[channel] = Float(first)
      gammaGradient[channel] = Float(second)
    }
    for (clip, frames) in frames.enumerated() {
      let (count, deviation) = (
        Double(frames * block.shape.bins * channels.count), deviations[clip]
      )
      var (first, second) = (0.0, 0.0)
      for channel in channels {
        first += Double(gamma[channel]) * sums[clip, channel].first
        second += Double(gamma[channel]) * sums[clip, channel].second
      }
      for channel in channels {
        factors[clip].winner[channel] = Float(Double(gamma[channel]) / deviation)
        factors[clip].spread[channel] = Float(
          -second / (deviation * deviation * deviation * count))
        factors[clip].offset[channel] = Float(-first / (deviation * count))
      }
    }
  }
}

extension ConvolutionBlock {
  /// The scale and shift of all clips in inference; nil where each clip has its own.
  func fixedNormalization(_ pass: Pass) -> PoolPass.Normalization? {
    let (parameters, statistics) = (pass.parameters, pass.statistics)
    let normalization = PoolPass.Normalization(channels: channels)
    switch norm {
    case .batch(let gamma, let beta, let mean, let variance):
      for channel in 0..<shape.outputChannels {
        let variance = Double(statistics[variance.lowerBound + channel])
        normalization.set(
          channel, mean: Double(statistics[mean.lowerBound + channel]),
          deviation: (variance + BlockNormalization.epsilon).squareRoot(),
          gamma: parameters[gamma.lowerBound + channel],
          beta: parameters[beta.lowerBound + channel])
      }
    case .layer: return nil
    case .none: takeBias(parameters, into: normalization)
    }
    return normalization
  }

  /// The scale and shift of a clip of `frames` frames by layer normalization, given its moments.
  func normalization(
    of moments: ChannelSums, frames: Int, parameters: Floats
  ) -> PoolPass.Normalization {
    let normalization = PoolPass.Normalization(channels: channels)
    _ = normalizeLayer(
      moments, clip: 0, frames: frames, parameters: parameters, into: normalization)
    return normalization
  }

  /// Normalizes a clip by the moments of all of its channels; returns σ.
  fileprivate func normalizeLayer(
    _ sums: ChannelSums, clip: Int, frames: Int, parameters: Floats,
    into normalization: PoolPass.Normalization
  ) -> Double {
    guard case .layer(let gamma, let beta) = norm else { return 1 }
    let (count, channels) = (frames * shape.bins, shape.outputChannels)
    let moments = sums.moments(clip: clip, count: count, channels: channels)
    let variance = moments.squares / Double(count * channels)
    let deviation = (variance + BlockNormalization.epsilon).squareRoot()
    for channel in 0..<channels {
      normalization.set(
        channel, mean: moments.mean, deviation: deviation,
        gamma: parameters[gamma.lowerBound + channel], beta: parameters[beta.lowerBound + channel])
    }
    return deviation
  }

  /// Adds the convolution's bias instead of normalizing.
  fileprivate func takeBias(_ parameters: Floats, into normalization: PoolPass.Normalization) {
    guard case .none(let bias) = norm else { return }
    for channel in 0..<shape.outputChannels {
      normalization.scale[channel] = 1
      normalization.shift[channel] = parameters[bias.lowerBound + channel]
    }
  }
}

extension Floats {
  fileprivate func move(_ index: Int, towards value: Double, by share: Double) {
    let old = Double(self[index])
    self[index] = Float(old + share * (value - old))
  }
}

extension PoolPass.Normalization {
  /// γ·(y − mean)/σ + β as one multiplication and addition.
  fileprivate func set(
    _ channel: Int, mean: Double, deviation: Double, gamma: Float, beta: Float
  ) {
    let factor = Double(gamma) / deviation
    self.mean[channel] = Float(mean)
    scale[channel] = Float(factor)
    shift[channel] = Float(Double(beta) - mean * factor)
  }
}
