package import Foundation

extension [Float] {
  /// The floats that a run of bytes holds, little-endian, one after another.
  ///
  /// One copy of memory: features are read so in every step of training, and safe Swift, which puts
  /// each float together from its bytes, takes eight times as long.
  package init(littleEndian bytes: Data) {
    precondition(bytes.count.isMultiple(of: 4), "\(bytes.count) bytes are no whole floats")
    let count = bytes.count / 4
    unsafe self.init(unsafeUninitializedCapacity: count) { target, initialized in
      _ = unsafe bytes.copyBytes(to: UnsafeMutableRawBufferPointer(target))
      initialized = count
    }
    #if _endian(big)
      for index in indices { self[index] = Float(bitPattern: self[index].bitPattern.byteSwapped) }
    #endif
  }

  /// The floats as bytes, little-endian, one after another.
  package var littleEndianBytes: Data {
    #if _endian(big)
      let values = map { Float(bitPattern: $0.bitPattern.byteSwapped) }
    #else
      let values = self
    #endif
    return unsafe values.withUnsafeBytes { unsafe Data($0) }
  }
}
