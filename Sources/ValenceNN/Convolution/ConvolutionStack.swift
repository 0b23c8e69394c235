import ValenceKernels

/// The convolution blocks of one branch: convolution, normalization, activation, max pooling and
/// dropout, block after block.
///
/// Normalization takes its statistics over the valid frames of all clips (batch) or of each (layer), and
/// frames beyond a clip's length are zero after each block, so padding changes nothing. Equals
/// `MaskedBatchNorm` with masks in PyTorch, or `GroupNorm(1, C)` on each clip by itself. Sources: Ioffe
/// and Szegedy (2015), batch normalization; Ba et al. (2016) and Wu and He (2018), layer normalization.
///
/// Each clip is convolved by itself, at its own length, with the passes around the convolution done while
/// it is in the cache. Only the statistics of a block need the whole batch: between two blocks all threads
/// wait for each other.
///
/// - Note: `forward` with `.training` and the `backward` after it share memory that lives as long as
///   the stack; inference needs none of it.
final class ConvolutionStack: BranchLayers {
  let blocks: [ConvolutionBlock]
  private let input: NetworkInput.Branch
  private let maxFrames: Int
  private let maxClips: Int
  /// Of each block; made by the first training pass.
  private var memories: [BlockMemory] = []
  /// Of each shard: the gradient of a clip's last pooled image.
  private var lastGradients: [Floats] = []
  /// The input of the last training pass.
  private var trainingInput: Floats?
  private let scratches = ScratchPool()
  let single: SingleClipScratch

  /// Adds the branch's parameters and running statistics.
  ///
  /// - Parameters:
  ///   - frames: the greatest number of frames of a clip.
  ///   - clips: the greatest number of clips in a training batch.
  init(
    _ options: CNNOptions, input: NetworkInput.Branch, frames maxFrames: Int, clips maxClips: Int,
    state: inout StateLayout
  ) {
    precondition(
      !options.channels.isEmpty && options.channels.count == options.pool.time.count
        && options.channels.count == options.pool.frequency.count,
      "\(options.channels.count) blocks with pooling windows of \(options.pool)")
    self.input = input
    self.maxFrames = maxFrames
    self.maxClips = maxClips
    var blocks: [ConvolutionBlock] = []
    var size = ImageSize(channels: input.channels, frames: maxFrames, bins: input.bins)
    for index in options.channels.indices {
      blocks.append(ConvolutionBlock(options, index: index, input: size, state: &state))
      size = blocks[index].outputSize
    }
    precondition(size.count > 0, "pooling \(options.pool) leaves nothing of the input")
    for index in blocks.indices.dropLast() { blocks[index].linkOutput(to: blocks[index + 1]) }
    self.blocks = blocks
    single = SingleClipScratch(blocks)
  }

  /// The width of the output: channels × bins; channel c's bin f at c·F + f.
  var outputWidth: Int { last.outputSize.channels * last.outputSize.bins }

  /// The number of rows that a clip of `frames` frames gives.
  func steps(frames: Int) -> Int { blocks.reduce(frames) { $0 / $1.window.frames } }

  var last: ConvolutionBlock { blocks[blocks.count - 1] }

  /// Runs the blocks over a batch.
  ///
  /// - Parameters:
  ///   - input: `[clips, frames, bins, channels]` with the greatest number of frames, zero beyond a
  ///     clip's length. For `backward` it must stay as it is.
  ///   - output: `[rows, outputWidth]`, packed as `PackedRows(steps:)`.
  func forward(_ input: Floats, batch: BatchShape, into output: Rows, pass: Pass) {
    let lengths = lengths(of: batch)
    precondition(
      lengths[blocks.count].allSatisfy { $0 > 0 },
      "clips of \(batch.frames) frames are too short for the pooling")
    for (block, frames) in zip(blocks, lengths) { block.prepare(frames: frames, pass: pass) }
    switch pass.mode {
    case .training: train(input, lengths: lengths, into: output, pass: pass)
    case .inference where batch.clips == 1:
      inferSingle(input, lengths: lengths.map { $0[0] }, into: output, pass: pass)
    case .inference: infer(input, lengths: lengths, into: output, pass: pass)
    }
  }

