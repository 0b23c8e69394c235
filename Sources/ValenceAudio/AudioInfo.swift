/// What an audio file says about itself.
public struct AudioInfo: Hashable, Sendable {
  /// The container and, where it says more, the coding: `WAV`, `FLAC`, `Ogg Opus`, `MP3`, `AIFF`, ….
  public let format: String
  /// Samples a second and channel.
  public let rateHz: Int
  /// The number of channels.
  public let channels: Int
  /// The number of samples of each channel.
  public let frames: Int

  /// Describes a file.
  public init(format: String, rateHz: Int, channels: Int, frames: Int) {
    self.format = format
    self.rateHz = rateHz
    self.channels = channels
    self.frames = frames
  }

  /// The length in seconds.
  public var durationS: Double { Double(frames) / Double(rateHz) }
}
