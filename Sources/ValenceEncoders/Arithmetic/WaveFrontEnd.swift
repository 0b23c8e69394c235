import ValenceKernels

/// The convolutions over samples of wav2vec 2.0 and its descendants, and the projection to the width of
/// the layers.
///
/// With a frame's channels side by side in memory, a window of a convolution is one run of floats, so each
/// convolution is a product without copies. Frames are worked out some at a time, through all
/// convolutions: the first ones' output, 6.6 MB for each second, is never there as a whole.
struct WaveFrontEnd: Sendable {
  private let normalizesSamples: Bool
  private let convolutions: [Convolution]
  /// The first convolution where its norm is over time.
  private let first: ChannelNormConvolution?
  private let projectionNorm: RowNorm?
  private let projection: Dense

  /// A convolution with what follows it.
  struct Convolution: Sendable {
    let kernel: Int
    let stride: Int
    let weight: PackedMatrix
    let bias: Floats?
    let norm: RowNorm?

    /// Overwrites `out`, a window for each row.
    func apply(_ windows: Windows, into out: Rows) {
      weight.multiply(windows, bias: bias, finish: norm == nil ? .gelu : [], into: out)
      norm?.apply(out, gelu: true, into: out)
    }
  }

  /// How many frames are worked out at a time.
  private static let framesAtOnce = 16

  init(_ weights: Weights, _ options: EncoderConfig.Wave) throws(EncoderError) {
    normalizesSamples = options.normalizesSamples
    var convolutions: [Convolution] = []
    for index in options.channels.indices {
      convolutions.append(try Self.convolution(weights, options, index))
    }
    self.convolutions = convolutions
    first =
      options.normalizesFrames
      ? nil : try ChannelNormConvolution(weights, kernel: options.kernels[0], options.strides[0])
    projectionNorm =
      options.normalizesProjection ? try weights.norm("feature_projection.layer_norm") : nil
    projection = try weights.dense("feature_projection.projection")
  }

  private static func convolution(
    _ weights: Weights, _ options: EncoderConfig.Wave, _ index: Int
  ) throws(EncoderError) -> Convolution {
    let name = "feature_extractor.conv_layers.\(index)"
    let (kernel, channels) = (options.kernels[index], options.channels[index])
    let inputs = index == 0 ? 1 : options.channels[index - 1]
    // Samples have one channel: there the taps of a window are its values.
    let layout: PackedMatrix.Layout =
      index == 0
      ? .dense(inputs: kernel, outputs: channels)
      : .convolution(inputs: inputs, outputs: channels, taps: kernel)
    // The norms of convolutions have torch's own epsilon; that of the config is for all others.
    return Convolution(
      kernel: kernel, stride: options.strides[index],
      weight: PackedMatrix(Floats(try weights.values("\(name).conv.weight")), layout),
      bias: try weights.valuesIfUsed("\(name).conv.bias").map { Floats($0) },
      norm: options.normalizesFrames
        ? try weights.norm("\(name).layer_norm", epsilon: 1e-5) : nil)
  }

  /// Writes the frames of a clip, `[frames, width]`.
  func write(_ samples: [Float], into out: Rows, workers: Workers, pool: FloatPool) {
    let signal = Floats(normalizesSamples ? Self.normalized(samples) : samples)
    var convolutions = convolutions
    if let first { convolutions[0] = first.normalized(for: signal.array) }
    let parts = (out.count + Self.framesAtOnce - 1) / Self.framesAtOnce
    let steps = convolutions
    workers.forEach(parts: parts) { part in
      let range = Part(part, of: parts).range(of: out.count)
      write(range, of: signal, through: steps, into: out[range], pool: pool)
    }
  }

