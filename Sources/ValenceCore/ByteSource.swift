package import Foundation

/// Bytes that numbers are read from, of a file or in memory.
package protocol ByteSource: Sendable {
  /// The number of bytes.
  var count: Int { get }

  /// Puts the bytes from `place` on into the first elements of a buffer.
  ///
  /// The numbers are as the file holds them, little-endian, like those of every processor that Valence
  /// runs on.
  func fill<Number: StoredNumber>(
    _ buffer: inout [Number], count: Int, at place: Int
  ) throws(ByteFault)
}

/// A number whose bytes may be any bytes.
package protocol StoredNumber: BitwiseCopyable, Sendable {
  static var zero: Self { get }
}

extension UInt8: StoredNumber {}
extension UInt16: StoredNumber {}
extension UInt64: StoredNumber {}
extension Int32: StoredNumber {}
extension Int64: StoredNumber {}
extension Float: StoredNumber {}
extension Double: StoredNumber {}

/// Why bytes cannot be had, in a clause.
package struct ByteFault: Error, Hashable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }

  /// The bytes end too early.
  package static let cut = ByteFault("it ends too early")
}

extension ByteSource {
  /// A run of bytes.
  package func bytes(_ range: Range<Int>) throws(ByteFault) -> [UInt8] {
    guard range.upperBound <= count else { throw .cut }
    var bytes = [UInt8](repeating: 0, count: range.count)
    try fill(&bytes, count: range.count, at: range.lowerBound)
    return bytes
  }
}

/// Bytes in memory.
package struct ByteData: ByteSource {
  private let data: Data

  package init(_ data: Data) { self.data = data }

  package var count: Int { data.count }

  package func fill<Number: StoredNumber>(
    _ buffer: inout [Number], count: Int, at place: Int
  ) throws(ByteFault) {
    let size = count * MemoryLayout<Number>.size
    guard count <= buffer.count, place >= 0, place <= data.count, data.count - place >= size else {
      throw .cut
    }
    let first = data.startIndex + place
    unsafe buffer.withUnsafeMutableBytes {
      _ = unsafe data.copyBytes(to: $0, from: first..<(first + size))
    }
  }
}

/// A file that is read here and there, by any thread, and never as a whole.
package final class ByteFile: ByteSource {
  private let descriptor: CInt
  package let count: Int

  /// Opens a file.
  ///
  /// A pipe would wait for its writer, so nothing but a regular file is opened.
  package init(_ url: URL) throws(ByteFault) {
    // Not to wait concerns pipes alone; reading a regular file is not changed by it.
    descriptor = unsafe open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ByteFault("it cannot be opened (\(Self.complaint()))") }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      count = 0
      throw ByteFault("it cannot be read (\(Self.complaint()))")
    }
    count = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else { throw ByteFault("it is no regular file") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func fill<Number: StoredNumber>(
    _ buffer: inout [Number], count: Int, at place: Int
  ) throws(ByteFault) {
    let size = count * MemoryLayout<Number>.size
    guard count <= buffer.count, place >= 0, place <= self.count, self.count - place >= size else {
      throw .cut
    }
    var fault: ByteFault?
    unsafe buffer.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < size, fault == nil {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<size])
        let length = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(place + done))
        if length > 0 {
          done += length
        } else if length == 0 {
          // The file became shorter since it was opened.
          fault = .cut
        } else if errno != EINTR {
          fault = ByteFault("it cannot be read (\(Self.complaint()))")
        }
      }
    }
    if let fault { throw fault }
  }

  private static func complaint() -> String { unsafe String(cString: strerror(errno)) }
}
