package import ValenceCore

/// How a clip is presented to a network: speed, added noise and window.
package struct ClipView: Sendable {
  /// Noise over the waveform.
  package struct Noise: Sendable {
    var snrDb: Double
    /// The stream that the noise is drawn from.
    var random: RandomStream

    package init(snrDb: Double, random: RandomStream) {
      self.snrDb = snrDb
      self.random = random
    }
  }

  /// How much faster than it was recorded.
  package var speed: Double
  /// Noise, if there is any.
  package var noise: Noise?
  /// The part used of a clip that is longer than the network's windows.
  package var window: Window

  /// The clip as it is, at one of its windows if it is longer than those of the network.
  package init(speed: Double = 1, noise: Noise? = nil, window: Window = .place(0.5)) {
    (self.speed, self.noise, self.window) = (speed, noise, window)
  }

  /// One window of a long clip.
  package enum Window: Hashable, Sendable {
    /// At a place from 0, the beginning, to 1, the end.
    case place(Double)
    case frames(Range<Int>)
  }
}
