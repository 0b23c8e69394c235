/// The samples that were decoded to a temporary file: WAV of floats, with open lengths where ffmpeg wrote it.
final class DecodedMedia: SampleDecoder {
  let header: SampleHeader
  private let file: FileBytes
  /// The byte of the first sample.
  private let start: Int
  private var position = 0

  private static let sampleBytes = 4

  /// Reads the header.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes, `SampleFault` where they
  ///   are not what was asked for.
  init(_ file: FileBytes, format: String) throws {
    self.file = file
    let head = try file.bytes(at: 0, 4096)
    guard head.starts(with: "RIFF".utf8) else { throw SampleFault.damaged }
    var offset = 12
    var form: (channels: Int, rateHz: Int)?
    while offset + 8 <= head.count, !head[offset...].starts(with: "data".utf8) {
      let size = head[offset + 4..<offset + 8].littleEndian
      let body = head.dropFirst(offset + 8).prefix(size)
      if head[offset...].starts(with: "fmt ".utf8), body.count >= 16 {
        let fields = Array(body)
        form = (fields[2..<4].littleEndian, fields[4..<8].littleEndian)
      }
      offset += 8 + size + size % 2
    }
    guard let form, form.channels > 0, offset + 8 <= head.count else { throw SampleFault.damaged }
    start = offset + 8
    header = SampleHeader(
      format: format, rateHz: form.rateHz, channels: form.channels,
      frames: (file.count - start) / (Self.sampleBytes * form.channels))
  }

  func seek(to sample: Int) -> Bool {
    position = sample
    return true
  }

  func read(into buffer: inout [Float]) throws(SampleFault) -> Int {
    let channels = header.channels
    let count = min(buffer.count / channels, (header.frames ?? 0) - position)
    guard count > 0 else { return 0 }
    var code: Int32?
    unsafe buffer.withUnsafeMutableBytes { memory in
      let bytes = count * channels * Self.sampleBytes
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<bytes])
      let at = start + position * channels * Self.sampleBytes
      do throws(FileBytes.Refusal) {
        _ = unsafe try file.read(at: at, into: part)
      } catch {
        code = error.code
      }
    }
    if let code { throw .refused(code) }
    position += count
    return count
  }
}
