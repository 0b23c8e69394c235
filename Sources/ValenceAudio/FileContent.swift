import Foundation
package import ValenceCore

/// The bytes of a file on the disk, of any format.
package enum FileContent {
  /// A file's bytes by their digest, and what the system said of it while they were read.
  package struct Reading: Hashable, Sendable {
    /// The digest of all bytes.
    package let digest: Digest
    /// The stamp, which was the same before and after.
    package let stamp: FileStamp
    /// Whether any later change would show in the stamp.
    package let isSettled: Bool
  }

  /// A file's stamp; nil where there is no regular file: nothing, a folder, a device, a link to nowhere.
  ///
  /// - Throws: `AudioError` with `.refused` where the system does not tell: a folder that may not be
  ///   entered, a disk or a server that does not answer.
  package static func stamp(of path: String) throws(AudioError) -> FileStamp? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if isAbsence(errno) { return nil }
      throw refused(path)
    }
    return FileStamp(status)
  }

  /// Reads all bytes of a file; nil where there is no regular file.
  ///
  /// In pieces and not by a mapping, which ends the program if somebody cuts the file off meanwhile.
  /// - Throws: `AudioError` with `.refused` where there is a file that cannot be opened or read to its
  ///   end, or that changes each time while it is read.
  package static func reading(of path: String) throws(AudioError) -> Reading? {
    // A pipe would wait for its writer.
    guard try stamp(of: path) != nil else { return nil }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if isAbsence(errno) { return nil }
      throw refused(path)
    }
    defer { close(descriptor) }
    for _ in 0..<3 {
      guard let before = try stamp(ofOpen: descriptor, path: path) else { return nil }
      let nowNs = Self.nowNs()
      let digest = try digest(ofOpen: descriptor, path: path)
      if try stamp(ofOpen: descriptor, path: path) == before {
        return Reading(digest: digest, stamp: before, isSettled: before.isSettled(at: nowNs))
      }
    }
    throw AudioError(
      file: path, fault: .refused("it changes while it is read; wait until it is whole"))
  }

  /// The present, in nanoseconds since 1970.
  package static func nowNs() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.nanoseconds
  }

  private static func digest(
    ofOpen descriptor: CInt, path: String
  ) throws(AudioError) -> Digest {
    guard lseek(descriptor, 0, CInt(SEEK_SET)) == 0 else { throw refused(path) }
    var hash = ByteDigest()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw refused(path) }
      if count == 0 { return hash.digest() }
      hash.add(buffer[..<count])
    }
  }

  private static func stamp(
    ofOpen descriptor: CInt, path: String
  ) throws(AudioError) -> FileStamp? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw refused(path) }
    return FileStamp(status)
  }

  /// The reasons by which a path leads to no file at all, on any machine that has these data.
  static func isAbsence(_ reason: CInt) -> Bool {
    [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(reason)
  }

  /// The error for the present `errno`.
  private static func refused(_ path: String) -> AudioError {
    AudioError(file: path, fault: .refused(unsafe String(cString: strerror(errno))))
  }
}

extension FileStamp {
  /// The stamp of a regular file.
  init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      modifiedNs: status.st_mtim.nanoseconds, changedNs: status.st_ctim.nanoseconds)
  }
}

extension timespec {
  /// The whole as a number; the year 2262 is the last one that it reaches.
  fileprivate var nanoseconds: Int64 { Int64(tv_sec) &* 1_000_000_000 &+ Int64(tv_nsec) }
}
