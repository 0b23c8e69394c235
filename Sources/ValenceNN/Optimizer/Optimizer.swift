package import ValenceKernels

/// AdamW, Adam or SGD over a network's flat block.
///
/// The arithmetic of torch.optim: AdamW (Loshchilov and Hutter, 2019) and Adam (Kingma and Ba, 2015)
/// with β₁ .9, β₂ .999, ε 1e-8, SGD with momentum and Nesterov's variant of it; weight decay acts on
/// every parameter. Before it the gradient is clipped as torch.nn.utils.clip_grad_norm_ does.
package final class Optimizer {
  private let options: OptimizerOptions
  /// The state of each parameter: the moments of Adam, the velocity of SGD.
  private let moments: [Floats]
  private var steps = 0
  /// What of the parameters is moved; the others are as if they were not there.
  private let ranges: [Range<Int>]

  /// Starts with moments of zero for `count` parameters, of which those of `ranges` are moved; nil moves all.
  package init(_ options: OptimizerOptions, count: Int, ranges: [Range<Int>]? = nil) {
    self.options = options
    self.ranges = ranges ?? [0..<count]
    moments = (0..<options.moments).map { _ in Floats(zeros: count) }
  }

  /// Moves the parameters one step against the gradient.
  ///
  /// A gradient whose norm is not finite changes nothing; the caller sees it in the result.
  ///
  /// - Parameters:
  ///   - rate: the learning rate of this step.
  ///   - clipNorm: the greatest norm; a longer gradient is scaled by clipNorm / (norm + 1e-6).
  /// - Returns: the gradient's Euclidean norm before clipping.
  package func step(
    _ parameters: Floats, gradients: Floats, rate: Double, clipNorm: Double, workers: Workers
  ) -> Double {
    let squares = ranges.reduce(0) {
      $0 + FlatBlock.sumOfSquares(gradients[$1], workers: workers)
    }
    let norm = squares.squareRoot()
    guard norm.isFinite else { return norm }
    steps += 1
    let gradientScale = min(1, clipNorm / (norm + 1e-6))
    for range in ranges {
      move(parameters[range], range, gradients[range], (rate, gradientScale), workers)
    }
    return norm
  }

  /// Moves a range of the parameters.
  private func move(
    _ parameters: Floats, _ range: Range<Int>, _ gradients: Floats,
    _ scales: (rate: Double, gradient: Double), _ workers: Workers
  ) {
    let (decay, isDecoupled) = (options.weightDecay, options.name == .adamw)
    switch options.name {
    case .adamw, .adam:
      let step = FlatBlock.AdamStep(
        t: steps, rate: scales.rate, decay: isDecoupled ? decay : 0,
        penalty: isDecoupled ? 0 : decay, gradientScale: scales.gradient)
      FlatBlock.adam(
        step, gradients: gradients, moments: (moments[0][range], moments[1][range]),
        parameters: parameters, workers: workers)
    case .sgd:
      let step = FlatBlock.SGDStep(
        rate: scales.rate, penalty: decay, momentum: options.momentum,
        isNesterov: options.nesterov, gradientScale: scales.gradient)
      FlatBlock.sgd(
        step, gradients: gradients, velocity: moments.first?[range], parameters: parameters,
        workers: workers)
    }
  }
}
