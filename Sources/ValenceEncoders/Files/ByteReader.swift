/// Takes little-endian numbers and runs of bytes from the front of others.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var place: Int
  private let end: Int

  /// The bytes end before what should be there.
  struct Cut: Error {}

  init(_ bytes: [UInt8]) {
    (self.bytes, place, end) = (bytes, 0, bytes.count)
  }

  /// The number of bytes that are left.
  var left: Int { end - place }

  mutating func byte() throws(Cut) -> UInt8 {
    guard place < end else { throw Cut() }
    place += 1
    return bytes[place - 1]
  }

  /// A number, whose lowest byte comes first.
  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
    _: Number.Type
  ) throws(Cut) -> Number {
    var number: Number = 0
    for index in 0..<(Number.bitWidth / 8) {
      number |= Number(truncatingIfNeeded: try byte()) << Number(8 * index)
    }
    return number
  }

  /// A number as `Int`; one that is larger lies behind any file's end.
  mutating func int<Number: FixedWidthInteger & UnsignedInteger>(
    _: Number.Type
  ) throws(Cut) -> Int {
    Int(clamping: try number(Number.self))
  }

  mutating func run(_ count: Int) throws(Cut) -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw Cut() }
    place += count
    return bytes[(place - count)..<place]
  }

  /// The bytes up to the end of a line, which is passed over.
  mutating func line() throws(Cut) -> ArraySlice<UInt8> {
    guard let end = bytes[place..<end].firstIndex(of: UInt8(ascii: "\n")) else { throw Cut() }
    let line = bytes[place..<end]
    place = end + 1
    return line
  }
}
