import ValenceKernels

/// The mean of a clip's steps weighted by learned scores.
///
/// u = tanh(W·h + b), α = softmax over the clip's steps of u·q, context = Σ α·h; A values score a
/// step of W values. Source: Yang et al. (2016), hierarchical attention networks, with a query that
/// has no bias.
final class AttentionPooling {
  private let width: Int
  private let inner: Int
  private let weight: Range<Int>
  private let bias: Range<Int>
  private let query: Range<Int>
  /// `[rows, A]`: u, and dL/d(W·h + b).
  private let u: Floats
  private let scoreGradient: Floats
  /// `[rows]`: α, and dL/d(u·q).
  private let weights: Floats
  private let energyGradient: Floats

  /// Adds `score.weight` `[A, W]`, kept transposed, `score.bias` `[A]` and `query.weight` `[1, A]`.
  init(width: Int, inner: Int, rows: Int, parameters: inout ParameterLayout) {
    (self.width, self.inner) = (width, inner)
    let bound = Initializer.uniform(bound: 1 / Float(width).squareRoot())
    weight = parameters.add(
      "score.weight", shape: [inner, width], initializer: bound, axes: [1, 0])
    bias = parameters.add("score.bias", shape: [inner], initializer: bound)
    query = parameters.add(
      "query.weight", shape: [1, inner],
      initializer: .uniform(bound: 1 / Float(inner).squareRoot()))
    u = Floats(zeros: rows * inner)
    scoreGradient = Floats(zeros: rows * inner)
    weights = Floats(zeros: rows)
    energyGradient = Floats(zeros: rows)
  }

  /// Fills `output`, `[B, W]`, from `h`, `[rows, W]`.
  func forward(_ h: Floats, rows: PackedRows, output: Floats, pass: Pass) {
    let (bias, query) = (pass.parameters[bias], pass.parameters[query])
    forEachShard(rows, pass) { clips, range in
      GEMM.multiply(
        h[range.lowerBound * width..<range.upperBound * width], pass.parameters[weight],
        into: u[range.lowerBound * inner..<range.upperBound * inner], m: range.count, n: inner,
        k: width)
      for clip in clips {
        kernel(h, rows.rows(of: clip)).forward(
          bias: bias, query: query, context: output[clip * width..<(clip + 1) * width])
      }
    }
  }

  /// Overwrites dL/dh and the gradients of the parameters, after a `forward` of the same `h`.
  func backward(
    _ outputGradient: Floats, h: Floats, inputGradient: Floats, rows: PackedRows, pass: Pass
  ) {
    let query = pass.parameters[query]
    forEachShard(rows, pass) { clips, range in
      for clip in clips {
        let part = rows.rows(of: clip)
        kernel(h, part).backward(
          query: query, contextGradient: outputGradient[clip * width..<(clip + 1) * width],
          into: AttentionKernel.Gradients(
            h: inputGradient[part.lowerBound * width..<part.upperBound * width],
            energies: energyGradient[part],
            scores: scoreGradient[part.lowerBound * inner..<part.upperBound * inner]))
      }
      GEMM.multiply(
        scoreGradient[range.lowerBound * inner..<range.upperBound * inner], transposed: false,
        pass.parameters[weight], transposed: true,
        into: inputGradient[range.lowerBound * width..<range.upperBound * width], m: range.count,
        n: width, k: inner, accumulate: true)
    }
    let all = scoreGradient[0..<rows.rows * inner]
    GEMM.multiply(
      h, transposed: true, all, into: pass.gradients[weight], m: width, n: inner, k: rows.rows)
    Rows.sums(all, rows: rows.rows, into: pass.gradients[bias])
    Rows.sums(
      u[0..<rows.rows * inner], rows: rows.rows, weights: energyGradient[0..<rows.rows],
      into: pass.gradients[self.query])
  }

  private func kernel(_ h: Floats, _ range: Range<Int>) -> AttentionKernel {
    AttentionKernel(
      h: h[range.lowerBound * width..<range.upperBound * width],
      u: u[range.lowerBound * inner..<range.upperBound * inner], weights: weights[range],
      width: width, inner: inner)
  }

  /// Lends the clips of each shard and their rows.
  private func forEachShard(
    _ rows: PackedRows, _ pass: Pass, _ body: (Range<Int>, Range<Int>) -> Void
  ) {
    let shards = BatchShape.shards(clips: rows.clips)
    pass.workers.forEach(parts: shards.count) { index in
      let clips = shards[index]
      body(clips, rows.offsets[clips.lowerBound]..<rows.offsets[clips.upperBound])
    }
  }
}
