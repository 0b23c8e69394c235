import ValenceKernels

extension ConvolutionStack {
  /// Runs the blocks over a batch, a clip on each thread.
  func infer(
    _ input: Floats, batch: BatchShape, lengths: [[Int]], parameters: Floats, statistics: Floats,
    rows: RowBlock, workers: Workers
  ) {
    let fixed = blocks.map {
      $0.fixedNormalization(parameters: parameters, statistics: statistics)
    }
    workers.forEach(parts: batch.clips) { clip in
      withScratch { scratch in
        var from = self.clip(clip, of: input)
        for (index, block) in blocks.enumerated() {
          block.infer(
            from, part: block.whole, frames: lengths[index][clip], fixed: fixed[index],
            parameters: parameters, into: scratch.pooled, scratch: scratch)
          from = scratch.pooled
        }
        last.pass(frames: lengths[blocks.count - 1][clip]).copyRows(
          from: from, channels: last.shape.outputChannels, to: rows[clip], stride: rows.stride)
      }
    }
  }

  /// Runs the blocks over a single clip, each block's parts on a thread each.
  ///
  /// Halves of the channels read the same input and share nothing else. Halves of the frames would
  /// need their neighbors', and Winograd's algorithm rounds a piece otherwise than the whole.
  func inferAlone(
    _ input: Floats, lengths: [Int], parameters: Floats, statistics: Floats, rows: RowBlock,
    workers: Workers
  ) {
    let parts = zip(blocks, lengths).flatMap { block, frames in
      block.parts.map { (block, frames, $0) }
    }
    workers.forEach(parts: parts.count) { index in
      let (block, frames, part) = parts[index]
      part.prepare(
        frames: [block.rounded(frames: frames)], weights: parameters[block.weight],
        gradients: false)
    }
    var from = clip(0, of: input)
    for (index, block) in blocks.enumerated() {
      let frames = lengths[index]
      let fixed = block.fixedNormalization(parameters: parameters, statistics: statistics)
      let to = images[index % 2]
      workers.forEach(parts: block.parts.count) { number in
        let part = block.parts[number]
        let pass = block.pass(frames: frames, part: part)
        let start = part.channels.lowerBound * pass.output.frames * pass.output.bins
        let pooled = to[start..<start + pass.output.count]
        withScratch { scratch in
          block.infer(
            from, part: part, frames: frames, fixed: fixed, parameters: parameters, into: pooled,
            scratch: scratch)
        }
        guard index == blocks.count - 1 else { return }
        let column = part.channels.lowerBound * pass.output.bins
        pass.copyRows(
          from: pooled, channels: part.channels.count,
          to: rows[0][column..<rows[0].count], stride: rows.stride)
      }
      from = to
    }
  }
}

extension ConvolutionBlock {
  /// Takes a clip through a part of the block.
  ///
  /// - Parameter fixed: what the normalization is for all clips, if it is the same.
  fileprivate func infer(
    _ input: Floats, part: BlockPart, frames: Int, fixed: PoolPass.Normalization?,
    parameters: Floats, into pooled: Floats, scratch: Scratch
  ) {
    let pass = pass(frames: frames, part: part)
    /// The numbers of a clip whose moments `take` takes.
    func normalization(_ take: (ChannelSums) -> Void) -> PoolPass.Normalization {
      if let fixed {
        let lower = part.channels.lowerBound
        return fixed[lower..<lower + pass.output.channels]
      }
      let sums = ChannelSums(clips: 1, channels: channels)
      take(sums)
      return self.normalization(of: sums, frames: frames, parameters: parameters)
    }
    switch part.convolution {
    case .first(let convolution):
      let normalization = normalization {
        convolution.moments(input, pass: pass, clip: 0, sums: $0, scratch: scratch.convolution)
      }
      convolution.pool(
        input, pass: pass, normalization: normalization, dropout: nil, into: pooled, extreme: nil,
        scratch: scratch.convolution)
    case .inner(let convolution):
      convolution.forward(
        input, into: scratch.image, frames: pass.input.frames, scratch: scratch.convolution)
      pass.forward(
        scratch.image,
        normalization: normalization { pass.moments(scratch.image, clip: 0, sums: $0) },
        dropout: nil, into: pooled, extreme: nil)
    }
  }
}
