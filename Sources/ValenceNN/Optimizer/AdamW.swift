public import ValenceKernels

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019) over a network's flat block.
///
/// The arithmetic of torch.optim.AdamW: β₁ .9, β₂ .999, ε 1e-8, decay on every parameter; before it
/// the gradient is clipped as torch.nn.utils.clip_grad_norm_ does.
public final class AdamW {
  private let weightDecay: Double
  private let m: Floats
  private let v: Floats
  private var steps = 0

  /// Starts with moments of zero for `count` parameters.
  public init(_ options: OptimizerOptions, count: Int) {
    weightDecay = options.weightDecay
    m = Floats(zeros: count)
    v = Floats(zeros: count)
  }

  /// Moves the parameters one step against the gradient.
  ///
  /// A gradient whose norm is not finite moves nothing, so that the caller can say so.
  ///
  /// - Parameters:
  ///   - rate: the learning rate of this step.
  ///   - clipNorm: the greatest norm; a longer gradient is scaled by clipNorm / (norm + 1e-6).
  /// - Returns: the gradient's Euclidean norm before clipping.
  public func step(
    _ parameters: Floats, gradients: Floats, rate: Double, clipNorm: Double, workers: Workers
  ) -> Double {
    let norm = FlatBlock.sumOfSquares(gradients, workers: workers).squareRoot()
    guard norm.isFinite else { return norm }
    steps += 1
    let step = FlatBlock.AdamWStep(
      t: steps, rate: rate, decay: weightDecay, betas: (0.9, 0.999), epsilon: 1e-8,
      gradientScale: min(1, clipNorm / (norm + 1e-6)))
    FlatBlock.adamW(
      step, gradients: gradients, m: m, v: v, parameters: parameters, workers: workers)
    return norm
  }
}
