import CKernels

/// The second half of a convolution block over one clip: normalization, ReLU, max pooling, dropout.
public struct PoolPass {
  /// Which values dropout drops, as a function of where they stand.
  public struct Dropout {
    let key: valence_dropout_key
    let share: Double

    /// Drops `share` of the values; equal seeds, layers and clips drop the same ones.
    public init(share: Double, seed: UInt64, layer: UInt64, clip: Int) {
      precondition(share >= 0 && share < 1, "a share of \(share) to drop")
      self.share = share
      key = valence_dropout_key_of(seed, layer, UInt64(clip))
    }
  }

  /// The convolution's output.
  public let input: ImageShape
  /// The pooled image; T and F of the windows that fit, or more frames, which are set to zero.
  public let output: ImageShape
  /// How many frames of the input count.
  public let validFrames: Int
  /// The side of the pooling window.
  public let pool: Int

  /// Describes the pass over a clip.
  public init(input: ImageShape, output: ImageShape, validFrames: Int, pool: Int) {
    precondition(
      input.channels == output.channels && output.channels % ImageShape.lanes == 0
        && validFrames <= input.frames && output.frames >= validFrames / pool
        && output.bins == input.bins / pool,
      "pooling \(input) by \(pool) does not give \(output)")
    self.input = input
    self.output = output
    self.validFrames = validFrames
    self.pool = pool
  }

  /// The number of frames that come out.
  public var steps: Int { validFrames / pool }

  /// Σ y and Σ (y − the clip's mean)² of each channel over the valid frames.
  public func moments(_ y: Floats, clip: Int, sums: ChannelSums) {
    check(y, input)
    let (sum, squares) = unsafe sums.pointers(clip: clip, channels: input.channels)
    unsafe valence_channel_moments(input.cImage, validFrames, y.pointer, sum, squares)
  }

  /// x = dropout(maxpool(relu(scale·y + shift))).
  ///
  /// - Parameter extreme: receives the y that won each window, for `backward`; nil in inference.
  public func forward(
    _ y: Floats, scale: Floats, shift: Floats, dropout: Dropout?, into x: Floats, extreme: Floats?
  ) {
    check(y, input)
    check(x, output)
    if let extreme { check(extreme, output) }
    check(channels: scale, shift)
    var pass = unsafe cPass
    unsafe pass.scale = UnsafePointer(scale.pointer)
    unsafe pass.shift = UnsafePointer(shift.pointer)
    if let dropout, dropout.share > 0 {
      unsafe pass.key = dropout.key
      unsafe pass.threshold = valence_dropout_threshold(dropout.share)
      unsafe pass.keep_scale = Self.keepScale(share: dropout.share)
    }
    unsafe valence_pool_forward(&pass, y.pointer, x.pointer, extreme?.pointer)
  }

  /// From the gradient of x to that of the normalization's output at the windows' winners, g.
  ///
  /// g is written over x; the sums are Σ g and Σ g·(extreme − mean) of each channel.
  public func backwardSums(
    _ gradient: Floats, dropped share: Double, mean: Floats, extreme: Floats, overwriting x: Floats,
    clip: Int, sums: ChannelSums
  ) {
    check(gradient, output)
    check(extreme, output)
    check(x, output)
    check(channels: mean)
    let (sum, weighted) = unsafe sums.pointers(clip: clip, channels: output.channels)
    unsafe valence_pool_backward_sums(
      output.cImage, steps, Self.keepScale(share: share), mean.pointer, gradient.pointer,
      extreme.pointer, x.pointer, sum, weighted)
  }

  /// The gradient of y, written over y.
  ///
  /// winner·g at the windows' winners + spread·(y − mean) + offset everywhere.
  public func backward(
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
  public func copyRows(from x: Floats, channels: Int, to rows: Floats, stride: Int) {
    check(x, output)
    checkRows(rows, channels: channels, stride: stride)
    unsafe valence_image_to_rows(
      output.cImage, steps, channels, x.pointer, rows.pointer, stride)
  }

  /// The reverse of `copyRows`; added channels are set to zero.
  public func copyImage(from rows: Floats, channels: Int, to x: Floats, stride: Int) {
    check(x, output)
    checkRows(rows, channels: channels, stride: stride)
    unsafe valence_image_from_rows(
      output.cImage, steps, channels, rows.pointer, stride, x.pointer)
  }

  private static func keepScale(share: Double) -> Float { Float(1 / (1 - share)) }

  @unsafe private var cPass: valence_pool_pass {
    unsafe valence_pool_pass(
      in: input.cImage, out: output.cImage, valid: validFrames, pool: pool, scale: nil, shift: nil,
      key: valence_dropout_key(), threshold: 0, keep_scale: 1)
  }

  private func check(_ view: Floats, _ shape: ImageShape) {
    precondition(view.count >= shape.count, "\(view.count) floats for \(shape)")
  }

  private func check(channels views: Floats...) {
    precondition(views.allSatisfy { $0.count >= input.channels }, "terms for \(input)")
  }

  private func checkRows(_ rows: Floats, channels: Int, stride: Int) {
    let width = channels * output.bins
    precondition(
      channels <= output.channels && (steps == 0 || rows.count >= (steps - 1) * stride + width),
      "\(rows.count) floats for \(steps) rows of \(width)")
  }
}
