import ValenceCore

/// What the directory of an archive says of an entry.
struct ZipRecord {
  let name: String
  /// Where the entry's own header begins.
  private(set) var header: Int
  private var size: Int
  private let checksum: UInt32
  private let flags: UInt16
  private let method: UInt16

  /// Takes the next record of the directory.
  init(_ reader: inout ByteReader) throws {
    guard try reader.number(UInt32.self) == 0x0201_4B50 else {
      throw WeightFault.damaged("its directory is damaged")
    }
    _ = try reader.run(4)
    flags = try reader.number(UInt16.self)
    method = try reader.number(UInt16.self)
    _ = try reader.run(4)
    checksum = try reader.number(UInt32.self)
    var packed = try reader.int(UInt32.self)
    size = try reader.int(UInt32.self)
    let nameLength = try reader.int(UInt16.self)
    let extraLength = try reader.int(UInt16.self)
    let commentLength = try reader.int(UInt16.self)
    let disk = try reader.number(UInt16.self)
    _ = try reader.run(6)
    header = try reader.int(UInt32.self)
    name = try Self.text(reader.run(nameLength))
    var extra = ByteReader(Array(try reader.run(extraLength)))
    _ = try reader.run(commentLength)
    try readLarge(&extra, packed: &packed)
    guard flags & 0x2041 == 0 else { throw WeightFault.damaged("its entry \(name) is encrypted") }
    guard method == 0 else {
      throw WeightFault.foreign("its entry \(name) is compressed, which PyTorch's own never are")
    }
    guard packed == size, disk == 0 else {
      throw WeightFault.damaged("what its directory says of \(name) cannot be")
    }
  }

  /// Reads the numbers of 64 bits (zip64) in the place of those that are all ones.
  private mutating func readLarge(_ extra: inout ByteReader, packed: inout Int) throws {
    let marker = 0xFFFF_FFFF
    guard size == marker || packed == marker || header == marker else { return }
    while extra.left >= 4 {
      let kind = try extra.number(UInt16.self)
      let length = try extra.int(UInt16.self)
      var field = ByteReader(Array(try extra.run(length)))
      guard kind == 1 else { continue }
      if size == marker { size = try field.int(UInt64.self) }
      if packed == marker { packed = try field.int(UInt64.self) }
      if header == marker { header = try field.int(UInt64.self) }
      return
    }
    throw WeightFault.damaged("its directory does not say how long \(name) is")
  }

  /// Reads the entry's own header, which has to say the same.
  func entry(_ file: ByteFile) throws -> StoredZip.Entry {
    guard header <= file.count - 30 else {
      throw WeightFault.damaged("its entry \(name) lies outside the file")
    }
    var reader = ByteReader(try file.bytes(header..<(header + 30)))
    let isHeader = try reader.number(UInt32.self) == 0x0403_4B50
    _ = try reader.run(2)
    let flags = try reader.number(UInt16.self)
    let method = try reader.number(UInt16.self)
    _ = try reader.run(4)
    let checksum = try reader.number(UInt32.self)
    let sizes = [try reader.int(UInt32.self), try reader.int(UInt32.self)]
    let nameLength = try reader.int(UInt16.self)
    let extraLength = try reader.int(UInt16.self)
    let start = header + 30 + nameLength + extraLength
    guard start <= file.count, size <= file.count - start else {
      throw WeightFault.damaged("its entry \(name) lies outside the file")
    }
    let name = try file.bytes((header + 30)..<(header + 30 + nameLength))
    // A writer that did not know size and checksum yet says so by a flag and notes them behind the content.
    let isLater = flags & 8 != 0
    let known = [0xFFFF_FFFF, size]
    let fits =
      sizes.allSatisfy { known.contains($0) || isLater && $0 == 0 }
      && (checksum == self.checksum || isLater && checksum == 0)
    guard isHeader, flags == self.flags, method == self.method, name.elementsEqual(self.name.utf8),
      fits
    else {
      throw WeightFault.damaged("its entry \(self.name) and its directory say different things")
    }
    return StoredZip.Entry(name: self.name, start: start, size: size, checksum: self.checksum)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
    guard bytes.allSatisfy({ (0x20..<0x7F).contains($0) }),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw WeightFault.damaged("the name of one of its entries is not ASCII") }
    return text
  }
}
