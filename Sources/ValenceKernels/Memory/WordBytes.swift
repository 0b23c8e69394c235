package import Foundation

extension [UInt64] {
  /// Reads 64-bit words, the lowest byte first; bytes behind the last whole word are not read.
  package init(littleEndian bytes: Data) {
    let count = bytes.count / 8
    self = unsafe [UInt64](unsafeUninitializedCapacity: count) { words, filled in
      unsafe UnsafeMutableRawBufferPointer(words).copyBytes(from: bytes.prefix(8 * count))
      for index in 0..<count { unsafe words[index] = UInt64(littleEndian: words[index]) }
      filled = count
    }
  }

  /// The words as bytes, the lowest byte of each first.
  package var littleEndianBytes: Data {
    let words = map(\.littleEndian)
    return unsafe words.withUnsafeBytes { unsafe Data($0) }
  }
}
