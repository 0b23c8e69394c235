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
  /// threads. A block has whole pairs of frames, as products by halves work out two together; so a frame's numbers
  /// do not depend on the block that it is in.
  static func blocks(frames: Int, threads: Int) -> Int {
    let most = 192 * threads
    return max(1, min((frames + 1) / 2, threads * ((frames + most - 1) / most)))
  }

  /// Takes all frames of a clip through the first `depth` layers, and hands each state to the sink.
  func run(
    _ states: Rows, depth: Int, into sink: StateSink, workers: Workers, pool: FloatPool
  ) {
    guard depth > 0, let first = layers.first else {
      return sink.take(states, from: 0, state: 0)
    }
    let blocks = Self.blocks(frames: states.count, threads: workers.threads)
    pool.lend(ClipMemory.count(states, first)) { memory in
      let clip = ClipMemory(memory, states: states, layer: first, relative: relative)
      workers.forEach(parts: blocks) { index in
        let block = clip.block(Part(index, of: blocks))
        sink.take(block.states, from: block.first, state: 0)
        first.prepare(block, for: clip.attentions[0], pool: pool)
      }
      for number in 0..<depth {
        workers.forEach(parts: blocks) { index in
          let block = clip.block(Part(index, of: blocks))
          layers[number].apply(block, attention: clip.attentions[number % 2], pool: pool)
          sink.take(block.states, from: block.first, state: number + 1)
          if number + 1 < depth {
            layers[number + 1].prepare(
              block, for: clip.attentions[(number + 1) % 2], pool: pool)
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

/// What all layers share of one clip.
private struct ClipMemory {
  private let states: Rows
  private let queries: Rows
  private let gates: Rows?
  /// Of layers in turn: some blocks are in the next layer already while others still read the keys and
  /// values of this one.
  let attentions: [HeadAttention]

  /// How many floats a clip takes.
  static func count(_ states: Rows, _ layer: TransformerLayer) -> Int {
    let counts = HeadAttention.count(
      frames: states.count, heads: layer.heads, width: layer.headWidth)
    return states.count * (paddedStride(2 * states.width) + layer.heads)
      + 2 * (counts.keys + counts.values)
  }

  init(_ memory: Floats, states: Rows, layer: TransformerLayer, relative: RelativePositions?) {
    let shape = (frames: states.count, heads: layer.heads, width: layer.headWidth)
    let counts = HeadAttention.count(
      frames: shape.frames, heads: shape.heads, width: shape.width)
    let stride = paddedStride(2 * states.width)
    self.states = states
    queries = Rows(memory, count: shape.frames, width: 2 * states.width, stride: stride)
    let rest = memory.dropFirst(shape.frames * stride)
    let gates = Rows(rest, count: shape.heads, width: shape.frames)
    let bias = relative.map {
      HeadAttention.RelativeBias(values: $0.biases(frames: shape.frames), gates: gates.floats)
    }
    self.gates = relative == nil ? nil : gates
    attentions = (0..<2).map { turn in
      let own = rest.dropFirst(
        shape.heads * shape.frames + turn * (counts.keys + counts.values))
      return HeadAttention(
        shape: shape, keys: own, values: own.dropFirst(counts.keys), bias: bias)
    }
  }

  /// Some of the frames, in whole pairs, as products by halves work them out.
  func block(_ part: Part) -> TransformerLayer.Frames {
    let pairs = part.range(of: (states.count + 1) / 2)
    let range = 2 * pairs.lowerBound..<min(states.count, 2 * pairs.upperBound)
    return TransformerLayer.Frames(
      first: range.lowerBound, states: states[range], queriesAndKeys: queries[range],
      gates: gates)
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
