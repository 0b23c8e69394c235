import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValenceTraining

/// Runs a network on any number of clips, a batch at a time, in buffers of its own.
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
    inputs = fusion.branches.map {
      Floats(zeros: $0.frames(of: network.input.frames) * $0.width * Self.size)
    }
  }

  /// The logits of each clip, in order: `[clips][K]`.
  func logits(_ clips: [ClipFeatures]) -> [[Float]] {
    network.logits(of: clips, batch: Self.size, inputs: inputs) { part in
      for (branch, plane) in fusion.branches.enumerated() {
        let size = plane.frames(of: network.input.frames) * plane.width
        inputs[branch].fill(0)
        for (slot, clip) in part.enumerated() {
          fusion.write(clip, branch: branch, into: inputs[branch][slot * size..<(slot + 1) * size])
        }
      }
      return BatchShape(frames: part.map(\.frames))
    }
  }
}
