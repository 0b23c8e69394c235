import Foundation
import ValenceCore

/// The bytes of an open regular file, read at any place and from any thread.
///
/// Every decoder reads through here, so that a reason of the system's (a disk that fails, a server that is
/// away) is told from bytes that are wrong.
final class FileBytes: Sendable {
  /// A reason of the system's for not handing out bytes.
  struct Refusal: Error {
    /// The number of the error.
    let code: Int32

    /// The reason in the system's words, in the form for the middle of a sentence.
    var reason: String { Self.reason(code) }

    static func reason(_ code: Int32) -> String {
      let words = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
      return words.prefix(1).lowercased() + words.dropFirst()
    }
  }

  /// The open file; it is closed at the end of this object's life.
  let descriptor: Int32
  /// The state that the bytes are in; nil for a temporary file.
  let stamp: FileStamp?
  /// The number of bytes.
  let count: Int

  /// Opens a file that has bytes.
  ///
  /// - Throws: `AudioError` for a file that is missing, empty, refused by the system or no regular file.
  init(_ url: URL, name: String) throws(AudioError) {
    // Looked at before it is opened, because opening a pipe may wait for ever.
    var status = stat()
    var failed = unsafe stat(url.path, &status) != 0
    if !failed { try Self.checkKind(status, name: name) }
    let opened = failed ? -1 : unsafe open(url.path, O_RDONLY | O_CLOEXEC)
    if opened >= 0 { failed = unsafe fstat(opened, &status) != 0 }
    guard opened >= 0, !failed else {
      let code = errno
      if opened >= 0 { close(opened) }
      let isAway = FileContent.isAbsence(code)
      throw AudioError(
        file: name, fault: isAway ? .missing : .refused(Refusal.reason(code)))
    }
    descriptor = opened
    (stamp, count) = (FileStamp(status), Int(status.st_size))
    try Self.checkKind(status, name: name)
    if count == 0 { throw AudioError(file: name, fault: .empty) }
  }

  /// Takes over a descriptor that is open already, such as that of a temporary file.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    stamp = nil
    count = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  deinit { close(descriptor) }

  /// The descriptor of a new file without a name, which the system removes when this program ends in any way.
  static func temporary(in folder: URL) throws(Refusal) -> Int32 {
    let path = folder.appending(
      path: "valence-\(UUID().uuidString).wav", directoryHint: .notDirectory
    ).path
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Refusal(code: errno) }
    unsafe unlink(path)
    return descriptor
  }

  private static func checkKind(_ status: stat, name: String) throws(AudioError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw AudioError(file: name, fault: .directory)
    default: throw AudioError(file: name, fault: .notARegularFile)
    }
  }

  /// Copies bytes from a place of the file to memory; fewer than asked for at its end.
  func read(at offset: Int, into memory: UnsafeMutableRawBufferPointer) throws(Refusal) -> Int {
    guard let base = memory.baseAddress, offset >= 0 else { return 0 }
    var done = 0
    while done < memory.count {
      let got = unsafe pread(
        descriptor, base + done, memory.count - done, off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw Refusal(code: errno)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// The bytes from a place on; fewer than asked for at the end of the file.
  func bytes(at offset: Int, _ count: Int) throws(Refusal) -> [UInt8] {
    let wanted = min(count, self.count - offset)
    guard offset >= 0, wanted > 0 else { return [] }
    var refusal: Refusal?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { memory, filled in
      do throws(Refusal) {
        filled = unsafe try read(at: offset, into: UnsafeMutableRawBufferPointer(memory))
      } catch {
        refusal = error
      }
    }
    if let refusal { throw refusal }
    return bytes
  }
}

/// Looks at the bytes of a file in order, or nearly so, some at a time.
struct ByteWindow {
  let file: FileBytes
  /// The bytes that are read at once.
  private let step: Int
  private var block: [UInt8] = []
  private var start = 0

  init(_ file: FileBytes, step: Int = 1 << 12) { (self.file, self.step) = (file, step) }

  /// At least `count` bytes from a place on, unless the file ends before; none behind its end.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand them out.
  mutating func bytes(at offset: Int, _ count: Int) throws(FileBytes.Refusal) -> ArraySlice<UInt8> {
    if offset < start || offset + count > start + block.count {
      block = try file.bytes(at: offset, max(count, step))
      start = offset
    }
    return block[(offset - start)..<min(block.count, offset - start + count)]
  }
}

extension Collection<UInt8> {
  /// The number that these bytes are, the first being the highest.
  var bigEndian: Int { Int(clamping: reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }

  /// The number that these bytes are, the first being the lowest.
  var littleEndian: Int { Int(clamping: reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
}
