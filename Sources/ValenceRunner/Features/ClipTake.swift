import ValenceCore

/// How a clip is played to a network: as it is, unless augmentation says otherwise.
struct ClipTake: Sendable {
  /// Noise over the waveform.
  struct Noise: Sendable {
    var snrDb: Double
    /// What the noise is drawn from.
    var random: RandomStream
  }

  /// How much faster than it was recorded.
  var speed = 1.0
  /// Noise, if there is any.
  var noise: Noise?
  /// What is heard of a clip that is longer than the network's windows.
  var window = Window.place(0.5)

  /// One window of a long clip.
  enum Window: Hashable, Sendable {
    /// At a place from 0, the beginning, to 1, the end.
    case place(Double)
    case frames(Range<Int>)
  }
}
