import ValenceAudio

/// Turns the bytes of a raw stream into mono samples; a frame may come in pieces.
package struct PCMDecoder: Sendable {
  /// How a sample is written, little endian.
  package enum Encoding: String, Codable, Hashable, Sendable, CaseIterable {
    /// 16 bits, signed.
    case s16le
    /// 32-bit IEEE 754 numbers; full scale is ±1.
    case f32le

    var bytes: Int { self == .s16le ? 2 : 4 }
  }

  /// Why bytes are no sound.
  package enum Fault: Error, Hashable, CustomStringConvertible {
    /// Not a number of channels that there can be.
    case channels(Int)
    /// Not a number, or infinite.
    case notFinite(frame: Int)
    /// More than 40 dB above full scale.
    case beyondScale(frame: Int, Float)
    /// The stream ended within a frame.
    case incomplete(bytes: Int, frameBytes: Int)

    package var description: String {
      switch self {
      case .channels(let count):
        "channels: \(count) is no number of channels; give 1 to \(PCMDecoder.channelRange.upperBound)."
      case .notFinite(let frame):
        "stream: sample \(frame) is no finite number; give samples between -1 and 1 as f32le."
      case .beyondScale(let frame, let value):
        "stream: sample \(frame) is \(value), far above full scale; give f32le samples between -1 and 1, "
          + "or say s16le."
      case .incomplete(let bytes, let frameBytes):
        "stream: it ends with \(bytes) bytes of a frame of \(frameBytes); check its encoding and channels."
      }
    }
  }

  package static let channelRange = 1...64

  private let encoding: Encoding
  private let channels: Int
  /// The beginning of a frame whose end has not come yet.
  private var rest: [UInt8] = []
  private var frames = 0

  /// A decoder of so many interleaved channels, which are averaged.
  ///
  /// - Throws: `Fault.channels`.
  package init(_ encoding: Encoding, channels: Int) throws(Fault) {
    guard Self.channelRange.contains(channels) else { throw .channels(channels) }
    (self.encoding, self.channels) = (encoding, channels)
  }

  private var frameBytes: Int { encoding.bytes * channels }

  /// The samples that the next bytes complete.
  ///
  /// - Throws: `Fault` for a number that is no sample; the stream is not to be used further.
  package mutating func samples(_ bytes: some Sequence<UInt8>) throws(Fault) -> [Float] {
    rest += bytes
    let count = rest.count / frameBytes
    var samples: [Float] = []
    samples.reserveCapacity(count)
    for frame in 0..<count {
      var sum = 0.0
      for channel in 0..<channels {
        let value = value(at: frame * frameBytes + channel * encoding.bytes)
        guard value.isFinite else { throw .notFinite(frame: frames + frame) }
        guard abs(value) <= AudioReader.greatestSample else {
          throw .beyondScale(frame: frames + frame, value)
        }
        sum += Double(value)
      }
      samples.append(Float(sum / Double(channels)))
    }
    frames += count
    rest.removeFirst(count * frameBytes)
    return samples
  }

  /// Says that no more bytes come.
  ///
  /// - Throws: `Fault.incomplete` within a frame.
  package func end() throws(Fault) {
    if !rest.isEmpty { throw .incomplete(bytes: rest.count, frameBytes: frameBytes) }
  }

  private func value(at place: Int) -> Float {
    switch encoding {
    case .s16le:
      // 32768 is full scale, as libsndfile reads 16-bit files.
      return Float(Int16(bitPattern: UInt16(rest[place]) | UInt16(rest[place + 1]) << 8)) / 32768
    case .f32le:
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(rest[place + $1]) << (8 * $1) }
      return Float(bitPattern: bits)
    }
  }
}
