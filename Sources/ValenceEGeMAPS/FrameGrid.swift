/// Frames of one length, every 10 ms from the first sample on.
///
/// Frame `t` begins at sample `t · hop` and must lie within the signal: unlike the frames of the other
/// features, none reaches beyond its ends. So has openSMILE it, with which the parameters are compared.
struct FrameGrid: Hashable, Sendable {
  /// Seconds from frame to frame.
  static let hopS = 0.01

  /// Samples a second.
  let rateHz: Int
  /// The number of samples of a frame.
  let length: Int
  /// The number of samples from frame to frame.
  let hop: Int
  /// The length of the FFT: the frame's, raised to a power of two.
  let fftSize: Int

  /// Frames of `seconds`.
  init(seconds: Double, rateHz: Int) {
    self.rateHz = rateHz
    length = max(2, Int((seconds * Double(rateHz)).rounded()))
    hop = max(1, Int((Self.hopS * Double(rateHz)).rounded()))
    var size = 2
    while size < length { size *= 2 }
    fftSize = size
  }

  /// The number of frequencies of a spectrum.
  var bins: Int { fftSize / 2 + 1 }

  /// The distance between two frequencies of a spectrum.
  var binHz: Double { Double(rateHz) / Double(fftSize) }

  /// The number of frames of a signal.
  func frames(samples: Int) -> Int { samples < length ? 0 : (samples - length) / hop + 1 }

  /// The first frequency of a spectrum at or above `hz`, within the spectrum.
  func bin(from hz: Double) -> Int { min(bins - 1, Int((hz / binHz).rounded(.up))) }

  /// The last frequency of a spectrum at or below `hz`, within the spectrum.
  func bin(upTo hz: Double) -> Int { min(bins - 1, Int(hz / binHz)) }
}
