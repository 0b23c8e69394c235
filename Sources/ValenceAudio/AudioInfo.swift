/// The form and length of an audio file.
package struct AudioInfo: Hashable, Sendable {
  /// The container and, where it says more, the coding: `WAV`, `FLAC`, `Ogg Opus`, `MP3`, `AIFF`, ….
  package let format: String
  /// Samples a second and channel.
  package let rateHz: Int
  package let channels: Int
  /// The number of samples of each channel.
  package let frames: Int

  package init(format: String, rateHz: Int, channels: Int, frames: Int) {
    self.format = format
    self.rateHz = rateHz
    self.channels = channels
    self.frames = frames
  }

  package var durationS: Double { Double(frames) / Double(rateHz) }
}
