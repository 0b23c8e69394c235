package import ValenceKernels

/// A frozen encoder with its weights: one clip's samples → hidden states of its frames.
///
/// Clips are encoded one at a time, unpadded and unmasked, which alone is exact for all families. Several
/// threads may encode at once; a clip's bits depend on nothing but its samples, `padS` and the kernels in use.
package final class Encoder: Sendable {
  /// Rises when the same folder and samples give other numbers than before.
  package static let revision = 3

  package let shape: EncoderShape
  private let name: String
  private let config: EncoderConfig
  private let depth: Int
  private let front: FrontEnd
  private let stack: TransformerStack
  private let pool = FloatPool()

  private enum FrontEnd: Sendable {
    case wave(WaveFrontEnd, PositionConvolution, RowNorm?)
    case mel(WhisperFrontEnd)
  }

  /// Loads what the layers need and no more.
  ///
  /// - Throws: `EncoderError` if there is no such layer, or the weights cannot be read.
  package init(_ folder: EncoderFolder, layers: [EncoderLayer]) throws(EncoderError) {
    (shape, name, config) = (folder.shape, folder.name, folder.config)
    for case .state(let number) in layers where !(0...folder.shape.layers ~= number) {
      throw EncoderError(
        file: folder.name,
        reason: "it has no layer \(number); its layers are 0 to \(folder.shape.layers).")
    }
    // Kept apart from the config: where `padded` reads them there, Swift 6.3.1 crashes in a release build.
    (minimumSamples, maximumSeconds) = (folder.config.minimumSamples, folder.config.maximumSeconds)
    depth = layers.map { $0.depth(folder.shape) }.max() ?? 0
    let weights = Weights(folder)
    switch folder.config.input {
    case .mel(let options): front = .mel(try WhisperFrontEnd(weights, options))
    case .wave(let options):
      front = .wave(
        try WaveFrontEnd(weights, options),
        try PositionConvolution(weights, options.position),
        options.isPreNorm ? nil : try weights.norm("encoder.layer_norm"))
    }
    stack = try TransformerStack(weights, depth: depth)
  }

  /// The least number of samples of a clip: what gives one frame.
  ///
  /// Whisper mirrors half a window at either end, for which a sample more has to be there.
  package let minimumSamples: Int
  /// The longest clip, in seconds; nil for no limit.
  private let maximumSeconds: Int?

  /// The number of frames of a clip, each 20 ms behind the last.
  package func frames(samples: Int) -> Int { config.frames(samples: samples) }

  /// The hidden states of a clip: `[T, layer.states(shape) · d]` for each layer asked for, in that order.
  ///
  /// - Parameters:
  ///   - samples: at 16 kHz, −1 … 1.
  ///   - layers: of those that were loaded.
  ///   - padS: nil encodes the clip alone; the seconds that Whisper was trained with (30 as published)
  ///     fill it up with zeros, and keep its own frames.
  /// - Throws: `EncoderError` if the clip is too short or too long, or has samples that are no finite numbers.
  package func encode(
    _ samples: [Float], _ layers: [EncoderLayer], padS: Int?, workers: Workers
  ) throws(EncoderError) -> [[Float]] {
    precondition(
      layers.allSatisfy { $0.depth(shape) <= depth }, "\(layers) of \(depth) loaded layers")
    let clip = try padded(samples, padS)
    let frames = frames(samples: clip.count)
    let kept = self.frames(samples: samples.count)
    let stride = paddedStride(shape.width)
    let deepest = layers.map { $0.depth(shape) }.max() ?? 0
    let sinkCount = StateSink.count(layers, shape: shape, frames: kept)
    let features = workers.together {
      pool.lend(frames * stride + sinkCount) { memory in
        let states = Rows(memory, count: frames, width: shape.width, stride: stride)
        let sink = StateSink(
          layers, shape: shape, frames: kept, memory: memory.dropFirst(frames * stride))
        write(clip, into: states, workers)
        stack.run(states, depth: deepest, into: sink, workers: workers, pool: pool)
        return sink.features(workers)
      }
    }
    guard let features else {
      throw EncoderError(
        file: name,
        reason: "the frames of a clip are no finite numbers; its samples should be from -1 to 1.")
    }
    return features
  }

  private func write(_ clip: [Float], into states: Rows, _ workers: Workers) {
    switch front {
    case .mel(let front): front.write(clip, into: states, workers: workers, pool: pool)
    case .wave(let front, let position, let norm):
      front.write(clip, into: states, workers: workers, pool: pool)
      position.apply(states, workers: workers, pool: pool)
      norm?.apply(states, into: states)
    }
  }

  /// The clip as it is encoded, once it is known to be one that can be.
  private func padded(_ samples: [Float], _ padS: Int?) throws(EncoderError) -> [Float] {
    func refuse(_ reason: String) -> EncoderError { EncoderError(file: name, reason: reason) }
    if let bad = samples.firstIndex(where: { !$0.isFinite }) {
      throw refuse("sample \(bad) of a clip is no finite number.")
    }
    guard samples.count >= minimumSamples else {
      throw refuse(
        "a clip of \(samples.count) samples is too short; at least \(minimumSamples) are needed.")
    }
    if let most = maximumSeconds, samples.count > most * EncoderShape.rateHz {
      throw refuse(
        "a clip of \(samples.count) samples is too long; it takes at most \(most) s at "
          + "\(EncoderShape.rateHz) Hz.")
    }
    guard let padS else { return samples }
    guard padS == maximumSeconds else {
      let right = maximumSeconds.map { "only to \($0) s, as it was trained" } ?? "not at all"
      throw refuse("clips cannot be padded to \(padS) s for it, but \(right).")
    }
    let count = padS * EncoderShape.rateHz
    return samples + [Float](repeating: 0, count: count - samples.count)
  }
}
