import CKernels

/// Dropout (Srivastava et al., 2014) of one layer in one step of training.
///
/// Which values are dropped depends on seed, layer, clip and element alone, so neither the number of
/// threads nor the order of the work changes a draw, and `backward` can draw again instead of storing masks.
package struct Dropout: Hashable, Sendable {
  /// The share of values that become 0.
  package let share: Double
  private let seed: UInt64
  private let layer: UInt64

  /// The draws of one layer in one step of training.
  package init(share: Double, seed: UInt64, layer: UInt64) {
    precondition(share >= 0 && share < 1, "dropout of \(share)")
    (self.share, self.seed, self.layer) = (share, seed, layer)
  }

  /// The factor of the values that are kept: 1 / (1 − share).
  package var scale: Double { 1 / (1 - share) }

  /// Which values of a clip are dropped.
  package func mask(clip: Int) -> DropoutMask {
    DropoutMask(
      key: valence_dropout_key_of(seed, layer, UInt64(clip)),
      threshold: valence_dropout_threshold(share), scale: Float(scale))
  }

  /// Drops values of one clip in place; applied to a gradient, it is the backward pass.
  package func apply(to values: Floats, clip: Int) {
    if share == 0 { return }
    let mask = mask(clip: clip)
    unsafe valence_dropout(values.count, mask.key, mask.threshold, mask.scale, values.pointer)
  }
}

/// The draws of a layer's dropout over one clip, as kernels compute them element by element.
package struct DropoutMask: Sendable {
  let key: valence_dropout_key
  /// An element is kept if its random bits reach this number; 0 keeps all.
  let threshold: UInt32
  let scale: Float
}