  /// Writes the gradients of the blocks' parameters, given that of the last training output.
  func backward(_ outputGradient: Rows, batch: BatchShape, pass: Pass) {
    guard let input = trainingInput, batch.clips <= maxClips else {
      preconditionFailure("backward without a training forward of this batch")
    }
    let lengths = lengths(of: batch)
    let shards = batch.shards
    for block in blocks { block.beginGradients(shards: shards.count) }
    takeLastGradients(outputGradient, lengths: lengths, shards: shards, pass: pass)
    // One phase holds the convolution of a block and the pooling of the block before it: a clip's image
    // is still in the cache, and threads wait for each other once a block.
    for index in blocks.indices.reversed() {
      memories[index].finishBackward(frames: lengths[index], pass: pass)
      // Weight gradients are sums over clips, so here a thread takes a shard and not a clip: each shard
      // has a sum of its own, and these are added in the order of the shards.
      pass.workers.forEach(parts: shards.count) { shard in
        withScratch { scratch in
          for clip in shards[shard] {
            let dx = memories[index].backward(
              blockInput(index, clip: clip, input), frames: lengths[index][clip], clip: clip,
              shard: shard, scratch: scratch)
            guard let dx else { continue }
            memories[index - 1].backwardSums(dx, frames: lengths[index - 1][clip], clip: clip)
          }
        }
      }
      blocks[index].finishGradients(pass)
    }
    trainingInput = nil
  }

  /// Gives the last block the gradient of its pooled images.
  private func takeLastGradients(
    _ outputGradient: Rows, lengths: [[Int]], shards: [Range<Int>], pass: Pass
  ) {
    let packing = PackedRows(steps: lengths[blocks.count])
    pass.workers.forEach(parts: shards.count) { shard in
      for clip in shards[shard] {
        let frames = lengths[blocks.count - 1][clip]
        let poolPass = last.pass(frames: frames)
        let gradient = lastGradients[shard][0..<poolPass.output.count]
        poolPass.copyImage(
          from: outputGradient[packing.rows(of: clip)], channels: last.shape.outputChannels,
          to: gradient)
        memories[blocks.count - 1].backwardSums(gradient, frames: frames, clip: clip)
      }
    }
  }
}

// MARK: - Steps of the passes

extension ConvolutionStack {
  /// The clips' lengths before each block and after the last.
  private func lengths(of batch: BatchShape) -> [[Int]] {
    precondition(
      batch.frames.allSatisfy { $0 <= maxFrames }, "\(batch.frames) frames, at most \(maxFrames)")
    var lengths = [batch.frames]
    for block in blocks {
      lengths.append(lengths[lengths.count - 1].map { $0 / block.window.frames })
    }
    return lengths
  }

  func clip(_ index: Int, of input: Floats) -> Floats {
    Rows(input, width: maxFrames * self.input.bins * self.input.channels).row(index)
  }

  /// The input of a block's convolution in training: the clip itself or the output of the block before.
  private func blockInput(_ index: Int, clip: Int, _ input: Floats) -> Floats {
    index == 0 ? self.clip(clip, of: input) : memories[index - 1].x(clip)
  }

  func withScratch<Value>(_ body: (Scratch) -> Value) -> Value {
    func largest(_ count: (ConvolutionBlock) -> Int) -> Int { blocks.map(count).max() ?? 0 }
    return scratches.with(
      convolution: largest(\.scratchCount),
      image: largest { $0.shape.isFirst ? 0 : max($0.maxImage.count, $0.maxInput.count) },
      pooled: largest(\.maxOutput.count), body)
  }

  private func train(_ input: Floats, lengths: [[Int]], into output: Rows, pass: Pass) {
    let clips = lengths[0].count
    makeMemories(clips: clips)
    trainingInput = input
    let packing = PackedRows(steps: lengths[blocks.count])
    // One phase holds the pooling of a block and the convolution of the next. The statistics are summed
    // between the phases, clip after clip, so that here each clip can be a part of its own.
    for index in 0...blocks.count {
      pass.workers.forEach(parts: clips) { clip in
        withScratch { scratch in
          if index > 0 {
            memories[index - 1].pool(
              blockInput(index - 1, clip: clip, input), frames: lengths[index - 1][clip],
              clip: clip, scratch: scratch)
          }
          if index < blocks.count {
            memories[index].convolve(
              blockInput(index, clip: clip, input), frames: lengths[index][clip], clip: clip,
              scratch: scratch)
          } else {
            last.pass(frames: lengths[index - 1][clip]).copyRows(
              from: memories[index - 1].x(clip), channels: last.shape.outputChannels,
              to: output[packing.rows(of: clip)])
          }
        }
      }
      if index < blocks.count { memories[index].finishForward(frames: lengths[index], pass: pass) }
    }
  }

  /// Makes what training needs beside inference, once.
  private func makeMemories(clips: Int) {
    precondition(clips <= maxClips, "\(clips) clips, at most \(maxClips)")
    if memories.isEmpty { memories = blocks.map { BlockMemory($0, clips: maxClips) } }
    let shards = BatchShape.shards(clips: clips).count
    if lastGradients.count < shards {
      lastGradients = (0..<shards).map { _ in Floats(zeros: last.maxOutput.count) }
    }
  }
}
