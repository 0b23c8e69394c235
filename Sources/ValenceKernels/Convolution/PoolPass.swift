import CKernels

/// The second half of a convolution block over one clip: normalization, activation, max pooling,
/// dropout.
package struct PoolPass {
  /// What follows the normalization.
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

  /// A pooling window; windows lie side by side, what does not fill one is dropped.
  package struct Window: Hashable, Sendable {
    package let frames: Int
    package let bins: Int

    /// A window of `frames` × `bins`.
    package init(frames: Int, bins: Int) { (self.frames, self.bins) = (frames, bins) }
  }

  /// The numbers of a normalization, one of each a channel: scale·y + shift.
  package struct Normalization: Sendable {
    /// What the moments of gradients are taken around.
    package let mean: Floats
    /// What y is multiplied by.
    package let scale: Floats
    /// What is added to it.
    package let shift: Floats

    /// All zeros.
    package init(channels: Int) {
      mean = Floats(zeros: channels)
      scale = Floats(zeros: channels)
      shift = Floats(zeros: channels)
    }
  }

  /// Which values dropout drops, as a function of where they stand.
  package struct Dropout {
    let key: valence_dropout_key
    let share: Double

    /// Drops `share` of the values; equal seeds, layers and clips drop the same ones.
    package init(share: Double, seed: UInt64, layer: UInt64, clip: Int) {
      precondition(share >= 0 && share < 1, "a share of \(share) to drop")
      self.share = share
      key = valence_dropout_key_of(seed, layer, UInt64(clip))
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
  /// What follows the normalization.
  package let activation: Activation
  /// The frames of the pooled image that a forward pass fills.
  private var filled: Range<Int>

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

  /// The pass that in `forward` fills one share of the pooled image; all shares together fill all of it.
  package func filling(_ share: Share) -> PoolPass {
    var pass = self
    pass.filled = share.of(steps)
    return pass
  }

  /// The number of frames that come out.
  package var steps: Int { validFrames / window.frames }

  /// Σ y and Σ (y − the clip's mean)² of each channel over the valid frames.
  package func moments(_ y: Floats, clip: Int, sums: ChannelSums) {
    check(y, input)
    let (sum, squares) = unsafe sums.pointers(clip: clip, channels: input.channels)
    unsafe valence_channel_moments(input.cImage, validFrames, y.pointer, sum, squares)
  }

  /// x = dropout(maxpool(activation(scale·y + shift))).
  ///
  /// - Parameter extreme: receives the y that won each window, for `backward`; nil in inference.
  package func forward(
    _ y: Floats, normalization: Normalization, dropout: Dropout?, into x: Floats, extreme: Floats?
  ) {
    check(y, input)
    check(x, output)
    if let extreme { check(extreme, output) }
    var pass = unsafe cPass(normalization, dropout)
    unsafe valence_pool_forward(&pass, y.pointer, x.pointer, extreme?.pointer)
  }

  /// From the gradient of x to that of the normalization's output at the windows' winners, g.
  ///
  /// g is written over x; the sums are Σ g and Σ g·(extreme − mean) of each channel.
  /// Normalization and dropout are those of `forward`.
  package func backwardSums(
    _ gradient: Floats, normalization: Normalization, dropout: Dropout?, extreme: Floats,
    overwriting x: Floats, clip: Int, sums: ChannelSums
  ) {
    check(gradient, output)
    check(extreme, output)
    check(x, output)
    let (sum, weighted) = unsafe sums.pointers(clip: clip, channels: output.channels)
    var pass = unsafe cPass(normalization, dropout)
    unsafe valence_pool_backward_sums(
      &pass, normalization.mean.pointer, gradient.pointer, extreme.pointer, x.pointer, sum,
      weighted)
  }

  /// The gradient of y, written over y.
  ///
  /// winner·g at the windows' winners + spread·(y − mean) + offset everywhere.
  package func backward(
    _ g: Floats, mean: Floats, winner: Floats, spread: Floats, offset: Floats, extreme: Floats,
    overwriting y: Floats
  ) {
    check(g, output)
    check(extreme, output)
    check(y, input)
    check(channels: mean, winner, spread, offset)
    var pass = unsafe cPass
    unsafe valence_pool_backward(
      &pass, mean.pointer, winner.pointer, spread.pointer, offset.pointer, g.pointer,
      extreme.pointer, y.pointer)
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
    unsafe valence_pool_pass(
      in: input.cImage, out: output.cImage, valid: validFrames, first: filled.lowerBound,
      end: filled.upperBound, pool_frames: window.frames,
      pool_bins: window.bins, activation: activation.kernel, scale: nil, shift: nil,
      key: valence_dropout_key(), threshold: 0, keep_scale: 1)
  }

  @unsafe func cPass(
    _ normalization: Normalization, _ dropout: Dropout?
  ) -> valence_pool_pass {
    check(channels: normalization.mean, normalization.scale, normalization.shift)
    var pass = unsafe cPass
    unsafe pass.scale = UnsafePointer(normalization.scale.pointer)
    unsafe pass.shift = UnsafePointer(normalization.shift.pointer)
    if let dropout, dropout.share > 0 {
      unsafe pass.key = dropout.key
      unsafe pass.threshold = valence_dropout_threshold(dropout.share)
      unsafe pass.keep_scale = Float(1 / (1 - dropout.share))
    }
    return unsafe pass
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
