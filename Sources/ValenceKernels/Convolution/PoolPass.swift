import CKernels

/// The second half of a convolution block over one clip: normalization, activation, max pooling,
/// dropout.
///
/// Names: y is the convolution's output, x the pooled image, g the gradient of the normalization's output. Pooling
/// passes a gradient on at the winner of each window only, so g is as small as x and is written over it.
///
/// The backward pass has two steps, because the gradient of y under batch normalization depends on sums over all
/// clips: `backwardSums` takes each clip's sums, then `backward` writes the gradient of y: everywhere a linear
/// function of y, whose coefficients come from the sums, and at the winners g in addition.
package struct PoolPass {
  /// The activation function behind the normalization.
  package enum Activation: Hashable, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// x·Φ(x), exact (Hendrycks and Gimpel, 2016).
    case gelu

    fileprivate var kernel: valence_activation {
      switch self {
      case .relu: valence_relu
      case .gelu: valence_gelu
      }
    }
  }

  /// A pooling window; windows adjoin, and frames and bins that do not fill one are dropped.
  package struct Window: Hashable, Sendable {
    package let frames: Int
    package let bins: Int

    /// A window of `frames` × `bins`.
    package init(frames: Int, bins: Int) { (self.frames, self.bins) = (frames, bins) }
  }

  /// The normalization scale·y + shift, with one number of each per channel.
  package struct Normalization: Sendable {
    /// The mean of y, which the gradient's second sum is centered on.
    package let mean: Floats
    /// The factor of y.
    package let scale: Floats
    /// The summand.
    package let shift: Floats

    /// All zeros.
    package init(channels: Int) {
      mean = Floats(zeros: channels)
      scale = Floats(zeros: channels)
      shift = Floats(zeros: channels)
    }
  }

  /// The pooled image of a clip.
  package struct Pooled: Sendable {
    /// x of `forward`; `backwardSums` overwrites it with g.
    package let values: Floats
    /// For each element of x the y that won its window; nil in inference.
    package let extremes: Floats?

    package init(values: Floats, extremes: Floats?) {
      (self.values, self.extremes) = (values, extremes)
    }
  }

  /// The factors of the gradient of y, with one number of each per channel:
  /// winner·g at the windows' winners + spread·(y − mean) + offset everywhere.
  package struct GradientFactors: Sendable {
    package let winner: Floats
    package let spread: Floats
    package let offset: Floats

    /// All zeros.
    package init(channels: Int) {
      winner = Floats(zeros: channels)
      spread = Floats(zeros: channels)
      offset = Floats(zeros: channels)
    }
  }

  /// The gradient of y, an image that is never stored where y is not: its factors, and g and the
  /// winners in the pooled image.
  package struct OutputGradient: Sendable {
    let pooled: Pooled
    let factors: GradientFactors

    /// - Parameter pooled: the pooled image after `backwardSums`.
    package init(_ pooled: Pooled, factors: GradientFactors) {
      (self.pooled, self.factors) = (pooled, factors)
    }
  }

  /// The convolution's output.
  package let input: ImageShape
  /// The pooled image; T and F of the windows that fit, or more frames, which are set to zero.
  package let output: ImageShape
  /// How many frames of the input count.
  package let validFrames: Int
  /// The pooling window.
  package let window: Window
  /// The activation function behind the normalization.
  package let activation: Activation
  /// The frames of the pooled image that a forward pass fills.
  private var filled: Range<Int>
  private var normalization: Normalization?
  private var mask: DropoutMask?

  /// Describes the pass over a clip.
  package init(
    input: ImageShape, output: ImageShape, validFrames: Int, window: Window,
    activation: Activation = .relu
  ) {
    precondition(
      input.channels == output.channels && output.channels % ImageShape.lanes == 0
        && validFrames <= input.frames && output.frames >= validFrames / window.frames
        && output.bins == input.bins / window.bins,
      "pooling \(input) by \(window) does not give \(output)")
    self.input = input
    self.output = output
    self.validFrames = validFrames
    self.window = window
    self.activation = activation
    filled = 0..<validFrames / window.frames
  }

  /// The pass whose `forward` fills one part of the pooled image; all parts together fill all of it.
  package func filling(_ part: Part) -> PoolPass {
    var pass = self
    pass.filled = part.range(of: steps)
    return pass
  }

  /// The pass with the numbers of a clip's normalization and dropout, which the passes need
  /// forward and backward; `moments` and the copies of rows do without.
  package func normalizing(by normalization: Normalization, dropping mask: DropoutMask? = nil)
    -> PoolPass
  {
    check(channels: normalization.mean, normalization.scale, normalization.shift)
    var pass = self
    (pass.normalization, pass.mask) = (normalization, mask)
    return pass
  }

  /// The number of frames of the output.
  package var steps: Int { validFrames / window.frames }

  /// Σ y and Σ (y − the clip's mean)² of each channel over the valid frames.
  package func moments(_ y: Floats, clip: Int, sums: ChannelSums) {
    check(y, input)
    let (sum, squares) = unsafe sums.pointers(clip: clip, channels: input.channels)
    unsafe valence_channel_moments(input.cImage, validFrames, y.pointer, sum, squares)
  }

  /// x = dropout(maxpool(activation(scale·y + shift))).
  package func forward(_ y: Floats, into pooled: Pooled) {
    check(y, input)
    check(pooled)
    var pass = unsafe cPass
    unsafe valence_pool_forward(
      &pass, y.pointer, pooled.values.pointer, pooled.extremes?.pointer)
  }

  /// From the gradient of x to that of the normalization's output at the windows' winners, g.
  ///
  /// g is written over x; the sums are Σ g and Σ g·(extreme − mean) of each channel.
  package func backwardSums(
    _ gradient: Floats, overwriting pooled: Pooled, clip: Int, sums: ChannelSums
  ) {
    check(gradient, output)
    check(pooled)
    let (sum, weighted) = unsafe sums.pointers(clip: clip, channels: output.channels)
    var pass = unsafe cPass
    unsafe valence_pool_backward_sums(
      &pass, bound.mean.pointer, gradient.pointer, extremes(of: pooled).pointer,
      pooled.values.pointer, sum, weighted)
  }

  /// The gradient of y, written over y.
  package func backward(_ gradient: OutputGradient, overwriting y: Floats) {
    check(gradient)
    check(y, input)
    let factors = gradient.factors
    var pass = unsafe cPass
    unsafe valence_pool_backward(
      &pass, bound.mean.pointer, factors.winner.pointer, factors.spread.pointer,
      factors.offset.pointer, gradient.pooled.values.pointer,
      extremes(of: gradient.pooled).pointer, y.pointer)
  }

  /// Copies the steps of a pooled clip into rows: channel c's bin f at column c·F + f.
  package func copyRows(from x: Floats, channels: Int, to rows: Rows) {
    check(x, output)
    checkRows(rows, channels: channels)
    unsafe valence_image_to_rows(
      output.cImage, steps, channels, x.pointer, rows.pointer, rows.stride)
  }

  /// The reverse of `copyRows`; added channels are set to zero.
  package func copyImage(from rows: Rows, channels: Int, to x: Floats) {
    check(x, output)
    checkRows(rows, channels: channels)
    unsafe valence_image_from_rows(
      output.cImage, steps, channels, rows.pointer, rows.stride, x.pointer)
  }

  @unsafe var cPass: valence_pool_pass {
    let normalization = bound
    return unsafe valence_pool_pass(
      in: input.cImage, out: output.cImage, valid: validFrames, first: filled.lowerBound,
      end: filled.upperBound, pool_frames: window.frames,
      pool_bins: window.bins, activation: activation.kernel,
      scale: UnsafePointer(normalization.scale.pointer),
      shift: UnsafePointer(normalization.shift.pointer), key: mask?.key ?? valence_dropout_key(),
      threshold: mask?.threshold ?? 0, keep_scale: mask?.scale ?? 1)
  }

  var bound: Normalization {
    guard let normalization else { preconditionFailure("a pass without its normalization") }
    return normalization
  }

  func extremes(of pooled: Pooled) -> Floats {
    guard let extremes = pooled.extremes else {
      preconditionFailure("the backward pass of a forward pass in inference")
    }
    return extremes
  }

  func check(_ pooled: Pooled) {
    check(pooled.values, output)
    if let extremes = pooled.extremes { check(extremes, output) }
  }

  func check(_ gradient: OutputGradient) {
    check(gradient.pooled)
    check(channels: gradient.factors.winner, gradient.factors.spread, gradient.factors.offset)
  }

  func check(_ view: Floats, _ shape: ImageShape) {
    precondition(view.count >= shape.count, "\(view.count) floats for \(shape)")
  }

  func check(channels views: Floats...) {
    precondition(views.allSatisfy { $0.count >= input.channels }, "terms for \(input)")
  }

  private func checkRows(_ rows: Rows, channels: Int) {
    precondition(
      channels <= output.channels && rows.count == steps && rows.width == channels * output.bins,
      "[\(rows.count), \(rows.width)] for \(steps) steps of \(channels) channels in \(output)")
  }
}
