import Foundation

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

  /// Whether no sample at these positions reaches `AudioReader.silenceDb`; those beyond the end do not.
  public func isSilent(_ positions: Range<Int>) -> Bool {
    let silence = Float(pow(10, AudioReader.silenceDb / 20))
    return !samples[positions.clamped(to: samples.indices)].contains { abs($0) >= silence }
  }

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

  /// The waveform without the quiet stretches before its first and after its last loud frame.
  ///
  /// Loud is a frame of 32 ms, one every 8 ms and centered on its time, whose mean power lies at most
  /// `belowPeakDb` decibels below the loudest frame's, as in librosa 0.11's `effects.trim`. `marginS`
  /// more seconds are kept on both sides, so that soft onsets and endings stay.
  public func trimmed(belowPeakDb: Double, marginS: Double = 0.05) -> Waveform {
    let hop = max(1, rateHz * 8 / 1000)
    let half = hop * 2
    // energy[i] is the energy before sample i, so a frame's is one difference.
    var energy = [0.0]
    energy.reserveCapacity(samples.count + 1)
    for sample in samples {
      energy.append(energy[energy.count - 1] + Double(sample) * Double(sample))
    }
    let frames = stride(from: 0, through: samples.count, by: hop).map { center in
      energy[min(samples.count, center + half)] - energy[max(0, center - half)]
    }
    let threshold = (frames.max() ?? 0) * pow(10, -belowPeakDb / 10)
    guard threshold > 0, let first = frames.firstIndex(where: { $0 > threshold }),
      let last = frames.lastIndex(where: { $0 > threshold })
    else { return self }
    let margin = Int((marginS * Double(rateHz)).rounded())
    let start = max(0, first * hop - margin)
    let end = min(samples.count, (last + 1) * hop + margin)
    return Waveform(samples: Array(samples[start..<end]), rateHz: rateHz)
  }
}
