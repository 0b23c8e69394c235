import ValenceKernels

extension ConvolutionStack {
  /// Runs the blocks over a batch; each clip is a part of the work.
  func infer(_ input: Floats, lengths: [[Int]], into output: Rows, pass: Pass) {
    let packing = PackedRows(steps: lengths[blocks.count])
    let fixed = blocks.map { $0.fixedNormalization(pass) }
    pass.workers.forEach(parts: packing.clips) { clip in
      withScratch { scratch in
        var from = self.clip(clip, of: input)
        for (index, block) in blocks.enumerated() {
          let frames = lengths[index][clip]
          block.convolve(from, frames: frames, part: .whole, into: scratch.image, scratch: scratch)
          let normalization =
            fixed[index]
            ?? block.ownNormalization(
              from, convolved: scratch.image, frames: frames, parameters: pass.parameters,
              scratch: scratch)
          block.pool(
            from, convolved: scratch.image,
            pass: block.pass(frames: frames).normalizing(by: normalization), into: scratch.pooled,
            scratch: scratch)
          from = scratch.pooled
        }
        last.pass(frames: lengths[blocks.count - 1][clip]).copyRows(
          from: from, channels: last.shape.outputChannels, to: output[packing.rows(of: clip)])
      }
    }
  }

  /// Runs the blocks over a single clip, each block in a fixed number of parts.
  ///
  /// All bits are those of `infer`.
  func inferSingle(_ input: Floats, lengths: [Int], into output: Rows, pass: Pass) {
    // Each part reads all packed weights, so that more of them would cost more than they spread.
    let parts = 4
    func forEachPart(_ body: (Part, Scratch) -> Void) {
      pass.workers.forEach(parts: parts) { index in
        withScratch { body(Part(index, of: parts), $0) }
      }
    }
    var from = clip(0, of: input)
    for (index, block) in blocks.enumerated() {
      let (frames, image, pooled) = (lengths[index], single.image, single.pooled[index % 2])
      if !block.shape.isFirst {
        forEachPart { part, scratch in
          block.convolve(from, frames: frames, part: part, into: image, scratch: scratch)
        }
      }
      let normalization =
        block.fixedNormalization(pass)
        ?? withScratch { scratch in
          block.ownNormalization(
            from, convolved: image, frames: frames, parameters: pass.parameters, scratch: scratch)
        }
      let poolPass = block.pass(frames: frames).normalizing(by: normalization)
      forEachPart { part, scratch in
        block.pool(
          from, convolved: image, pass: poolPass.filling(part), into: pooled, scratch: scratch)
      }
      from = pooled
    }
    last.pass(frames: lengths[blocks.count - 1]).copyRows(
      from: from, channels: last.shape.outputChannels, to: output)
  }
}

/// Working memory of a single clip, which all threads share.
struct SingleClipScratch {
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
  /// Convolves a part of a clip; the first convolution's output is not kept, so `pool` makes it.
  fileprivate func convolve(
    _ input: Floats, frames: Int, part: Part, into image: Floats, scratch: Scratch
  ) {
    guard case .inner(let convolution) = convolution else { return }
    convolution.forward(
      input, into: image, frames: rounded(frames: frames), scratch: scratch.convolution,
      part: part)
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

  /// Normalizes and pools the part of a clip that the pass fills.
  fileprivate func pool(
    _ input: Floats, convolved image: Floats, pass: PoolPass, into pooled: Floats, scratch: Scratch
  ) {
    let pooled = PoolPass.Pooled(values: pooled, extremes: nil)
    switch convolution {
    case .first(let convolution):
      convolution.pool(input, pass: pass, into: pooled, scratch: scratch.convolution)
    case .inner: pass.forward(image, into: pooled)
    }
  }
}
