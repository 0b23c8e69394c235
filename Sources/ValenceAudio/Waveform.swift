/// Mono audio in memory.
public struct Waveform: Sendable, Equatable {
  /// The samples; full scale is ±1.
  public var samples: [Float]
  /// Samples a second.
  public var rateHz: Int

  /// Wraps samples.
  public init(samples: [Float], rateHz: Int) {
    self.samples = samples
    self.rateHz = rateHz
  }

  /// The length in seconds.
  public var durationS: Double { Double(samples.count) / Double(rateHz) }

  /// At most `lengthS` seconds of the waveform, from its beginning, middle or end.
  ///
  /// A shorter waveform is returned as it is; of an odd surplus the middle drops one sample more at
  /// the end.
  public func cropped(toS lengthS: Double, at crop: AudioOptions.Crop) -> Waveform {
    let kept = Int((lengthS * Double(rateHz)).rounded())
    let surplus = samples.count - kept
    if surplus <= 0 { return self }
    let start =
      switch crop {
      case .start: 0
      case .center: surplus / 2
      case .end: surplus
      }
    return Waveform(samples: Array(samples[start..<start + kept]), rateHz: rateHz)
  }
}
