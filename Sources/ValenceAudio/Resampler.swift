import CSoxr

/// Changes the rate of waveforms with libsoxr's "high quality" recipe (20 bits, linear phase).
///
/// The same as librosa's `soxr_hq`. One thread, so equal input gives equal bits.
package enum Resampler {
  /// The waveform at another rate, played `speed` times as fast.
  ///
  /// Speed moves tempo and pitch together, as sox's `speed` and Kaldi's speed perturbation do (Ko et
  /// al., 2015): the samples are taken for ones of `speed` times their rate, in the same single pass.
  ///
  /// - Returns: ⌈samples · new rate / old rate⌉ samples; at other speeds that number divided by
  ///   `speed`, to the nearest, at least 1.
  package static func resample(
    _ waveform: Waveform, toHz rateHz: Int, speed: Double = 1
  ) -> Waveform {
    precondition(
      waveform.rateHz > 0 && rateHz > 0 && speed > 0,
      "from \(waveform.rateHz) Hz to \(rateHz) Hz at speed \(speed)")
    if (waveform.rateHz == rateHz && speed == 1) || waveform.samples.isEmpty {
      return Waveform(samples: waveform.samples, rateHz: rateHz)
    }
    let fromHz = Double(waveform.rateHz) * speed
    let count =
      speed == 1
      ? (waveform.samples.count * rateHz + waveform.rateHz - 1) / waveform.rateHz
      : max(1, Int((Double(waveform.samples.count) * Double(rateHz) / fromHz).rounded()))
    // soxr may deliver one sample fewer than the rounded-up length; it stays zero.
    var samples = [Float](repeating: 0, count: count)
    var failure: soxr_error_t?
    unsafe waveform.samples.withUnsafeBufferPointer { input in
      unsafe samples.withUnsafeMutableBufferPointer { output in
        var format = unsafe soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = unsafe soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
        var runtime = unsafe soxr_runtime_spec(1)
        unsafe failure = soxr_oneshot(
          fromHz, Double(rateHz), 1, input.baseAddress, input.count, nil,
          output.baseAddress, output.count, nil, &format, &quality, &runtime)
      }
    }
    precondition(
      unsafe failure == nil,
      "soxr refuses \(waveform.samples.count) samples from \(fromHz) to \(rateHz) Hz")
    return Waveform(samples: samples, rateHz: rateHz)
  }
}
