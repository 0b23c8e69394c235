/// The size of an image without the channels that kernels add.
package struct ImageSize: Hashable, Sendable {
  package var channels: Int
  package var frames: Int
  package var bins: Int

  /// The number of values.
  var count: Int { channels * frames * bins }
}
