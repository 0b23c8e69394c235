import CKernels

/// The sizes of an image `[T, F, C]` and its layout in memory.
///
/// Channels last, or blocked as `[C/16, T, F, 16]`. All images but a network's input have a multiple
/// of `lanes` channels, so that kernels need no remainders; the added channels stay zero.
package struct ImageShape: Hashable, Sendable {
  /// The number of channels that kernels handle at a time.
  package static let lanes = Int(valence_lanes)

  /// The number of frames, T.
  package let frames: Int
  /// The number of bins, F.
  package let bins: Int
  /// The number of channels, C.
  package let channels: Int
  /// Whether the layout is `[C/16, T, F, 16]`.
  package let isBlocked: Bool

  /// Describes an image; a blocked one has a multiple of 16 channels.
  package init(frames: Int, bins: Int, channels: Int, isBlocked: Bool) {
    precondition(
      frames > 0 && bins > 0 && channels > 0 && (!isBlocked || channels % Self.lanes == 0),
      "an image of \(frames) × \(bins) × \(channels)")
    self.frames = frames
    self.bins = bins
    self.channels = channels
    self.isBlocked = isBlocked
  }

  /// `channels` raised to a multiple of `lanes`.
  package static func padded(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }

  /// The number of floats.
  package var count: Int { frames * bins * channels }

  var cImage: valence_image {
    valence_image(frames: frames, bins: bins, channels: channels, blocked: isBlocked)
  }
}
