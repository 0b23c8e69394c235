import ValenceKernels

/// One transformer layer (Vaswani et al., 2017): attention and a feed-forward network, each added to what
/// goes in, with a layer norm before (pre-norm) or behind the addition.
struct TransformerLayer: Sendable {
  let heads: Int
  let headWidth: Int
  private let isPreNorm: Bool
  private let firstNorm: RowNorm
  private let secondNorm: RowNorm
  private let queriesAndKeys: Dense
  private let values: Dense
  private let out: Dense
  private let feedForward: FeedForward
  private let gates: PositionGates?

  init(_ weights: Weights, index: Int) throws(EncoderError) {
    let config = weights.config
    let names = config.names(ofLayer: index)
    (heads, headWidth, isPreNorm) = (config.heads, config.headWidth, config.isPreNorm)
    firstNorm = try weights.norm(names.firstNorm)
    secondNorm = try weights.norm(names.secondNorm)
    queriesAndKeys = try Self.queriesAndKeys(weights, names.attention)
    values = try Self.values(weights, "\(names.attention).v_proj")
    out = try weights.dense("\(names.attention).out_proj")
    feedForward = try FeedForward(weights, up: names.up, down: names.down)
    gates = config.wave?.relative == nil ? nil : try Self.gates(weights, names.attention)
  }

  /// Queries, scaled by 1 / √(head width), and keys in one product.
  private static func queriesAndKeys(
    _ weights: Weights, _ attention: String
  ) throws(EncoderError) -> Dense {
    let width = weights.config.width
    let scale = 1 / Float(weights.config.headWidth).squareRoot()
    let queries = try weights.values("\(attention).q_proj.weight").map { $0 * scale }
    let queryBias = try weights.values("\(attention).q_proj.bias").map { $0 * scale }
    let keys = try weights.values("\(attention).k_proj.weight")
    let keyBias = try weights.valuesIfUsed("\(attention).k_proj.bias")
    return Dense(
      weight: queries + keys,
      bias: queryBias + (keyBias ?? [Float](repeating: 0, count: width)),
      inputs: width, outputs: 2 * width)
  }

  /// Values, each head's filled up to whole panels.
  private static func values(_ weights: Weights, _ name: String) throws(EncoderError) -> Dense {
    let (width, head) = (weights.config.width, weights.config.headWidth)
    let padded = HeadAttention.paddedWidth(head)
    let (weight, bias) = (try weights.values("\(name).weight"), try weights.values("\(name).bias"))
    var (allWeights, allBiases): ([Float], [Float]) = ([], [])
    for index in 0..<weights.config.heads {
      let rows = index * head..<(index + 1) * head
      allWeights += weight[rows.lowerBound * width..<rows.upperBound * width]
      allWeights += [Float](repeating: 0, count: (padded - head) * width)
      allBiases += bias[rows] + [Float](repeating: 0, count: padded - head)
    }
    return Dense(weight: allWeights, bias: allBiases, inputs: width, outputs: allBiases.count)
  }

  /// WavLM adds the first four of eight sums and the last four, which is a sum with added weights.
  private static func gates(
    _ weights: Weights, _ attention: String
  ) throws(EncoderError) -> PositionGates {
    let head = weights.config.headWidth
    let weight = try weights.values("\(attention).gru_rel_pos_linear.weight")
    let bias = try weights.values("\(attention).gru_rel_pos_linear.bias")
    var (sums, biases) = ([Float](repeating: 0, count: 2 * head), [Float](repeating: 0, count: 2))
    for row in 0..<8 {
      for column in 0..<head { sums[row / 4 * head + column] += weight[row * head + column] }
      biases[row / 4] += bias[row]
    }
    let constants = try weights.values("\(attention).gru_rel_pos_const")
    return PositionGates(
      weights: Floats(sums), biases: Floats(biases), constants: Floats(constants))
  }

  /// Some frames of a clip, from number `first` on, on their way through the layers.
  struct Frames {
    let first: Int
    /// What enters and leaves a layer, `[frames, width]`.
    let states: Rows
    /// `[frames, 2 · width]`; queries, then keys.
    let queriesAndKeys: Rows
    /// `[heads, all frames]` of WavLM.
    let gates: Rows?
  }

  /// Works out the frames' queries, keys and values.
  func prepare(_ frames: Frames, for attention: HeadAttention, pool: FloatPool) {
    let width = frames.states.width
    guard isPreNorm else { return prepare(frames, from: frames.states, for: attention) }
    pool.lend(rows: frames.states.count, width: width) { normalized in
      firstNorm.apply(frames.states, into: normalized)
      prepare(frames, from: normalized, for: attention)
    }
  }

  private func prepare(_ frames: Frames, from input: Rows, for attention: HeadAttention) {
    let width = input.width
    queriesAndKeys.apply(input, into: frames.queriesAndKeys)
    values.weight.multiply(
      Windows(input), bias: values.bias, into: attention.allValues, from: frames.first)
    attention.setKeys(
      from: frames.first, frames.queriesAndKeys.columns(width..<2 * width))
    if let gates, let all = frames.gates { gates.write(input, from: frames.first, into: all) }
  }

  /// Takes the frames through the layer, once the keys and values of all frames are there.
  func apply(_ frames: Frames, attention: HeadAttention, pool: FloatPool) {
    let (states, count) = (frames.states, frames.states.count)
    pool.lend(rows: count, width: states.width) { other in
      pool.lend(HeadAttention.scratchCount(frames: attention.frames)) { scratch in
        attention.write(
          frames.queriesAndKeys.columns(0..<states.width), from: frames.first, scratch: scratch,
          into: other)
      }
      out.apply(other, finish: .add, into: states)
      if !isPreNorm { firstNorm.apply(states, into: states) }
      if isPreNorm { secondNorm.apply(states, into: other) }
      feedForward.add(isPreNorm ? other : states, to: states, pool: pool)
      if !isPreNorm { secondNorm.apply(states, into: states) }
    }
  }
}

/// The distance between rows of `width` values: one line of the cache more than whole lines, as rows whose
/// distance is a power of two would share few places of the cache.
func paddedStride(_ width: Int) -> Int { (width + 15) / 16 * 16 + 16 }

extension FloatPool {
  /// Lends rows of any values, that far apart.
  func lend(rows: Int, width: Int, _ body: (Rows) -> Void) {
    let stride = paddedStride(width)
    lend(rows * stride) { body(Rows($0, count: rows, width: width, stride: stride)) }
  }
}
