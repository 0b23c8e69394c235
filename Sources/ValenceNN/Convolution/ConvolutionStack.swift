package import ValenceKernels

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
package final class ConvolutionStack {
  let blocks: [ConvolutionBlock]
  private let input: NetworkInput.Branch
  private let maxFrames: Int
  private let maxClips: Int
  private var trained: [BlockMemory] = []
  private var rowGradients: [Floats] = []
  private var inputOfBackward: Floats?
  private let scratches = ScratchPool()
  let alone: AloneMemory

  /// Adds the branch's parameters and running statistics to the network's.
  ///
  /// - Parameters:
  ///   - frames: the greatest number of frames of a clip.
  ///   - clips: the greatest number of clips in a training batch.
  ///   - prefix: what the names of parameters begin with; empty or for example `mel.`.
  package init(
    _ options: CNNOptions, input: NetworkInput.Branch, frames maxFrames: Int, clips maxClips: Int,
    prefix: String, parameters: inout ParameterLayout, statistics: inout ParameterLayout
  ) {
    precondition(
      !options.channels.isEmpty && options.channels.count == options.pool.time.count
        && options.channels.count == options.pool.frequency.count,
      "\(options.channels.count) blocks with pooling windows of \(options.pool)")
    self.input = input
    self.maxFrames = maxFrames
    self.maxClips = maxClips
    var blocks: [ConvolutionBlock] = []
    var (frames, bins, channels) = (maxFrames, input.bins, input.channels)
    for index in options.channels.indices {
      let block = ConvolutionBlock(
        options, index: index, frames: frames, bins: bins, inputChannels: channels, prefix: prefix,
        parameters: &parameters, statistics: &statistics)
      blocks.append(block)
      (frames, bins, channels) = (block.maxSteps, block.outputBins, options.channels[index])
    }
    precondition(frames > 0 && bins > 0, "pooling \(options.pool) leaves nothing of the input")
    for index in blocks.indices.dropLast() { blocks[index].linkOutput(to: blocks[index + 1]) }
    self.blocks = blocks
    alone = AloneMemory(blocks)
  }

  /// The width of the output: channels × bins; channel c's bin f at c·F + f.
  package var outputWidth: Int { last.shape.outputChannels * last.outputBins }

  /// The number of rows that a clip of so many frames gives.
  package func steps(frames: Int) -> Int { blocks.reduce(frames) { $0 / $1.window.frames } }

  var last: ConvolutionBlock { blocks[blocks.count - 1] }

  /// Runs the blocks over a batch.
  ///
  /// - Parameters:
  ///   - input: `[clips, frames, bins, channels]` with the greatest number of frames, zero beyond a
  ///     clip's length. For `backward` it must stay as it is.
  ///   - statistics: the running statistics; updated in training.
  ///   - dropoutSeed: what tells the step's dropout from that of other steps.
  ///   - output: `[rows, outputWidth]`, packed as `PackedRows(steps:)`.
  package func forward(
    _ input: Floats, batch: BatchShape, parameters: Floats, statistics: Floats, mode: Mode,
    dropoutSeed: UInt64, output: Rows, workers: Workers
  ) {
    let lengths = lengths(of: batch)
    precondition(
      lengths[blocks.count].allSatisfy { $0 > 0 },
      "clips of \(batch.frames) frames are too short for the pooling")
    switch mode {
    case .training:
      prepare(lengths: lengths, parameters: parameters, gradients: true, workers: workers)
      train(
        input, batch: batch, lengths: lengths, parameters: parameters, statistics: statistics,
        seed: dropoutSeed, output: output, workers: workers)
    case .inference where batch.clips == 1:
      prepare(lengths: lengths, parameters: parameters, gradients: false, workers: workers)
      inferAlone(
        input, lengths: lengths.map { $0[0] }, parameters: parameters, statistics: statistics,
        output: output, workers: workers)
    case .inference:
      prepare(lengths: lengths, parameters: parameters, gradients: false, workers: workers)
      infer(
        input, batch: batch, lengths: lengths, parameters: parameters, statistics: statistics,
        output: output, workers: workers)
    }
  }

  /// Writes the gradients of the blocks' parameters, given that of the last training output.
  package func backward(
    outputGradient: Rows, batch: BatchShape, parameters: Floats, gradients: Floats,
    workers: Workers
  ) {
    guard let input = inputOfBackward, batch.clips <= maxClips else {
      preconditionFailure("backward without a training forward of this batch")
    }
    let lengths = lengths(of: batch)
    let shards = batch.shards
    let packing = PackedRows(steps: lengths[blocks.count])
    for block in blocks { block.beginGradients(shards: shards.count) }

    workers.forEach(parts: shards.count) { shard in
      for clip in shards[shard] {
        let pass = last.pass(frames: lengths[blocks.count - 1][clip])
        let gradient = rowGradients[shard][0..<pass.output.count]
        pass.copyImage(
          from: outputGradient[packing.rows(of: clip)], channels: last.shape.outputChannels,
          to: gradient)
        trained[blocks.count - 1].backwardSums(gradient, pass: pass, clip: clip)
      }
    }
    // The convolution of one block and the pooling of the one before make one phase.
    for index in blocks.indices.reversed() {
      trained[index].finishBackward(
        frames: lengths[index], parameters: parameters, gradients: gradients)
      workers.forEach(parts: shards.count) { shard in
        withScratch { scratch in
          for clip in shards[shard] {
            let dx = trained[index].backward(
              from(block: index, clip: clip, input), frames: lengths[index][clip], clip: clip,
              shard: shard, scratch: scratch)
            guard let dx else { continue }
            trained[index - 1].backwardSums(
              dx, pass: blocks[index - 1].pass(frames: lengths[index - 1][clip]), clip: clip)
          }
        }
      }
      blocks[index].finishGradients(into: gradients, workers: workers)
    }
    inputOfBackward = nil
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

  private func prepare(
    lengths: [[Int]], parameters: Floats, gradients: Bool, workers: Workers
  ) {
    for (block, frames) in zip(blocks, lengths) {
      block.prepare(
        frames: frames, parameters: parameters, gradients: gradients, workers: workers)
    }
  }

  func clip(_ index: Int, of input: Floats) -> Floats {
    Rows(input, width: maxFrames * self.input.bins * self.input.channels).row(index)
  }

  /// What a block's convolution reads in training: the clip itself or the block before.
  private func from(block index: Int, clip: Int, _ input: Floats) -> Floats {
    index == 0 ? self.clip(clip, of: input) : trained[index - 1].x(clip)
  }

  func withScratch<Value>(_ body: (Scratch) -> Value) -> Value {
    func largest(_ count: (ConvolutionBlock) -> Int) -> Int { blocks.map(count).max() ?? 0 }
    return scratches.with(
      convolution: largest(\.scratchCount),
      image: largest { $0.shape.isFirst ? 0 : max($0.maxImage.count, $0.maxInput.count) },
      pooled: largest(\.maxOutput.count), body)
  }

  private func train(
    _ input: Floats, batch: BatchShape, lengths: [[Int]], parameters: Floats, statistics: Floats,
    seed: UInt64, output: Rows, workers: Workers
  ) {
    precondition(batch.clips <= maxClips, "\(batch.clips) clips, at most \(maxClips)")
    if trained.isEmpty { trained = blocks.map { BlockMemory($0, clips: maxClips) } }
    if rowGradients.count < batch.shards.count {
      rowGradients = batch.shards.map { _ in Floats(zeros: last.maxOutput.count) }
    }
    inputOfBackward = input
    let packing = PackedRows(steps: lengths[blocks.count])
    // Pooling of one block and the convolution of the next make one phase. What is summed over clips
    // is summed later and in their order, so that clips can be handed out singly.
    for index in 0...blocks.count {
      workers.forEach(parts: batch.clips) { clip in
        withScratch { scratch in
          if index > 0 {
            trained[index - 1].pool(
              from(block: index - 1, clip: clip, input), frames: lengths[index - 1][clip],
              clip: clip, scratch: scratch)
          }
          if index < blocks.count {
            trained[index].convolve(
              from(block: index, clip: clip, input), frames: lengths[index][clip], clip: clip,
              scratch: scratch)
          } else {
            last.pass(frames: lengths[index - 1][clip]).copyRows(
              from: trained[index - 1].x(clip), channels: last.shape.outputChannels,
              to: output[packing.rows(of: clip)])
          }
        }
      }
      if index < blocks.count {
        trained[index].finishForward(
          frames: lengths[index], parameters: parameters, statistics: statistics, seed: seed)
      }
    }
  }
}
