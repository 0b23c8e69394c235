import ValenceKernels

/// Attention of the steps of a clip to each other by several heads (Vaswani et al., 2017); W values a step.
///
/// softmax(q·kᵀ / √(W / heads))·v for each head, between dense layers; biases, names and initial values as
/// torch.nn.MultiheadAttention. Weights exist for some queries at a time, and backward makes them anew, so that
/// memory grows with the length of a clip and not with its square.
struct SelfAttention {
  /// Queries at a time: their weights stay in cache.
  private static let block = 64

  private let width: Int
  private let heads: Int
  private let dropout: (share: Double, name: String)
  private let rotary: RotaryPositions?
  private let inputs: DenseLayer
  private let output: DenseLayer
  /// `[rows, 3·W]`: queries, keys, values; the first two turned by their positions.
  private let qkv: Rows
  /// `[heads, rows]`: the logarithm of each query's sum of exponentials.
  private let logSums: Rows
  /// `[rows, W]`: what the heads attend to, side by side.
  private let attended: Rows
  private let pool: FloatPool

  /// What all layers of a transformer share.
  struct Shared {
    let options: TransformerOptions
    /// The greatest number of rows.
    let rows: Int
    let rotary: RotaryPositions?
    let pool = FloatPool()
  }

  /// Adds `<name>in_proj_weight` `[3·W, W]` and `<name>out_proj.weight` `[W, W]`, kept transposed, and their
  /// biases.
  init(_ name: String, _ shared: Shared, state: inout StateLayout) {
    let (options, rows) = (shared.options, shared.rows)
    (width, heads) = (options.width, options.heads)
    dropout = (options.dropout, name)
    (rotary, pool) = (shared.rotary, shared.pool)
    // Xavier's bound, of a matrix from W to 3·W values.
    let bound = (6 / Float(4 * width)).squareRoot()
    inputs = DenseLayer(
      name + "in_proj_", (width, 3 * width),
      initializers: .init(weight: .uniform(bound: bound), bias: .constant(0)), state: &state)
    output = DenseLayer(
      name + "out_proj.", (width, width),
      initializers: .init(
        weight: .uniform(bound: 1 / Float(width).squareRoot()), bias: .constant(0)),
      state: &state)
    qkv = Rows(zeros: rows, width: 3 * width)
    logSums = Rows(zeros: heads, width: rows)
    attended = Rows(zeros: rows, width: width)
  }

  /// Fills the given rows of `y`, those of one clip, from those of `x`, `[rows, W]`.
  func forward(_ x: Rows, into y: Rows, clip: Int, rows: Range<Int>, pass: Pass) {
    let qkv = qkv[rows]
    inputs.forward(x[rows], into: qkv, pass: pass)
    rotary?.rotate(qkv.columns(0..<2 * width))
    pool.lend(min(Self.block, rows.count) * rows.count) { memory in
      for head in 0..<heads {
        let (weights, columns) = (weights(of: head, clip: clip, pass), columns(of: head))
        let (q, k, v) = parts(of: qkv, head)
        let logSums = logSums.row(head)[rows]
        for block in Self.blocks(rows.count) {
          let scores = Rows(memory, count: block.count, width: rows.count)
          GEMM.multiply(q[block], k, transposing: .right, into: scores)
          weights.forward(scores, from: block.lowerBound, logSums: logSums[block])
          GEMM.multiply(scores, v, into: attended[rows][block].columns(columns))
        }
      }
    }
    output.forward(attended[rows], into: y[rows], pass: pass)
  }

  /// The gradients of a layer that `backward` writes and `fillParameterGradients` reads.
  struct Gradients {
    /// `[rows, 3·W]`.
    let qkv: Rows
    /// `[rows, W]`.
    let attended: Rows

    init(_ shared: Shared) {
      qkv = Rows(zeros: shared.rows, width: 3 * shared.options.width)
      attended = Rows(zeros: shared.rows, width: shared.options.width)
    }
  }

