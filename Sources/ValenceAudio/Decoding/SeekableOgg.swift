import Foundation

/// An Ogg file whose spans are exact to the sample.
///
/// libsndfile 1.2.0 seeks to wrong samples of Vorbis in the last page, which may hold all of a clip, and
/// anywhere in a file whose first page does not begin with its first sample (one that was cut without being
/// encoded again). After a seek in Opus it loses the decoder's state, so that the samples differ. Therefore a
/// file is decoded once, from its beginning, for all of its spans.
final class SeekableOgg: SampleDecoder {
  let header: SampleHeader
  private let file: FileBytes
  private let opened: () throws -> any SampleDecoder
  private var decoder: any SampleDecoder

  /// A span that begins within the first so many seconds is reached by decoding all before it, without
  /// writing the whole file's sound to disk.
  private static let nearS = 10

  /// - Parameters:
  ///   - decoder: one of the file, at its beginning.
  ///   - opened: makes another one.
  init(
    _ decoder: any SampleDecoder, of file: FileBytes,
    opened: @escaping () throws -> any SampleDecoder
  ) {
    (header, self.decoder, self.file, self.opened) = (decoder.header, decoder, file, opened)
  }

  /// False near the beginning, and where the sound cannot be kept: the caller then decodes all samples before
  /// and drops them.
  func seek(to sample: Int) -> Bool {
    guard sample > Self.nearS * header.rateHz, file.stamp != nil else { return false }
    guard
      let bytes = try? DecodedSounds.shared.sound(
        of: file.stamp, { () throws(AudioError) in try decoded() }),
      let whole = try? DecodedMedia(bytes, format: header.format)
    else { return false }
    // From now on samples come from the decoded copy, whose seeking is exact.
    decoder = whole
    return whole.seek(to: sample)
  }

  func read(into buffer: inout [Float]) throws(SampleFault) -> Int {
    try decoder.read(into: &buffer)
  }

  /// All of the sound, in a temporary file.
  ///
  /// - Throws: any error; `seek` then returns false, and the decoding of the span tells what is wrong.
  private func decoded() throws(AudioError) -> FileBytes {
    do {
      let decoder = try opened()
      let target = try FileBytes.temporary(in: FileManager.default.temporaryDirectory)
      do {
        try Self.write(Self.head(decoder.header), to: target, at: 0)
        var buffer = [Float](repeating: 0, count: 1 << 14 * header.channels)
        var offset = Self.headBytes
        while case let count = try decoder.read(into: &buffer), count > 0 {
          let samples = buffer[..<(count * header.channels)]
          let bytes = unsafe samples.withUnsafeBytes { unsafe Array($0) }
          try Self.write(bytes, to: target, at: offset)
          offset += bytes.count
        }
      } catch {
        close(target)
        throw error
      }
      return FileBytes(descriptor: target)
    } catch {
      throw AudioError(file: "", fault: .damaged)
    }
  }

  private static let headBytes = 44

  /// The header of a WAV file of floats; its lengths are "unknown" (all ones), as they are when it is
  /// written.
  private static func head(_ header: SampleHeader) -> [UInt8] {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let frame = 4 * header.channels
    return Array("RIFF".utf8) + bytes(0xFFFF_FFFF, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
      + bytes(3, 2) + bytes(header.channels, 2) + bytes(header.rateHz, 4)
      + bytes(header.rateHz * frame, 4) + bytes(frame, 2) + bytes(32, 2) + Array("data".utf8)
      + bytes(0xFFFF_FFFF, 4)
  }

  private static func write(_ bytes: [UInt8], to file: Int32, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        unsafe pwrite(
          file, memory.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileBytes.Refusal(code: errno) }
      done += count
    }
  }
}
