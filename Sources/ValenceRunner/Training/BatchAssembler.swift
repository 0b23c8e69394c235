import ValenceCore
import ValenceKernels
import ValenceNN

/// Puts clips into the inputs of a network: one set of buffers, filled anew for each batch.
struct BatchAssembler {
  let input: NetworkInput
  /// One buffer a branch: `[clips, frames, bins, channels]`.
  let inputs: [Floats]
  private let clipSizes: [Int]

  /// Buffers for batches of up to `clips` clips.
  init(input: NetworkInput, clips: Int) {
    self.input = input
    clipSizes = input.branches.map { input.frames * $0.bins * $0.channels }
    inputs = clipSizes.map { Floats(zeros: $0 * clips) }
  }

  /// Fills the buffers with the clips at `indices`.
  ///
  /// - Parameter masks: SpecAugment and the stream of each clip, for training clips only.
  func fill(
    _ indices: [Int], from source: ClipSource,
    masks: (options: SpecAugmentOptions, stream: (Int) -> RandomStream)? = nil
  ) -> BatchShape {
    for (slot, index) in indices.enumerated() {
      source.write(index, slot: slot, frames: input.frames, into: inputs)
      guard let masks else { continue }
      var stream = masks.stream(index)
      let frames = source.frames(of: index)
      for (branch, size) in zip(input.branches, clipSizes).enumerated() {
        let view = inputs[branch][slot * size.1..<(slot + 1) * size.1]
        let clip = view[0..<frames * size.0.bins * size.0.channels]
        SpecAugment(masks.options).mask(clip, branch: size.0, random: &stream)
      }
    }
    return BatchShape(frames: indices.map(source.frames))
  }
}
