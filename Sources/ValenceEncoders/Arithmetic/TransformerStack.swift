import Foundation
import ValenceKernels

/// The transformer layers of an encoder.
struct TransformerStack: Sendable {
  private let layers: [TransformerLayer]
  private let finalNorm: RowNorm?
  private let relative: RelativePositions?

  /// Loads the first `depth` layers.
  init(_ weights: Weights, depth: Int) throws(EncoderError) {
    let config = weights.config
    var layers: [TransformerLayer] = []
    for index in 0..<depth { layers.append(try TransformerLayer(weights, index: index)) }
    self.layers = layers
    let isWhole = depth == config.shape.layers
    finalNorm =
      config.isPreNorm && isWhole
      ? try weights.norm(config.mel == nil ? "encoder.layer_norm" : "layer_norm") : nil
    relative = try config.wave?.relative.map { options throws(EncoderError) in
      RelativePositions(
        try weights.values("encoder.layers.0.attention.rel_attn_embed.weight"),
        heads: config.heads, options)
    }
  }

  /// How many blocks of frames pass through a layer by themselves.
  ///
  /// A block has about as many frames as fill the inner caches, and there are as many blocks as busy all
  /// threads. A frame's numbers do not depend on the block that it is in.
  static func blocks(frames: Int, threads: Int) -> Int {
    let most = 96 * threads
    return max(1, min(frames, threads * ((frames + most - 1) / most)))
  }

  /// Takes all frames of a clip through the first `depth` layers, and hands each state to the sink.
  func run(
    _ states: Rows, depth: Int, into sink: StateSink, workers: Workers, pool: FloatPool
  ) {
    guard depth > 0, let first = layers.first else {
      return sink.take(states, from: 0, state: 0)
    }
    let frames = states.count
    let counts = HeadAttention.count(
      frames: frames, heads: first.heads, width: first.headWidth)
    let stride = paddedStride(2 * states.width)
    let gates = first.heads * frames
    let blocks = Self.blocks(frames: frames, threads: workers.threads)
    pool.lend(frames * stride + gates + 2 * (counts.keys + counts.values)) { memory in
      let queries = Rows(memory, count: frames, width: 2 * states.width, stride: stride)
      let rest = memory.dropFirst(frames * stride)
      let allGates = Rows(rest, count: first.heads, width: frames)
      let bias = relative.map {
        HeadAttention.RelativeBias(values: $0.biases(frames: frames), gates: allGates.floats)
      }
      // Some blocks are in the next layer already while others still read the keys and values of this one.
      let attentions = (0..<2).map { turn in
        let own = rest.dropFirst(gates + turn * (counts.keys + counts.values))
        return HeadAttention(
          shape: (frames, first.heads, first.headWidth), keys: own,
          values: own.dropFirst(counts.keys), bias: bias)
      }
      func block(_ index: Int) -> TransformerLayer.Frames {
        let range = Part(index, of: blocks).range(of: frames)
        return TransformerLayer.Frames(
          first: range.lowerBound, states: states[range], queriesAndKeys: queries[range],
          gates: relative == nil ? nil : allGates)
      }
      workers.forEach(parts: blocks) { index in
        let block = block(index)
        sink.take(block.states, from: block.first, state: 0)
        first.prepare(block, for: attentions[0], pool: pool)
      }
      for number in 0..<depth {
        workers.forEach(parts: blocks) { index in
          let block = block(index)
          layers[number].apply(block, attention: attentions[number % 2], pool: pool)
          sink.take(block.states, from: block.first, state: number + 1)
          if number + 1 < depth {
            layers[number + 1].prepare(block, for: attentions[(number + 1) % 2], pool: pool)
          } else if number + 1 == sink.shape.layers {
            finish(block, sink)
          }
        }
      }
    }
  }

  /// Hands over what lies behind the final norm, where there is one.
  private func finish(_ block: TransformerLayer.Frames, _ sink: StateSink) {
    finalNorm?.apply(block.states, into: block.states)
    sink.takeLast(block.states, from: block.first)
  }
}

/// WavLM's bias by the distance between query and key, in buckets as T5's (Raffel et al., 2020): one for
/// each short distance, then wider ones, for each direction.
struct RelativePositions: Sendable {
  private let embedding: [Float]
  private let heads: Int
  private let options: EncoderConfig.Wave.Relative

  /// - Parameter embedding: `[buckets, heads]`.
  init(_ embedding: [Float], heads: Int, _ options: EncoderConfig.Wave.Relative) {
    (self.embedding, self.heads, self.options) = (embedding, heads, options)
  }

  /// `[heads, 2 · frames − 1]`: the bias of each distance from `1 − frames` to `frames − 1`.
  func biases(frames: Int) -> Floats {
    let buckets = (1 - frames...frames - 1).map(bucket)
    return Floats((0..<heads).flatMap { head in buckets.map { embedding[$0 * heads + head] } })
  }

  /// The bucket of a distance, key − query; in single precision, as the published ones are.
  func bucket(_ distance: Int) -> Int {
    let half = options.buckets / 2
    let exact = half / 2
    let size = abs(distance)
    let side = distance > 0 ? half : 0
    if size < exact { return side + size }
    let scale = Float(log(Double(options.farthest) / Double(exact)))
    let place = log(Float(size) / Float(exact)) / scale * Float(half - exact)
    return side + min(half - 1, exact + Int(place))
  }
}