  /// Overwrites the given rows of dL/dx, after a `forward` of the same clip.
  func backward(
    _ dy: Rows, into dx: Rows, clip: (Int, rows: Range<Int>), gradients: Gradients, pass: Pass
  ) {
    let rows = clip.rows
    let (gradient, from) = (gradients.qkv[rows], gradients.attended[rows])
    output.fillInputGradient(from, from: dy[rows], pass: pass)
    pool.lend((2 * rows.count + 1) * min(Self.block, rows.count)) { memory in
      for index in 0..<heads {
        let columns = columns(of: index)
        let head = Head(
          weights: weights(of: index, clip: clip.0, pass), values: parts(of: qkv[rows], index),
          gradients: parts(of: gradient, index), attended: attended[rows].columns(columns),
          gradient: from.columns(columns), logSums: logSums.row(index)[rows])
        for block in Self.blocks(rows.count) { backward(head, block, memory: memory) }
      }
    }
    rotary?.rotate(gradient.columns(0..<2 * width), back: true)
    inputs.fillInputGradient(dx[rows], from: gradient, pass: pass)
  }

  /// One head of one clip.
  private struct Head {
    typealias Parts = (q: Rows, k: Rows, v: Rows)
    let weights: AttentionWeights
    let values: Parts
    let gradients: Parts
    let attended: Rows
    let gradient: Rows
    let logSums: Floats
  }

  /// Takes some queries of a head back: theirs are overwritten; those of keys and values are begun by the first
  /// queries and added to by the others, in their order.
  private func backward(_ head: Head, _ block: Range<Int>, memory: Floats) {
    let keys = head.values.k.count
    let scores = Rows(memory, count: block.count, width: keys)
    let gradient = Rows(memory.dropFirst(block.count * keys), count: block.count, width: keys)
    let inner = memory.dropFirst(2 * block.count * keys)[0..<block.count]
    let (q, from) = (head.values.q[block], head.gradient[block])
    GEMM.multiply(q, head.values.k, transposing: .right, into: scores)
    GEMM.multiply(from, head.values.v, transposing: .right, into: gradient)
    // The sum over keys of weight times gradient is the output times its gradient.
    from.rowProducts(with: head.attended[block], into: inner)
    head.weights.backward(
      scores, from: block.lowerBound, logSums: head.logSums[block], inner: inner,
      gradient: gradient)
    let isLater = block.lowerBound > 0
    GEMM.multiply(
      scores, from, transposing: .left, into: head.gradients.v, accumulate: isLater)
    GEMM.multiply(gradient, head.values.k, into: head.gradients.q[block])
    GEMM.multiply(gradient, q, transposing: .left, into: head.gradients.k, accumulate: isLater)
  }

  /// Overwrites the gradients of the parameters, given x and dL/dy of all clips.
  func fillParameterGradients(_ x: Rows, _ dy: Rows, gradients: Gradients, pass: Pass) {
    inputs.fillParameterGradients(x, gradients.qkv.prefix(x.count), pass: pass)
    output.fillParameterGradients(attended.prefix(x.count), dy, pass: pass)
  }

  private static func blocks(_ queries: Int) -> [Range<Int>] {
    stride(from: 0, to: queries, by: block).map { $0..<min($0 + block, queries) }
  }

  private func weights(of head: Int, clip: Int, _ pass: Pass) -> AttentionWeights {
    let dropout = pass.dropout(dropout.share, layer: "\(dropout.name)\(head)")
    return AttentionWeights(
      headWidth: width / heads, mask: dropout.share == 0 ? nil : dropout.mask(clip: clip))
  }

  private func columns(of head: Int) -> Range<Int> {
    let headWidth = width / heads
    return head * headWidth..<(head + 1) * headWidth
  }

  private func parts(of qkv: Rows, _ head: Int) -> (q: Rows, k: Rows, v: Rows) {
    func part(_ index: Int) -> Rows {
      qkv.columns(index * width..<(index + 1) * width).columns(columns(of: head))
    }
    return (part(0), part(1), part(2))
  }
}
