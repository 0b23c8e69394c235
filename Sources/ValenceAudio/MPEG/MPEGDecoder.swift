import CMpg123
import Foundation

/// Decodes the frames of an MP3 file with libmpg123.
///
/// Not by way of libsndfile 1.2.0, which takes a guess for the length, begins spans without what frames
/// need of earlier ones, and lets libmpg123 write to standard error.
@safe
final class MPEGDecoder: SampleDecoder {
  let header: SampleHeader
  private let file: FileBytes
  private let stream: MPEGStream
  private let handle: OpaquePointer
  /// The next frame that libmpg123 gets, and decodes.
  private var (fed, decoded) = (0, 0)
  /// Frames before this one lack what they need of earlier ones, and only lend their bytes to later ones.
  private var silenced = 0
  /// The bytes that they have to lend.
  private var reservoir = 0
  /// Samples of each channel that are decoded and forgotten before the next is handed out.
  private var dropped = 0
  /// The next sample that is handed out.
  private var position = 0
  /// Decoded samples that were not asked for yet, channels interleaved.
  private var rest: ArraySlice<Float> = []

  /// Opens what was walked through.
  init(_ file: FileBytes, _ stream: MPEGStream, name: String) throws(AudioError) {
    (self.file, self.stream) = (file, stream)
    header = SampleHeader(
      format: stream.format, rateHz: stream.first.rateHz, channels: stream.first.channels,
      frames: stream.samples)
    var reason: Int32 = 0
    guard let handle = unsafe mpg123_new(nil, &reason) else {
      throw AudioError(file: name, fault: .refused(Self.reason(reason)))
    }
    unsafe self.handle = handle
    let wanted = [
      MPG123_QUIET, MPG123_FORCE_FLOAT, MPG123_IGNORE_INFOFRAME, MPG123_SKIP_ID3V2,
    ].reduce(0) { $0 | Int($1.rawValue) }
    // The encoder's delay is taken off here, by the same rule wherever decoding begins.
    let unwanted = Int(MPG123_GAPLESS.rawValue) | Int(MPG123_AUTO_RESAMPLE.rawValue)
    unsafe valence_mpg123_param(handle, MPG123_ADD_FLAGS, wanted)
    unsafe valence_mpg123_param(handle, MPG123_REMOVE_FLAGS, unwanted)
    begin(at: 0)
    dropped = stream.delay
  }

  deinit { unsafe mpg123_delete(handle) }

  private static func reason(_ code: Int32) -> String {
    unsafe mpg123_plain_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  private func begin(at frame: Int) {
    unsafe mpg123_open_feed(handle)
    (fed, decoded) = (frame, frame)
    rest = []
  }

  /// Frames of layer III take bits of the frames before (up to 511 bytes), and what a frame sounds like
  /// depends on the one or two before it: decoding begins there.
  ///
  /// The position in libmpg123's buffers repeats every eight frames, so from a multiple of eight even the
  /// rounding is the same.
  func seek(to sample: Int) -> Bool {
    let raw = sample + stream.delay
    let perFrame = stream.first.samples
    var frame = min(raw / perFrame, stream.frames.count)
    dropped = raw - frame * perFrame
    position = sample
    let wanted = frame
    var reservoir = 0
    while frame > 0, wanted - frame <= 3 || reservoir < 511 {
      frame -= 1
      guard wanted - frame > 3 else { continue }
      let side = MPEGFrame.headerBytes + 2 + stream.first.sideBytes
      reservoir += max(0, Int(stream.frames[frame].length) - side)
    }
    frame -= frame % 8
    dropped += (wanted - frame) * perFrame
    begin(at: frame)
    (silenced, self.reservoir) = (frame == 0 || stream.first.layer < 3 ? 0 : wanted - 3, 0)
    return true
  }

  func read(into buffer: inout [Float]) throws(SampleFault) -> Int {
    let channels = header.channels
    let wanted = min(buffer.count / channels, stream.samples - position) * channels
    var filled = 0
    while filled < wanted {
      if rest.isEmpty {
        guard try decodeFrame() else { break }
        let skipped = min(dropped, rest.count / channels)
        rest = rest.dropFirst(skipped * channels)
        dropped -= skipped
        continue
      }
      let count = min(rest.count, wanted - filled)
      buffer.replaceSubrange(filled..<filled + count, with: rest.prefix(count))
      rest = rest.dropFirst(count)
      filled += count
    }
    position += filled / channels
    return filled / channels
  }

  /// Decodes the next frame to `rest`; false behind the last.
  private func decodeFrame() throws(SampleFault) -> Bool {
    guard decoded < stream.frames.count else { return false }
    let size = stream.first.samples * header.channels
    while true {
      var bytes: UnsafeMutablePointer<UInt8>?
      var count = 0
      let status = unsafe mpg123_decode_frame(handle, nil, &bytes, &count)
      switch mpg123_errors(status) {
      case MPG123_NEW_FORMAT: continue
      case MPG123_NEED_MORE:
        if try feed() { continue }
        // It waits for a header behind the last frame.
        rest = [Float](repeating: 0, count: size)[...]
        decoded += 1
        return true
      case MPG123_OK where count > 0:
        guard let bytes = unsafe bytes, count == size * MemoryLayout<Float>.size else {
          throw .damaged
        }
        rest = unsafe bytes.withMemoryRebound(to: Float.self, capacity: size) {
          unsafe Array(UnsafeBufferPointer(start: $0, count: size))
        }[...]
        decoded += 1
        return true
      case MPG123_OK: continue
      default: throw .damaged
      }
    }
  }

  /// Makes a frame one without sound, which libmpg123 cannot stumble over: its side information says
  /// nothing but how many bytes of earlier frames are passed on with its own.
  private func silence(_ frame: inout ArraySlice<UInt8>) {
    let checksum = frame[frame.startIndex + 1] & 1 == 0 ? 2 : 0
    let side = frame.startIndex + MPEGFrame.headerBytes + checksum
    guard side + stream.first.sideBytes <= frame.endIndex else { return }
    for at in side..<side + stream.first.sideBytes { frame[at] = 0 }
    // Of 9 bits in MPEG-1, of 8 in MPEG-2.
    if stream.first.isLow {
      frame[side] = UInt8(reservoir)
    } else {
      frame[side] = UInt8(reservoir >> 1)
      frame[side + 1] = UInt8(reservoir & 1) << 7
    }
    let own = frame.endIndex - side - stream.first.sideBytes - checksum
    reservoir = min(stream.first.isLow ? 255 : 511, reservoir + max(0, own))
  }

  /// Hands libmpg123 some more frames, without the bytes between them; false behind the last.
  private func feed() throws(SampleFault) -> Bool {
    guard fed < stream.frames.count else { return false }
    let first = fed
    fed = min(fed + 32, stream.frames.count)
    let (start, last) = (stream.frames[first].offset, stream.frames[fed - 1])
    var bytes: [UInt8]
    do throws(FileBytes.Refusal) {
      bytes = try file.bytes(at: Int(start), Int(last.offset - start) + Int(last.length))
    } catch {
      throw .refused(error.code)
    }
    for (index, place) in zip(first..<fed, stream.frames[first..<fed]) {
      let from = Int(place.offset - start)
      guard from + Int(place.length) <= bytes.count else { throw .damaged }
      if index < silenced { silence(&bytes[from..<from + Int(place.length)]) }
      let failed = unsafe bytes.withUnsafeBufferPointer { memory in
        unsafe mpg123_feed(
          handle, memory.baseAddress.map { unsafe $0 + from }, Int(place.length)) != 0
      }
      if failed { throw .damaged }
    }
    return true
  }
}
