import CSndfile
import Foundation
import Synchronization

/// An audio file that is open for decoding; closed at the end of its life.
@safe
struct AudioFile: ~Copyable {
  /// What errors call the file.
  let name: String
  /// What the header says; `frames` is nil where it gives no length (streamed FLAC, cut off Ogg).
  let header: Header
  private let handle: OpaquePointer

  struct Header {
    var format: String
    var rateHz: Int
    var channels: Int
    var frames: Int?

    func info(frames: Int) -> AudioInfo {
      AudioInfo(format: format, rateHz: rateHz, channels: channels, frames: frames)
    }
  }

  /// libsndfile keeps the reason of a failed opening in a global.
  private static let opening = Mutex(())

  /// Opens a file and checks that its header keeps what it promises.
  ///
  /// A container that libsndfile does not know is decoded first, as a whole.
  static func open(_ url: URL) throws(AudioError) -> AudioFile {
    let name = url.relativePath
    let (descriptor, container) = try regularFile(url, name: name)
    guard let container else { return try open(descriptor, name: name) }
    if container == .mp4 { _ = try mp4Info(descriptor, name: name) }
    let decoded = try MediaDecoder().decode(url, name: name, container: container)
    return try open(decoded, name: name, container: container)
  }

  /// What the header of an MP4 file says, which is known without decoding; nil for all other files,
  /// and where a stream was written whose header gives no length.
  static func undecodedInfo(_ url: URL) throws(AudioError) -> AudioInfo? {
    let (descriptor, container) = try regularFile(url, name: url.relativePath)
    guard container == .mp4 else { return nil }
    return try mp4Info(descriptor, name: url.relativePath)
  }

  private static func mp4Info(
    _ descriptor: FileHandle, name: String
  ) throws(AudioError) -> AudioInfo? {
    do {
      let info = try MP4Header(descriptor).info
      guard AudioError.rateHzRange.contains(info.rateHz) else {
        throw AudioError(file: name, info: info, fault: .rate)
      }
      return info
    } catch let error as AudioError {
      throw error
    } catch MP4Header.Fault.lengthUnknown {
      return nil
    } catch MP4Header.Fault.noSound {
      throw AudioError(file: name, fault: .noSoundTrack)
    } catch MP4Header.Fault.truncated(let promisedS) {
      throw AudioError(file: name, fault: .truncated(promisedS: promisedS))
    } catch {
      throw AudioError(file: name, fault: .damaged)
    }
  }

  private static func open(
    _ descriptor: FileHandle, name: String, container: MediaContainer? = nil
  ) throws(AudioError) -> AudioFile {
    // By descriptor, so that no format is guessed from the name (.vox, .gsm: any bytes would do).
    var raw = SF_INFO()
    // A duplicate that libsndfile closes: where it cannot open a file, version 1.2.0 closes the descriptor
    // even if told to leave it, and a second closing would take away what another thread opened meanwhile.
    let number = dup(descriptor.fileDescriptor)
    guard number >= 0 else {
      throw AudioError(file: name, fault: .refused("there are too many open files"))
    }
    let (opened, reason) = unsafe opening.withLock { _ in
      let opened = unsafe sf_open_fd(number, CInt(SFM_READ), &raw, CInt(SF_TRUE))
      return unsafe (opened, opened == nil ? sf_error(nil) : 0)
    }
    guard let opened = unsafe opened else {
      let known = reason == CInt(SF_ERR_MALFORMED_FILE)
      throw AudioError(file: name, fault: known ? .damaged : .notAudio)
    }
    let header = Header(
      format: container?.rawValue ?? formatName(raw.format), rateHz: Int(raw.samplerate),
      channels: Int(raw.channels),
      frames: raw.frames >= 0 && raw.frames < Int64.max ? Int(raw.frames) : nil)
    let file = unsafe AudioFile(name: name, header: header, handle: opened)
    try file.checkHeader()
    return file
  }

  private init(name: String, header: Header, handle: OpaquePointer) {
    self.name = name
    self.header = header
    unsafe self.handle = handle
  }

  deinit { unsafe sf_close(handle) }

