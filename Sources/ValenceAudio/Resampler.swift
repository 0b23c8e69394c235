import CSoxr

/// Changes the rate of waveforms with libsoxr's "high quality" recipe (20 bits, linear phase).
///
/// The same as librosa's `soxr_hq`. One thread, so equal input gives equal bits.
public enum Resampler {
  /// The waveform at another rate: ⌈samples · new rate / old rate⌉ samples.
  public static func resample(_ waveform: Waveform, toHz rateHz: Int) -> Waveform {
    precondition(
      waveform.rateHz > 0 && rateHz > 0, "from \(waveform.rateHz) Hz to \(rateHz) Hz")
    if waveform.rateHz == rateHz || waveform.samples.isEmpty {
      return Waveform(samples: waveform.samples, rateHz: rateHz)
    }
    let count = (waveform.samples.count * rateHz + waveform.rateHz - 1) / waveform.rateHz
    // soxr may deliver one sample fewer than the rounded-up length; it stays zero.
    var samples = [Float](repeating: 0, count: count)
    var failure: soxr_error_t?
    unsafe waveform.samples.withUnsafeBufferPointer { input in
      unsafe samples.withUnsafeMutableBufferPointer { output in
        var format = unsafe soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = unsafe soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
        var runtime = unsafe soxr_runtime_spec(1)
        unsafe failure = soxr_oneshot(
          Double(waveform.rateHz), Double(rateHz), 1, input.baseAddress, input.count, nil,
          output.baseAddress, output.count, nil, &format, &quality, &runtime)
      }
    }
    precondition(
      unsafe failure == nil,
      "soxr refuses \(waveform.samples.count) samples from \(waveform.rateHz) to \(rateHz) Hz")
    return Waveform(samples: samples, rateHz: rateHz)
  }
}
