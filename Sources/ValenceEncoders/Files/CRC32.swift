/// The checksum of zip archives (IEEE 802.3), eight bytes at a time.
struct CRC32 {
  private var state: UInt32 = .max

  /// What a byte does to the checksum when seven … no bytes follow it.
  private static let table: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      table[byte] = value
    }
    for index in 256..<table.count {
      let before = table[index - 256]
      table[index] = before >> 8 ^ table[Int(before & 0xFF)]
    }
    return table
  }()

  /// The checksum of all bytes so far.
  var value: UInt32 { ~state }

  /// Adds the next bytes.
  mutating func add(_ bytes: [UInt8], count: Int) {
    let table = Self.table.span
    let bytes = bytes.span
    var state = state
    var index = 0
    while index + 8 <= count {
      var low = state
      var high: UInt32 = 0
      for byte in 0..<4 {
        low ^= UInt32(bytes[index + byte]) << UInt32(8 * byte)
        high |= UInt32(bytes[index + 4 + byte]) << UInt32(8 * byte)
      }
      state = 0
      for byte in 0..<4 {
        let shift = UInt32(8 * byte)
        state ^= table[(7 - byte) << 8 | Int(low >> shift & 0xFF)]
        state ^= table[(3 - byte) << 8 | Int(high >> shift & 0xFF)]
      }
      index += 8
    }
    while index < count {
      state = state >> 8 ^ table[Int((state ^ UInt32(bytes[index])) & 0xFF)]
      index += 1
    }
    self.state = state
  }
}
