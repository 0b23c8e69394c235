import CKernels

/// Dropout (Srivastava et al., 2014) whose draws depend on seed, layer, clip and element alone.
package struct Dropout: Hashable, Sendable {
  /// The share of values that become 0.
  package let share: Double
  private let seed: UInt64
  private let layer: Int

  /// The draws of one layer in one step of training.
  package init(share: Double, seed: UInt64, layer: Int) {
    precondition(share >= 0 && share < 1, "dropout of \(share)")
    (self.share, self.seed, self.layer) = (share, seed, layer)
  }

  /// What the kept values are multiplied by: 1 / (1 − share).
  package var scale: Double { 1 / (1 - share) }

  /// Drops values of one clip in place; applied to a gradient, it is the backward pass.
  package func apply(to values: Floats, clip: Int) {
    if share == 0 { return }
    let key = valence_dropout_key_of(seed, UInt64(layer), UInt64(clip))
    unsafe valence_dropout(
      values.count, key, valence_dropout_threshold(share), Float(scale), values.pointer)
  }
}
