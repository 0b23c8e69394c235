import ValenceCore

/// The digest of decoded samples: the same for a WAV file and a FLAC file of the same recording.
///
/// Over the rate, the number of channels, then all samples, channels interleaved, as floats of which full
/// scale is ±1: before channels are averaged and before anything is resampled, trimmed or cropped. 16-bit
/// and 24-bit samples are such floats exactly, whatever stores them.
struct SampleDigest {
  private var hash = ByteDigest()

  init(rateHz: Int, channels: Int) {
    hash.add(Array("samples \(rateHz) \(channels) ".utf8)[...])
  }

  /// Adds the first `count` samples of a buffer.
  mutating func add(_ samples: [Float], count: Int) {
    let bits = samples.prefix(count).map(\.bitPattern.littleEndian)
    hash.add(unsafe bits.withUnsafeBytes { unsafe [UInt8]($0) }[...])
  }

  /// The digest of all samples so far.
  func digest() -> Digest { hash.digest() }
}