  private func write(
    _ frames: Range<Int>, of signal: Floats, through steps: [Convolution], into out: Rows,
    pool: FloatPool
  ) {
    var ranges = [frames]
    for step in steps.dropFirst().reversed() {
      let range = ranges[0]
      let last = (range.upperBound - 1) * step.stride + step.kernel
      ranges.insert(range.lowerBound * step.stride..<last, at: 0)
    }
    let counts = zip(ranges, steps).map { $0.count * paddedStride($1.weight.columns) }
    let evens = counts.indices.filter { $0.isMultiple(of: 2) }.map { counts[$0] }.max() ?? 0
    pool.lend(evens + (counts.max() ?? 0)) { memory in
      let halves = [memory, memory.dropFirst(evens)]
      var rows = Rows(memory, count: 0, width: 0)
      for (index, step) in steps.enumerated() {
        let range = ranges[index]
        let next = Rows(
          halves[index % 2], count: range.count, width: step.weight.columns,
          stride: paddedStride(step.weight.columns))
        let windows =
          index == 0
          ? Windows(
            signal.dropFirst(range.lowerBound * step.stride), count: range.count,
            step: step.stride)
          : Windows(rows, count: range.count, step: step.stride)
        step.apply(windows, into: next)
        rows = next
      }
      projectionNorm?.apply(rows, into: rows)
      projection.apply(rows, into: out)
    }
  }

  /// A clip with mean 0 and variance 1, as transformers' `Wav2Vec2FeatureExtractor` makes it.
  static func normalized(_ samples: [Float]) -> [Float] {
    let count = Double(samples.count)
    let mean = samples.reduce(0) { $0 + Double($1) } / count
    let variance = samples.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let scale = 1 / (variance + 1e-7).squareRoot()
    return samples.map { Float((Double($0) - mean) * scale) }
  }
}

/// A first convolution whose channels are normalized over all frames of a clip (a group norm with a
/// group for each channel; Wu and He, 2018).
///
/// Mean and variance of a channel follow from those of the samples: with window x, weights w and the
/// windows' mean m and covariance C they are w·m and wᵀ·C·w. So they need no pass over the output, and
/// the norm becomes other weights and a bias for each clip.
struct ChannelNormConvolution: Sendable {
  private let kernel: Int
  private let stride: Int
  private let weights: [Float]
  private let scale: [Float]
  private let shift: [Float]
  private static let epsilon = 1e-5

  init(_ weights: Weights, kernel: Int, _ stride: Int) throws(EncoderError) {
    let name = "feature_extractor.conv_layers.0"
    (self.kernel, self.stride) = (kernel, stride)
    // A bias moves a channel's mean alone, which the norm takes away.
    self.weights = try weights.values("\(name).conv.weight")
    scale = try weights.values("\(name).layer_norm.weight")
    shift = try weights.values("\(name).layer_norm.bias")
  }

  /// The convolution for a clip.
  func normalized(for samples: [Float]) -> WaveFrontEnd.Convolution {
    let (mean, covariance) = moments(of: samples)
    var (weights, bias) = (weights, shift)
    for channel in shift.indices {
      let own = (0..<kernel).map { Double(self.weights[channel * kernel + $0]) }
      var variance = 0.0
      for row in 0..<kernel {
        for column in 0..<kernel {
          variance += own[row] * covariance[row * kernel + column] * own[column]
        }
      }
      let factor = Double(scale[channel]) / (max(0, variance) + Self.epsilon).squareRoot()
      let center = zip(own, mean).reduce(0) { $0 + $1.0 * $1.1 }
      for tap in 0..<kernel { weights[channel * kernel + tap] = Float(own[tap] * factor) }
      bias[channel] = Float(Double(shift[channel]) - center * factor)
    }
    return WaveFrontEnd.Convolution(
      kernel: kernel, stride: stride,
      weight: PackedMatrix(Floats(weights), .dense(inputs: kernel, outputs: shift.count)),
      bias: Floats(bias), norm: nil)
  }

  /// Mean and covariance of the windows.
  private func moments(of samples: [Float]) -> (mean: [Double], covariance: [Double]) {
    let windows = (samples.count - kernel) / stride + 1
    var mean = [Double](repeating: 0, count: kernel)
    var products = [Double](repeating: 0, count: kernel * kernel)
    for window in 0..<windows {
      let start = window * stride
      for row in 0..<kernel {
        let value = Double(samples[start + row])
        mean[row] += value
        for column in row..<kernel {
          products[row * kernel + column] += value * Double(samples[start + column])
        }
      }
    }
    for row in 0..<kernel { mean[row] /= Double(windows) }
    for row in 0..<kernel {
      for column in row..<kernel {
        let value = products[row * kernel + column] / Double(windows) - mean[row] * mean[column]
        products[row * kernel + column] = value
        products[column * kernel + row] = value
      }
    }
    return (mean, products)
  }
}
