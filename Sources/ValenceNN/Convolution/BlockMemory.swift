import ValenceKernels

/// The memory of a block between the forward and the backward pass of a training step.
///
/// The first convolution keeps nothing of its output, which is the largest of all.
final class BlockMemory {
  private let block: ConvolutionBlock
  /// The convolution's output, later its gradient; empty in the first block.
  private let y: [Floats]
  /// The pooled output, later its gradient g, and the winners of its windows.
  private let pooled: [PoolPass.Pooled]
  private let normalization: BlockNormalization
  /// The dropout of this step.
  private var dropout = Dropout(share: 0, seed: 0, layer: 0)

  init(_ block: ConvolutionBlock, clips: Int) {
    self.block = block
    let kept = block.shape.isFirst ? 0 : clips
    y = (0..<kept).map { _ in Floats(zeros: block.maxImage.count) }
    let count = block.maxOutput.count
    pooled = (0..<clips).map { _ in
      PoolPass.Pooled(values: Floats(zeros: count), extremes: Floats(zeros: count))
    }
    normalization = BlockNormalization(block, clips: clips)
  }

  /// A clip's pooled output.
  func x(_ clip: Int) -> Floats { pooled[clip].values }

  /// Convolves a clip and takes its moments.
  func convolve(_ input: Floats, frames: Int, clip: Int, scratch: Scratch) {
    let pass = block.pass(frames: frames)
    switch block.convolution {
    case .first(let convolution):
      normalization.note(clip: clip) { sums in
        convolution.moments(
          input, pass: pass, clip: clip, sums: sums, scratch: scratch.convolution)
      }
    case .inner(let convolution):
      convolution.forward(
        input, into: y[clip], frames: pass.input.frames, scratch: scratch.convolution)
      normalization.note(clip: clip) { sums in pass.moments(y[clip], clip: clip, sums: sums) }
    }
  }

  /// The batch's statistics from those of its clips; moves the running ones.
  func finishForward(frames: [Int], pass: Pass) {
    dropout = pass.dropout(block.dropout, layer: block.name)
    normalization.finishForward(frames: frames, pass: pass)
  }

  /// The passes over a clip, with this step's normalization and dropout.
  private func pass(frames: Int, clip: Int) -> PoolPass {
    block.pass(frames: frames).normalizing(
      by: normalization.normalization(of: clip), dropping: dropout.mask(clip: clip))
  }

  /// Normalizes and pools a clip and drops values of it, after `convolve` of the same `input`.
  func pool(_ input: Floats, frames: Int, clip: Int, scratch: Scratch) {
    let pass = pass(frames: frames, clip: clip)
    switch block.convolution {
    case .first(let convolution):
      convolution.pool(input, pass: pass, into: pooled[clip], scratch: scratch.convolution)
    case .inner: pass.forward(y[clip], into: pooled[clip])
    }
  }

  /// Takes the gradient of a clip's pooled output.
  func backwardSums(_ gradient: Floats, frames: Int, clip: Int) {
    normalization.backwardSums(
      gradient, overwriting: pooled[clip], pass: pass(frames: frames, clip: clip), clip: clip)
  }

  /// The gradients of the normalization's parameters, once all clips' sums are taken.
  func finishBackward(frames: [Int], pass: Pass) {
    normalization.finishBackward(frames: frames, pass: pass)
  }

  /// Takes a clip's gradient back through pooling and convolution.
  ///
  /// - Returns: the gradient of `input`, in the scratch; nil in the first block, where it has no use.
  func backward(
    _ input: Floats, frames: Int, clip: Int, shard: Int, scratch: Scratch
  ) -> Floats? {
    let pass = pass(frames: frames, clip: clip)
    let gradient = PoolPass.OutputGradient(pooled[clip], factors: normalization.factors(of: clip))
    switch block.convolution {
    case .first(let convolution):
      convolution.addWeightGradient(
        input, pass: pass, gradient: gradient, shard: shard, scratch: scratch.convolution)
      return nil
    case .inner(let convolution):
      let (dy, frames) = (y[clip], pass.input.frames)
      pass.backward(gradient, overwriting: dy)
      convolution.addWeightGradient(
        input: input, outputGradient: dy, frames: frames, shard: shard,
        scratch: scratch.convolution)
      convolution.inputGradient(
        dy, into: scratch.image, frames: frames, scratch: scratch.convolution)
      return scratch.image
    }
  }
}
