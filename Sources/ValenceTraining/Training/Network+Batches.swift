package import ValenceKernels
package import ValenceNN

extension Network {
  /// The logits of any number of clips, in their order: `[clips][K]`.
  ///
  /// - Parameters:
  ///   - size: clips a batch.
  ///   - inputs: the buffers that `fill` writes to.
  ///   - fill: writes a batch of clips into `inputs` and returns its shape.
  package func logits<Clip>(
    of clips: [Clip], batch size: Int, inputs: [Floats],
    fill: (ArraySlice<Clip>) throws -> BatchShape
  ) rethrows -> [[Float]] {
    try stride(from: 0, to: clips.count, by: size).flatMap { start in
      let shape = try fill(clips[start..<min(start + size, clips.count)])
      let logits = logits(inputs: inputs, batch: shape)
      let classes = logits.count / shape.clips
      return (0..<shape.clips).map { Array(logits[$0 * classes..<($0 + 1) * classes]) }
    }
  }
}
