import ValenceKernels

/// The mean of a clip's steps weighted by learned scores.
///
/// u = tanh(W·h + b), α = softmax over the clip's steps of u·q, context = Σ α·h; A values score a
/// step of W values. Source: Yang et al. (2016), hierarchical attention networks, with a query that
/// has no bias.
final class AttentionPooling {
  private let inner: Int
  private let weight: Range<Int>
  private let bias: Range<Int>
  private let query: Range<Int>
  /// `[rows, A]`: u, and dL/d(W·h + b).
  private let u: Rows
  private let scoreGradient: Rows
  /// `[rows]`: α, and dL/d(u·q).
  private let weights: Floats
  private let energyGradient: Floats

  /// Attention over sequences of `width` values a step, scored in `inner` dimensions.
  static func shape(width: Int, inner: Int, steps: Int) -> LayerShape {
    var shape = LayerShape("attention", .vector(width: width))
    shape.parameters = width * inner + inner + inner
    shape.multiplyAdds = steps * (width * inner + inner)
    shape.keptFloats = steps * (inner + 1) + width
    return shape
  }

  /// Adds `score.weight` `[A, W]`, kept transposed, `score.bias` `[A]` and `query.weight` `[1, A]`.
  init(width: Int, inner: Int, rows: Int, state: inout StateLayout) {
    self.inner = inner
    let bound = Initializer.uniform(bound: 1 / Float(width).squareRoot())
    weight = state.addParameter(
      "score.weight", shape: [inner, width], initializer: bound, axes: [1, 0])
    bias = state.addParameter("score.bias", shape: [inner], initializer: bound)
    query = state.addParameter(
      "query.weight", shape: [1, inner],
      initializer: .uniform(bound: 1 / Float(inner).squareRoot()))
    u = Rows(zeros: rows, width: inner)
    scoreGradient = Rows(zeros: rows, width: inner)
    weights = Floats(zeros: rows)
    energyGradient = Floats(zeros: rows)
  }

  /// Fills `output`, `[B, W]`, from `h`, `[rows, W]`.
  func forward(_ h: Rows, packing: PackedRows, output: Rows, pass: Pass) {
    let (bias, query) = (pass.parameters[bias], pass.parameters[query])
    pass.forEachShard(packing) { clips, rows in
      GEMM.multiply(h[rows], matrix(pass.parameters), into: u[rows])
      for clip in clips {
        kernel(h, packing.rows(of: clip)).forward(
          bias: bias, query: query, context: output.row(clip))
      }
    }
  }

  /// Overwrites dL/dh and the gradients of the parameters, after a `forward` of the same `h`.
  func backward(
    _ outputGradient: Rows, h: Rows, inputGradient: Rows, packing: PackedRows, pass: Pass
  ) {
    let query = pass.parameters[query]
    pass.forEachShard(packing) { clips, rows in
      for clip in clips {
        let steps = packing.rows(of: clip)
        kernel(h, steps).backward(
          query: query, contextGradient: outputGradient.row(clip),
          into: AttentionKernel.Gradients(
            h: inputGradient[steps], energies: energyGradient[steps],
            scores: scoreGradient[steps]))
      }
      GEMM.multiply(
        scoreGradient[rows], matrix(pass.parameters), transposing: .right,
        into: inputGradient[rows], accumulate: true)
    }
    let all = scoreGradient.prefix(packing.rows)
    GEMM.multiply(
      h.prefix(packing.rows), all, transposing: .left, into: matrix(pass.gradients))
    all.columnSums(into: pass.gradients[bias])
    u.prefix(packing.rows).columnSums(
      weights: energyGradient[0..<packing.rows], into: pass.gradients[self.query])
  }

  private func matrix(_ block: Floats) -> Rows { Rows(block[weight], width: inner) }

  private func kernel(_ h: Rows, _ steps: Range<Int>) -> AttentionKernel {
    AttentionKernel(h: h[steps], u: u[steps], weights: weights[steps])
  }
}
