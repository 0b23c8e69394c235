import ValenceFeatures
import ValenceKernels
import ValenceNN

/// Asks a network about any number of clips, a batch at a time, in buffers of its own.
struct WindowBatch {
  /// Clips a batch.
  static let size = 16

  private let network: Network
  private let fusion: FeatureFusion
  private let inputs: [Floats]

  /// Buffers for a network's inputs.
  init(_ network: Network, features: FeatureOptions) {
    self.network = network
    fusion = FeatureFusion(features)
    inputs = fusion.branches.map { Floats(zeros: network.input.frames * $0.width * Self.size) }
  }

  /// The logits of each clip, in order: `[clips][K]`.
  func logits(_ clips: [ClipFeatures]) -> [[Float]] {
    stride(from: 0, to: clips.count, by: Self.size).flatMap { first in
      let part = clips[first..<min(first + Self.size, clips.count)]
      for (branch, plane) in fusion.branches.enumerated() {
        let size = network.input.frames * plane.width
        inputs[branch].fill(0)
        for (slot, clip) in part.enumerated() {
          fusion.write(clip, branch: branch, into: inputs[branch][slot * size..<(slot + 1) * size])
        }
      }
      let logits = network.logits(inputs: inputs, batch: BatchShape(frames: part.map(\.frames)))
      let classes = logits.count / part.count
      return part.indices.map { clip in
        Array(logits[(clip - first) * classes..<(clip - first + 1) * classes])
      }
    }
  }
}