  /// Opens a file that has bytes and is worth handing to the decoder; says what container it is if
  /// libsndfile does not know it.
  private static func regularFile(
    _ url: URL, name: String
  ) throws(AudioError) -> (FileHandle, MediaContainer?) {
    // Foundation's attributes come with the names of owner and group, which takes a dozen system calls.
    var status = stat()
    guard unsafe stat(url.path, &status) == 0 else { throw AudioError(file: name, fault: .missing) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw AudioError(file: name, fault: .directory)
    default: throw AudioError(file: name, fault: .notARegularFile)
    }
    let beginning: Data?
    let descriptor: FileHandle
    let pointer = Data("version https://git-lfs.github.com/spec/".utf8)
    do {
      descriptor = try FileHandle(forReadingFrom: url)
      beginning = try descriptor.read(
        upToCount: max(pointer.count, MediaContainer.signatureBytes))
      try descriptor.seek(toOffset: 0)
    } catch {
      throw AudioError(file: name, fault: .refused(error.localizedDescription))
    }
    guard let beginning, !beginning.isEmpty else { throw AudioError(file: name, fault: .empty) }
    if beginning == pointer { throw AudioError(file: name, fault: .lfsPointer) }
    return (descriptor, MediaContainer(beginning: beginning))
  }

  private func checkHeader() throws(AudioError) {
    let info = header.info(frames: header.frames ?? 0)
    if !AudioError.rateHzRange.contains(header.rateHz) {
      throw AudioError(file: name, info: info, fault: .rate)
    }
    let log = parserLog
    // WAV and AIFF: libsndfile lowers the length to what is there and only notes it. A stream whose
    // writer could not go back promises the greatest length there is; that is no promise.
    for line in log.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" || $0 == ")" }
      if words.count == 5, ["data", "SSND"].contains(words[0]), words[3] == "be",
        let promised = Int(words[1]), let present = Int(words[4]),
        present < promised, promised < 0x7FFF_0000
      {
        let bytesPerFrame = max(1, present / max(1, header.frames ?? 1))
        throw AudioError(
          file: name, info: info,
          fault: .truncated(
            promisedS: Double(promised / bytesPerFrame) / Double(header.rateHz)))
      }
    }
    if log.contains("ended unexpectedly") {
      throw AudioError(file: name, info: info, fault: .truncated(promisedS: nil))
    }
  }

  /// What libsndfile noted while it parsed the header.
  private var parserLog: String {
    var text = [CChar](repeating: 0, count: 16384)
    let length = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe sf_command(
        handle, CInt(SFC_GET_LOG_INFO), buffer.baseAddress, CInt(buffer.count))
    }
    return String(
      decoding: text.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Moves to a sample; false where the file cannot.
  func seek(to frame: Int) -> Bool {
    unsafe sf_seek(handle, sf_count_t(frame), CInt(SEEK_SET)) == sf_count_t(frame)
  }

  /// Decodes the next samples into `buffer`, channels interleaved; full scale is ±1.
  ///
  /// - Returns: the number of frames read; 0 at the end.
  /// - Throws: `AudioError` with `.damaged` where the decoder met data that it could not decode; it
  ///   puts zeros in their place and forgets the error at its next call.
  func read(into buffer: inout [Float]) throws(AudioError) -> Int {
    let frames = sf_count_t(buffer.count / header.channels)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe Int(max(0, sf_readf_float(handle, base, frames)))
    }
    if unsafe sf_error(handle) != CInt(SF_ERR_NO_ERROR) {
      throw AudioError(
        file: name, info: header.frames.map(header.info(frames:)), fault: .damaged)
    }
    return count
  }

  /// The name of a format as people say it.
  private static func formatName(_ format: CInt) -> String {
    let container = Int(format) & SF_FORMAT_TYPEMASK
    switch container {
    case SF_FORMAT_WAV, SF_FORMAT_WAVEX: return "WAV"
    case SF_FORMAT_FLAC: return "FLAC"
    case SF_FORMAT_AIFF: return "AIFF"
    case SF_FORMAT_MPEG: return "MP3"
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
