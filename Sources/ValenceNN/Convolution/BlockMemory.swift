import ValenceKernels

/// What a block keeps of each clip from the training forward pass to the backward pass.
///
/// The first block's convolution is cheap and its output the largest of all, so that is made anew
/// wherever it is needed instead of kept: as fast, with two fifths less memory.
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
    let y = y.isEmpty ? scratch.image : y[clip]
    block.convolution.forward(
      input, into: y, frames: pass.input.frames, scratch: scratch.convolution)
    normalization.note(y, pass: pass, clip: clip)
  }

  /// The clip's convolution, kept or made anew.
  private func output(of input: Floats, frames: Int, clip: Int, scratch: Scratch) -> Floats {
    if !y.isEmpty { return y[clip] }
    block.convolution.forward(
      input, into: scratch.image, frames: frames, scratch: scratch.convolution)
    return scratch.image
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

  /// Normalizes, pools and thins out a clip whose convolution came of `input`.
  func pool(_ input: Floats, frames: Int, clip: Int, scratch: Scratch) {
    let pass = block.pass(frames: frames)
    pass.forward(
      output(of: input, frames: pass.input.frames, clip: clip, scratch: scratch),
      normalization: normalization.normalization(of: clip), dropout: dropout(clip),
      into: pooled[clip], extreme: extremes[clip])
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
    let rounded = pass.input.frames
    let dy = output(of: input, frames: rounded, clip: clip, scratch: scratch)
    let terms = normalization.terms(of: clip)
    pass.backward(
      pooled[clip], mean: normalization.normalization(of: clip).mean, winner: terms.winner,
      spread: terms.spread, offset: terms.offset,
      extreme: extremes[clip], overwriting: dy)
    block.convolution.addWeightGradient(
      input: input, outputGradient: dy, frames: rounded, shard: shard, scratch: scratch.convolution)
    if block.shape.isFirst { return nil }
    block.convolution.inputGradient(
      dy, into: scratch.image, frames: rounded, scratch: scratch.convolution)
    return scratch.image
  }
}
