import ValenceKernels

/// What a block keeps of each clip from the training forward pass to the backward pass.
///
/// The first convolution keeps nothing of its output, which is the largest of all.
final class BlockMemory {
  private let block: ConvolutionBlock
  /// The convolution's output, later its gradient; empty in the first block.
  private let y: [Floats]
  /// The pooled output; later its gradient where it came through.
  private let pooled: [Floats]
  private let extremes: [Floats]
  private let normalization: BlockNormalization
  /// What this step's dropout draws from.
  private var seed: UInt64 = 0

  init(_ block: ConvolutionBlock, clips: Int) {
    self.block = block
    let kept = block.shape.isFirst ? 0 : clips
    y = (0..<kept).map { _ in Floats(zeros: block.maxImage.count) }
    pooled = (0..<clips).map { _ in Floats(zeros: block.maxOutput.count) }
    extremes = (0..<clips).map { _ in Floats(zeros: block.maxOutput.count) }
    normalization = BlockNormalization(block, clips: clips)
  }

  /// A clip's pooled output.
  func x(_ clip: Int) -> Floats { pooled[clip] }

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
  ///
  /// - Parameter seed: what tells the step's dropout from that of other steps.
  func finishForward(frames: [Int], parameters: Floats, statistics: Floats, seed: UInt64) {
    self.seed = seed
    normalization.finishForward(frames: frames, parameters: parameters, statistics: statistics)
  }

  private func dropout(_ clip: Int) -> PoolPass.Dropout {
    PoolPass.Dropout(share: block.dropout, seed: seed, layer: block.dropoutLayer, clip: clip)
  }

  /// Normalizes, pools and thins out a clip whose convolution comes of `input`.
  func pool(_ input: Floats, frames: Int, clip: Int, scratch: Scratch) {
    let pass = block.pass(frames: frames)
    let (normalization, dropout) = (normalization.normalization(of: clip), dropout(clip))
    switch block.convolution {
    case .first(let convolution):
      convolution.pool(
        input, pass: pass, normalization: normalization, dropout: dropout, into: pooled[clip],
        extreme: extremes[clip], scratch: scratch.convolution)
    case .inner:
      pass.forward(
        y[clip], normalization: normalization, dropout: dropout, into: pooled[clip],
        extreme: extremes[clip])
    }
  }

  /// Takes the gradient of a clip's pooled output.
  func backwardSums(_ gradient: Floats, pass: PoolPass, clip: Int) {
    normalization.backwardSums(
      gradient, pass: pass, dropout: dropout(clip), extreme: extremes[clip], x: pooled[clip],
      clip: clip)
  }

  /// The gradients of what the normalization learns, once all clips' sums are taken.
  func finishBackward(frames: [Int], parameters: Floats, gradients: Floats) {
    normalization.finishBackward(frames: frames, parameters: parameters, gradients: gradients)
  }

  /// Takes a clip's gradient back through pooling and convolution.
  ///
  /// - Returns: the gradient of `input`, in the scratch; nil in the first block, where nobody asks.
  func backward(
    _ input: Floats, frames: Int, clip: Int, shard: Int, scratch: Scratch
  ) -> Floats? {
    let pass = block.pass(frames: frames)
    let (mean, terms) = (normalization.normalization(of: clip).mean, normalization.terms(of: clip))
    switch block.convolution {
    case .first(let convolution):
      convolution.addWeightGradient(
        input, pass: pass, g: pooled[clip], mean: mean, winner: terms.winner,
        spread: terms.spread, offset: terms.offset, extreme: extremes[clip], shard: shard,
        scratch: scratch.convolution)
      return nil
    case .inner(let convolution):
      let (dy, frames) = (y[clip], pass.input.frames)
      pass.backward(
        pooled[clip], mean: mean, winner: terms.winner, spread: terms.spread,
        offset: terms.offset, extreme: extremes[clip], overwriting: dy)
      convolution.addWeightGradient(
        input: input, outputGradient: dy, frames: frames, shard: shard,
        scratch: scratch.convolution)
      convolution.inputGradient(
        dy, into: scratch.image, frames: frames, scratch: scratch.convolution)
      return scratch.image
    }
  }
}
