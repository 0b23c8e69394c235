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
}
