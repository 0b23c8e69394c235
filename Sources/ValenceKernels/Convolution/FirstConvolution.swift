import CKernels

/// A network's first convolution together with the passes around it, forward and backward.
///
/// Its output, the largest image of all, is never stored: each row is made where it is used, while it
/// stays in the nearest cache. The layer has few operations per output, so that
/// making it three times a training step is faster than taking it through memory once. The gradient
/// of the network's input is not needed.
///
/// The passes are those of `PoolPass` over an output of as many frames as count. `load`,
/// `beginGradients` and `finishGradients` are for one thread; between them, any number of threads may
/// run clips.
package final class FirstConvolution {
  /// The sizes of the convolution.
  package let shape: ConvolutionShape
  /// `[Cout, Cin, K, K]` with added channels; working memory of one thread.
  private let padded: Floats
  /// `[K, K, Cin, Cout]`, so that the channels of a tap adjoin.
  private let weights: Floats
  /// One per shard, with the layout of the weights.
  private var gradients: [Floats] = []

  package init(_ shape: ConvolutionShape) {
    precondition(shape.isFirst, "\(shape) is not a first layer")
    self.shape = shape
    padded = Floats(zeros: shape.paddedWeightCount)
    weights = Floats(zeros: shape.paddedWeightCount)
  }

  /// Takes the weights `[Cout, Cin, K, K]`.
  package func load(_ weights: Floats) {
    precondition(weights.count == shape.weightCount, "\(weights.count) weights for \(shape)")
    var sizes = shape.cWeightShape
    unsafe valence_weights_pad(&sizes, weights.pointer, padded.pointer)
    unsafe valence_weights_to_plain(&sizes, padded.pointer, self.weights.pointer)
  }

  /// The floats of working memory that each thread needs for windows of `windowFrames` frames.
  package func scratchCount(windowFrames: Int) -> Int {
    var sizes = sizes(frames: 1)
    return unsafe valence_first_scratch_count(&sizes, windowFrames)
  }

  /// The moments of a clip's output, as `PoolPass.moments` takes them.
  package func moments(
    _ input: Floats, pass: PoolPass, clip: Int, sums: ChannelSums, scratch: Floats
  ) {
    if KernelSetup.isPlainHere {
      return pass.moments(storedOutput(input, pass: pass), clip: clip, sums: sums)
    }
    check(input, pass: pass, scratch: scratch)
    var sizes = sizes(frames: pass.validFrames)
    let (sum, squares) = unsafe sums.pointers(clip: clip, channels: shape.paddedOutput)
    unsafe valence_first_moments(
      &sizes, input.pointer, weights.pointer, sum, squares, scratch.pointer)
  }

  /// Convolves a clip and pools it, as `PoolPass.forward` does.
  package func pool(_ input: Floats, pass: PoolPass, into pooled: PoolPass.Pooled, scratch: Floats)
  {
    if KernelSetup.isPlainHere {
      return pass.forward(storedOutput(input, pass: pass), into: pooled)
    }
    check(input, pass: pass, scratch: scratch)
    pass.check(pooled)
    var sizes = sizes(frames: pass.validFrames)
    var cPass = unsafe pass.cPass
    unsafe valence_first_pool(
      &sizes, &cPass, input.pointer, weights.pointer, pooled.values.pointer,
      pooled.extremes?.pointer, scratch.pointer)
  }

  /// Sets the sums of the weights' gradient to zero, one sum per shard.
  package func beginGradients(shards: Int) {
    while gradients.count < shards { gradients.append(Floats(zeros: shape.paddedWeightCount)) }
    for gradient in gradients { gradient.fill(0) }
  }

  /// Adds a clip's part of the weights' gradient to its shard's sum.
  package func addWeightGradient(
    _ input: Floats, pass: PoolPass, gradient: PoolPass.OutputGradient, shard: Int, scratch: Floats
  ) {
    var sizes = sizes(frames: pass.validFrames)
    if KernelSetup.isPlainHere {
      let dy = storedOutput(input, pass: pass)
      pass.backward(gradient, overwriting: dy)
      let part = Floats(zeros: shape.paddedWeightCount)
      unsafe valence_convolution_backward_weights(
        sizes.in, pass.input.cImage, shape.kernel, input.pointer, dy.pointer, part.pointer)
      unsafe valence_accumulate(part.count, part.pointer, gradients[shard].pointer)
      return
    }
    check(input, pass: pass, scratch: scratch)
    pass.check(gradient)
    let (pooled, factors) = (gradient.pooled, gradient.factors)
    var cPass = unsafe pass.cPass
    unsafe valence_first_weight_gradient(
      &sizes, &cPass, pass.bound.mean.pointer, factors.winner.pointer, factors.spread.pointer,
      factors.offset.pointer, pooled.values.pointer, pass.extremes(of: pooled).pointer,
      input.pointer, weights.pointer, gradients[shard].pointer, scratch.pointer)
  }

  /// Sums the shards in their order and writes the gradient `[Cout, Cin, K, K]`.
  package func finishGradients(into gradient: Floats) {
    precondition(gradient.count == shape.weightCount, "\(gradient.count) gradients for \(shape)")
    guard let total = gradients.first else { return }
    for part in gradients.dropFirst() {
      unsafe valence_accumulate(total.count, part.pointer, total.pointer)
    }
    var sizes = shape.cWeightShape
    unsafe valence_weights_from_plain(&sizes, total.pointer, padded.pointer)
    unsafe valence_weights_unpad(&sizes, padded.pointer, gradient.pointer)
  }

  private func sizes(frames: Int) -> valence_first_convolution {
    valence_first_convolution(
      in: shape.input(frames: frames).cImage, out_channels: shape.paddedOutput,
      kernel: shape.kernel)
  }

  /// The plain twin's output, stored whole.
  private func storedOutput(_ input: Floats, pass: PoolPass) -> Floats {
    check(input, pass: pass, scratch: nil)
    let output = Floats(zeros: pass.input.count)
    unsafe valence_convolution_forward(
      sizes(frames: pass.validFrames).in, pass.input.cImage, shape.kernel, input.pointer,
      weights.pointer, output.pointer)
    return output
  }

  private func check(_ input: Floats, pass: PoolPass, scratch: Floats?) {
    let needed = scratch == nil ? 0 : scratchCount(windowFrames: pass.window.frames)
    precondition(
      pass.input == shape.output(frames: pass.validFrames)
        && input.count >= shape.input(frames: pass.validFrames).count
        && scratch?.count ?? 0 >= needed, "\(input.count) floats for \(shape) and \(pass.input)")
  }
}
