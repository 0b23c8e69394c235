import Foundation

/// Mono audio in memory.
package struct Waveform: Sendable, Equatable {
  /// The samples; full scale is ±1.
  package var samples: [Float]
  /// Samples a second.
  package var rateHz: Int

  package init(samples: [Float], rateHz: Int) {
    self.samples = samples
    self.rateHz = rateHz
  }

  package var durationS: Double { Double(samples.count) / Double(rateHz) }

  /// Whether no sample at these positions reaches `AudioReader.silenceDb`; those beyond the end do not.
  package func isSilent(_ positions: Range<Int>) -> Bool {
    let silence = Float(pow(10, AudioReader.silenceDb / 20))
    return !samples[positions.clamped(to: samples.indices)].contains { abs($0) >= silence }
  }

  /// At most `lengthS` seconds of some positions, from their beginning, middle or end.
  ///
  /// Fewer are returned as they are; of an odd surplus the middle drops one sample more at the end.
  func cropped(
    _ positions: Range<Int>, toS lengthS: Double, at crop: AudioOptions.Crop
  ) -> Range<Int> {
    let kept = Int((lengthS * Double(rateHz)).rounded())
    let surplus = positions.count - kept
    if surplus <= 0 { return positions }
    let start =
      switch crop {
      case .start: positions.lowerBound
      case .center: positions.lowerBound + surplus / 2
      case .end: positions.lowerBound + surplus
      }
    return start..<start + kept
  }

  /// The samples at these positions.
  subscript(positions: Range<Int>) -> Waveform {
    positions == samples.indices
      ? self : Waveform(samples: Array(samples[positions]), rateHz: rateHz)
  }

  /// The positions without the quiet ones before the first and after the last loud frame.
  ///
  /// A frame of 32 ms, one every 8 ms and centered on its time, is loud if its mean power is at most
  /// `belowPeakDb` decibels below the loudest frame's, as in librosa 0.11's `effects.trim`. `marginS`
  /// more seconds are kept on both sides, so that soft onsets and endings stay.
  func loudPositions(belowPeakDb: Double, marginS: Double = 0.05) -> Range<Int> {
    let hop = max(1, rateHz * 8 / 1000)
    // A frame is four hops long, so its energy is the sum of four.
    let energies = stride(from: 0, to: samples.count, by: hop).map { start in
      samples[start..<min(start + hop, samples.count)].reduce(0) { $0 + Double($1) * Double($1) }
    }
    let frames = (0...samples.count / hop).map { frame in
      energies[max(0, frame - 2)..<max(0, min(frame + 2, energies.count))].reduce(0, +)
    }
    let threshold = (frames.max() ?? 0) * pow(10, -belowPeakDb / 10)
    guard threshold > 0, let first = frames.firstIndex(where: { $0 > threshold }),
      let last = frames.lastIndex(where: { $0 > threshold })
    else { return samples.indices }
    let margin = Int((marginS * Double(rateHz)).rounded())
    let start = max(0, first * hop - margin)
    return start..<min(samples.count, (last + 1) * hop + margin)
  }
}
