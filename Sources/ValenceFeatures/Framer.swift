import ValenceKernels

/// The frames of a signal: windows around every `hopSamples`-th sample.
///
/// Frame `t` is centered on sample `t · hopSamples`; the signal is padded with zeros at both ends. The
/// window is in the middle of `fftSize` samples, as in librosa's `stft(center=True)`.
package struct Framer: Hashable, Sendable {
  /// Samples a second.
  package let rateHz: Int
  /// The length of the window.
  package let windowSamples: Int
  /// The distance from frame to frame.
  package let hopSamples: Int
  /// The length of the FFT: the window's, raised to a power of two.
  package let fftSize: Int

  /// Turns milliseconds into samples, rounded to the nearest; the only place that does.
  package init(_ options: FramingOptions, rateHz: Int) {
    self.rateHz = rateHz
    windowSamples = max(2, Int((options.windowMs * Double(rateHz) / 1000).rounded()))
    hopSamples = max(1, Int((options.hopMs * Double(rateHz) / 1000).rounded()))
    var size = 2
    while size < windowSamples { size *= 2 }
    fftSize = size
  }

  /// The number of frames of a signal: 1 + ⌊samples / hop⌋.
  package func frames(samples: Int) -> Int { 1 + samples / hopSamples }

  /// How many samples the first window begins before the signal.
  var lead: Int { fftSize / 2 - (fftSize - windowSamples) / 2 }

  /// The signal between the zeros that its outermost windows reach into.
  ///
  /// Window `t` is `padded[t · hopSamples ..< t · hopSamples + windowSamples]`.
  func padded(_ samples: [Float]) -> Floats {
    let reach = (frames(samples: samples.count) - 1) * hopSamples + windowSamples
    let signal = Floats(zeros: max(reach, lead + samples.count))
    signal[lead..<lead + samples.count].copy(samples)
    return signal
  }
}
