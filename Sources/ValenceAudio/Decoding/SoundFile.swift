import CSndfile
import Foundation
import Synchronization

/// A file, or a part of one, that libsndfile decodes.
@safe
final class SoundFile: SampleDecoder {
  let header: SampleHeader
  /// The notes that libsndfile made while it parsed the header.
  let log: String
  private let stream: ByteStream
  private let handle: OpaquePointer

  /// libsndfile keeps the reason of a failed opening in a global.
  private static let opening = Mutex(())

  /// Opens bytes; no format is guessed from the name of a file.
  init(_ stream: ByteStream) throws(SoundFileFault) {
    self.stream = stream
    let user = unsafe Unmanaged.passUnretained(stream).toOpaque()
    var raw = SF_INFO()
    var io = ByteStream.interface
    var opening: OpaquePointer?
    var reason: CInt = 0
    var complaint = ""
    Self.opening.withLock { _ in
      unsafe opening = sf_open_virtual(&io, CInt(SFM_READ), &raw, user)
      if unsafe opening == nil {
        reason = sf_error(nil)
        complaint = unsafe Self.parserLog(nil)
      }
    }
    guard let opened = unsafe opening else {
      if let code = stream.refusal { throw .refused(code) }
      switch Int(reason) {
      case SF_ERR_MALFORMED_FILE:
        throw complaint.contains("First data page's granule position") ? .unknownCoding : .damaged
      case SF_ERR_UNSUPPORTED_ENCODING: throw .unknownCoding
      default: throw .notAudio
      }
    }
    unsafe handle = opened
    let isOgg = Int(raw.format) & SF_FORMAT_TYPEMASK == SF_FORMAT_OGG
    header = SampleHeader(
      format: Self.formatName(raw.format), rateHz: Int(raw.samplerate),
      channels: Int(raw.channels),
      frames: raw.frames >= 0 && raw.frames < Int64.max ? Int(raw.frames) : nil,
      slack: isOgg ? Self.greatestOggBlock : 0)
    log = unsafe Self.parserLog(opened)
  }

  deinit { unsafe sf_close(handle) }

  /// The error, in samples, that the time on an Ogg file's last page may have.
  ///
  /// That time is the length of the file as it is, also where more was lost behind it. In pages that were
  /// remuxed from a container with times in milliseconds it may be a block too late.
  private static let greatestOggBlock = 8192

  /// The notes on an open file, or on the last one that could not be opened.
  private static func parserLog(_ handle: OpaquePointer?) -> String {
    var text = [CChar](repeating: 0, count: 16384)
    let length = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe sf_command(
        handle, CInt(SFC_GET_LOG_INFO), buffer.baseAddress, CInt(buffer.count))
    }
    return String(
      decoding: text.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func seek(to sample: Int) -> Bool {
    unsafe sf_seek(handle, sf_count_t(sample), CInt(SEEK_SET)) == sf_count_t(sample)
  }

  /// See `SampleDecoder`; libsndfile puts zeros in the place of what it cannot decode, and forgets the
  /// error at its next call.
  func read(into buffer: inout [Float]) throws(SampleFault) -> Int {
    let frames = sf_count_t(buffer.count / header.channels)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe Int(max(0, sf_readf_float(handle, base, frames)))
    }
    if let code = stream.refusal { throw .refused(code) }
    if unsafe sf_error(handle) != CInt(SF_ERR_NO_ERROR) { throw .damaged }
    return count
  }

  /// The name of a format as people say it.
  private static func formatName(_ format: CInt) -> String {
    let container = Int(format) & SF_FORMAT_TYPEMASK
    switch container {
    case SF_FORMAT_WAV, SF_FORMAT_WAVEX: return "WAV"
    case SF_FORMAT_FLAC: return "FLAC"
    case SF_FORMAT_AIFF: return "AIFF"
    case SF_FORMAT_OGG:
      return Int(format) & SF_FORMAT_SUBMASK == SF_FORMAT_OPUS ? "Ogg Opus" : "Ogg Vorbis"
    default:
      var info = unsafe SF_FORMAT_INFO()
      unsafe info.format = CInt(container)
      let size = unsafe CInt(MemoryLayout<SF_FORMAT_INFO>.size)
      let failed = unsafe sf_command(nil, CInt(SFC_GET_FORMAT_INFO), &info, size) != 0
      guard !failed, let name = unsafe info.name else { return "other" }
      return unsafe String(cString: name)
    }
  }
}

/// Why libsndfile does not open a file.
enum SoundFileFault: Error {
  /// It knows the format, and cannot follow the header.
  case damaged
  /// It knows the container, and not the coding of the samples within; or an Opus stream that was cut out
  /// of another without being coded anew, whose first page begins before its first sample.
  case unknownCoding
  /// It knows no such format.
  case notAudio
  /// The system does not hand out the bytes; the number of its error.
  case refused(Int32)
}

/// A part of a file as a stream of its own, some bytes of which may be put right, for libsndfile.
final class ByteStream {
  private let file: FileBytes
  private let range: Range<Int>
  private let corrections: [Correction]
  private var position = 0
  /// The number of the system's error, once it has refused to hand out bytes.
  private(set) var refusal: Int32?

  /// Bytes that replace others.
  struct Correction: Equatable {
    /// Where, from the beginning of the part.
    var offset: Int
    var bytes: [UInt8]
  }

  init(_ file: FileBytes, _ range: Range<Int>, corrections: [Correction] = []) {
    (self.file, self.range, self.corrections) = (file, range, corrections)
  }

  /// The same bytes for another reader.
  func again() -> ByteStream { ByteStream(file, range, corrections: corrections) }

  private func seek(_ offset: Int, _ whence: CInt) -> Int {
    let from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : range.count
    let (target, overflows) = from.addingReportingOverflow(offset)
    guard !overflows, target >= 0 else { return -1 }
    position = target
    return target
  }

  private func read(_ memory: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(memory.count, range.count - position)
    guard count > 0 else { return 0 }
    let part = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
    do throws(FileBytes.Refusal) {
      let done = unsafe try file.read(at: range.lowerBound + position, into: part)
      for correction in corrections {
        for (index, byte) in correction.bytes.enumerated() {
          let at = correction.offset + index - position
          if (0..<done).contains(at) { unsafe part[at] = byte }
        }
      }
      position += done
      return done
    } catch {
      refusal = error.code
      return 0
    }
  }

  /// How libsndfile calls a stream, whose address it is given.
  static var interface: SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { user in
        guard let stream = unsafe ByteStream.at(user) else { return 0 }
        return sf_count_t(stream.range.count)
      },
      seek: { offset, whence, user in
        guard let stream = unsafe ByteStream.at(user) else { return -1 }
        return sf_count_t(stream.seek(Int(offset), whence))
      },
      read: { memory, count, user in
        guard let stream = unsafe ByteStream.at(user), let memory = unsafe memory else { return 0 }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: memory, count: Int(count))
        return unsafe sf_count_t(stream.read(buffer))
      },
      write: { _, _, _ in 0 },
      tell: { user in
        guard let stream = unsafe ByteStream.at(user) else { return 0 }
        return sf_count_t(stream.position)
      })
  }

  private static func at(_ user: UnsafeMutableRawPointer?) -> ByteStream? {
    guard let user = unsafe user else { return nil }
    return unsafe Unmanaged<ByteStream>.fromOpaque(user).takeUnretainedValue()
  }
}
