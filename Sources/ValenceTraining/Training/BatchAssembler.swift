import ValenceCore
import ValenceData
import ValenceKernels
import ValenceNN

/// Puts clips into the inputs of a network: one set of buffers, filled anew for each batch.
struct BatchAssembler {
  let input: NetworkInput
  /// One buffer a branch: `[clips, frames, bins, channels]`, with the branch's own frames.
  let inputs: [Floats]
  /// Room for one clip of each branch.
  private let room: [Floats]
  private let workers: Workers

  /// Buffers for batches of up to `clips` clips.
  init(input: NetworkInput, clips: Int, workers: Workers) {
    (self.input, self.workers) = (input, workers)
    room = input.branches.map { Floats(zeros: $0.frames(of: input.frames) * $0.width) }
    inputs = room.map { Floats(zeros: $0.count * clips) }
  }

  /// Fills the buffers with the clips at `indices`, each as `views` says.
  ///
  /// - Parameters:
  ///   - mixup: how the clips are mixed, before masks are laid over them.
  ///   - masks: what is laid over each clip, with the stream that it is drawn from, for training alone;
  ///     empty for nothing.
  /// - Throws: why the features of a clip cannot be read, the first of the batch that is at fault.
  func fill(
    _ indices: [Int], as views: [ClipView], from source: ClipSource, mixup: Mixup? = nil,
    masks: [(SpecAugment, RandomStream)] = []
  ) throws -> BatchShape {
    let frames = zip(indices, views).map { source.frames(of: $0, as: $1) }
    _ = try workers.map(parts: indices.count) { slot in
      try source.write(
        indices[slot], as: views[slot], slot: slot, frames: input.frames, into: inputs)
    }
    if let mixup {
      for (branch, part) in input.branches.enumerated() {
        mixup.mix(
          inputs[branch], frames: frames.map(part.frames(of:)), row: part.width,
          room: room[branch])
      }
    }
    for (slot, mask) in masks.enumerated() {
      var random = mask.1
      for (branch, part) in input.branches.enumerated() {
        let start = slot * room[branch].count
        let clip = inputs[branch][start..<start + part.frames(of: frames[slot]) * part.width]
        mask.0.mask(clip, branch: part, random: &random)
      }
    }
    return BatchShape(frames: frames)
  }
}
