import ValenceKernels

extension ConvolutionStack {
  /// Runs the blocks over a batch, a clip on each thread.
  func infer(
    _ input: Floats, batch: BatchShape, lengths: [[Int]], parameters: Floats, statistics: Floats,
    output: Rows, workers: Workers
  ) {
    let packing = PackedRows(steps: lengths[blocks.count])
    let fixed = blocks.map {
      $0.fixedNormalization(parameters: parameters, statistics: statistics)
    }
    workers.forEach(parts: batch.clips) { clip in
      withScratch { scratch in
        var from = self.clip(clip, of: input)
        for (index, block) in blocks.enumerated() {
          let frames = lengths[index][clip]
          block.convolve(from, frames: frames, share: .whole, into: scratch.image, scratch: scratch)
          let normalization =
            fixed[index]
            ?? block.ownNormalization(
              from, convolved: scratch.image, frames: frames, parameters: parameters,
              scratch: scratch)
          block.pool(
            from, convolved: scratch.image, frames: frames, normalization: normalization,
            share: .whole, into: scratch.pooled, scratch: scratch)
          from = scratch.pooled
        }
        last.pass(frames: lengths[blocks.count - 1][clip]).copyRows(
          from: from, channels: last.shape.outputChannels, to: output[packing.rows(of: clip)])
      }
    }
  }

  /// Runs the blocks over a single clip, each in shares that are the same for any number of threads.
  ///
  /// All bits are those of `infer`.
  func inferAlone(
    _ input: Floats, lengths: [Int], parameters: Floats, statistics: Floats, output: Rows,
    workers: Workers
  ) {
    // Each share reads all packed weights, so that more of them would cost more than they spread.
    let shares = 4
    func forEachShare(_ body: (Share, Scratch) -> Void) {
      workers.forEach(parts: shares) { index in
        withScratch { body(Share(index, of: shares), $0) }
      }
    }
    var from = clip(0, of: input)
    for (index, block) in blocks.enumerated() {
      let (frames, image, pooled) = (lengths[index], alone.image, alone.pooled[index % 2])
      if !block.shape.isFirst {
        forEachShare { share, scratch in
          block.convolve(from, frames: frames, share: share, into: image, scratch: scratch)
        }
      }
      let normalization =
        block.fixedNormalization(parameters: parameters, statistics: statistics)
        ?? withScratch { scratch in
          block.ownNormalization(
            from, convolved: image, frames: frames, parameters: parameters, scratch: scratch)
        }
      forEachShare { share, scratch in
        block.pool(
          from, convolved: image, frames: frames, normalization: normalization, share: share,
          into: pooled, scratch: scratch)
      }
      from = pooled
    }
    last.pass(frames: lengths[blocks.count - 1]).copyRows(
      from: from, channels: last.shape.outputChannels, to: output)
  }
}

/// What the threads share that work on a single clip.
struct AloneMemory {
  /// The output of any convolution but the first.
  let image: Floats
  /// Pooled images, of which each block reads one and writes the other.
  let pooled: [Floats]

  init(_ blocks: [ConvolutionBlock]) {
    image = Floats(zeros: blocks.map { $0.shape.isFirst ? 0 : $0.maxImage.count }.max() ?? 0)
    let largest = blocks.map(\.maxOutput.count).max() ?? 0
    pooled = (0..<2).map { _ in Floats(zeros: largest) }
  }
}

extension ConvolutionBlock {
  /// Convolves a share of a clip; the first convolution's output is not kept, so `pool` makes it.
  fileprivate func convolve(
    _ input: Floats, frames: Int, share: Share, into image: Floats, scratch: Scratch
  ) {
    guard case .inner(let convolution) = convolution else { return }
    convolution.forward(
      input, into: image, frames: rounded(frames: frames), scratch: scratch.convolution,
      share: share)
  }

  /// The normalization by the clip's own moments.
  fileprivate func ownNormalization(
    _ input: Floats, convolved image: Floats, frames: Int, parameters: Floats, scratch: Scratch
  ) -> PoolPass.Normalization {
    let (pass, sums) = (pass(frames: frames), ChannelSums(clips: 1, channels: channels))
    switch convolution {
    case .first(let convolution):
      convolution.moments(input, pass: pass, clip: 0, sums: sums, scratch: scratch.convolution)
    case .inner: pass.moments(image, clip: 0, sums: sums)
    }
    return normalization(of: sums, frames: frames, parameters: parameters)
  }

  /// Normalizes and pools a share of a clip.
  fileprivate func pool(
    _ input: Floats, convolved image: Floats, frames: Int, normalization: PoolPass.Normalization,
    share: Share, into pooled: Floats, scratch: Scratch
  ) {
    let pass = pass(frames: frames).filling(share)
    switch convolution {
    case .first(let convolution):
      convolution.pool(
        input, pass: pass, normalization: normalization, dropout: nil, into: pooled, extreme: nil,
        scratch: scratch.convolution)
    case .inner:
      pass.forward(image, normalization: normalization, dropout: nil, into: pooled, extreme: nil)
    }
  }
}
