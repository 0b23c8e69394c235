import ValenceCore

/// The digest of decoded samples: the same for a WAV file and a FLAC file of the same recording.
///
/// Over the rate, the number of channels, then all samples, channels interleaved, as floats of which full
/// scale is ±1: before channels are averaged and before anything is resampled, trimmed or cropped. 16-bit
/// and 24-bit samples are such floats exactly in any container. Channels that are all alike are one:
/// a mono recording that was saved in stereo is the same recording, and sounds the same once averaged.
struct SampleDigest {
  private let channels: Int
  private var hash: ByteDigest
  /// That of the first channel alone, as long as the others are alike.
  private var one: ByteDigest?

  init(rateHz: Int, channels: Int) {
    self.channels = channels
    hash = Self.begun(rateHz: rateHz, channels: channels)
    one = channels > 1 ? Self.begun(rateHz: rateHz, channels: 1) : nil
  }

  private static func begun(rateHz: Int, channels: Int) -> ByteDigest {
    var hash = ByteDigest()
    hash.add(Array("samples \(rateHz) \(channels) ".utf8)[...])
    return hash
  }

  /// Adds the first `count` samples of a buffer, which are whole frames.
  mutating func add(_ samples: [Float], count: Int) {
    // Nought has two signs in floats, and one in integers.
    let bits = samples.prefix(count).map { ($0 + 0).bitPattern.littleEndian }
    Self.add(bits, to: &hash)
    guard var first = one else { return }
    one = nil
    let starts = stride(from: 0, to: bits.count, by: channels)
    for start in starts where !bits[start..<start + channels].allSatisfy({ $0 == bits[start] }) {
      return
    }
    Self.add(starts.map { bits[$0] }, to: &first)
    one = first
  }

  private static func add(_ bits: [UInt32], to hash: inout ByteDigest) {
    hash.add(unsafe bits.withUnsafeBytes { unsafe [UInt8]($0) }[...])
  }

  /// The digest of all samples so far.
  func digest() -> Digest { (one ?? hash).digest() }
}
