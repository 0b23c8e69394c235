import ValenceAudio
package import ValencePredict

/// How a stream is heard.
package struct LiveOptions: Hashable, Sendable {
  /// The windows that get an answer each.
  package var windows = WindowOptions()
  /// What tells voice from pauses; nil scores every window, and takes all of the stream for one utterance.
  package var gate: VoiceGate.Options? = .init()
  /// In this time, in seconds, a window's weight in the smoothed probabilities falls to a half.
  package var halfLifeS = 2.0
  /// How many seconds of speech running statistics need until they count as warm.
  package var warmUpS = 10.0

  /// The defaults: windows of the model's clips that overlap by half, the gate, two seconds, ten seconds.
  package init() {}

  /// The legal half-lives, in seconds.
  package static let halfLifeRange = 0.01...3600.0

  /// The legal times of warming up, in seconds.
  package static let warmUpRange = 0.0...3600.0
}

/// Why a stream cannot be heard as it is asked for.
package enum LiveFault: Error, Hashable, CustomStringConvertible {
  /// No rate of sound.
  case rate(Int)
  case halfLife(Double)
  case warmUp(Double)

  package var description: String {
    switch self {
    case .rate(let rateHz):
      "rate: \(rateHz) Hz is no rate of sound; give \(AudioOptions.rateHzRange.lowerBound) to "
        + "\(AudioOptions.rateHzRange.upperBound)."
    case .halfLife(let seconds):
      "half-life: \(seconds) s is out of range; give \(LiveOptions.halfLifeRange.lowerBound) to "
        + "\(LiveOptions.halfLifeRange.upperBound)."
    case .warmUp(let seconds):
      "warm-up: \(seconds) s is out of range; give \(LiveOptions.warmUpRange.lowerBound) to "
        + "\(LiveOptions.warmUpRange.upperBound)."
    }
  }
}
