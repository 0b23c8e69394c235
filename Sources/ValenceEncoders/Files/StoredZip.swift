import ValenceCore

/// The entries of a zip archive that are stored as they are, which is how PyTorch writes its files.
///
/// Both headers of each entry have to agree, no byte may belong to two entries, and nothing may stand in
/// front of the first or behind the end: an archive that two readers could understand differently is refused.
struct StoredZip: Sendable {
  struct Entry: Sendable, Hashable {
    var name: String
    /// The first byte of its content, from the beginning of the file.
    var start: Int
    var size: Int
    /// The checksum of its content; 0 where its writer left it out, as PyTorch can be told to.
    var checksum: UInt32
  }

  /// By name.
  let entries: [String: Entry]

  /// The longest directory that is read: that of some hundred thousand arrays.
  private static let longestDirectory = 1 << 24

  init(_ file: ByteFile) throws {
    let end = try ZipEnd(file)
    guard end.size <= Self.longestDirectory else {
      throw WeightFault.damaged("its directory of \(end.size) bytes is longer than any model's")
    }
    var reader = ByteReader(try file.bytes(end.start..<(end.start + end.size)))
    var found: [(entry: Entry, header: Int)] = []
    var names: Set<String> = []
    for _ in 0..<end.count {
      let record = try ZipRecord(&reader)
      guard names.insert(record.name).inserted else {
        throw WeightFault.damaged("its entry \(record.name) stands in it twice")
      }
      found.append((try record.entry(file), record.header))
    }
    guard reader.left == 0 else {
      throw WeightFault.damaged("its directory holds more than it counts")
    }
    var last = 0
    for (entry, header) in found.sorted(by: { $0.header < $1.header }) {
      guard header >= last else {
        throw WeightFault.damaged("its entry \(entry.name) begins within another")
      }
      last = entry.start + entry.size
    }
    guard last <= end.start else {
      throw WeightFault.damaged("an entry of it reaches into its directory")
    }
    entries = Dictionary(uniqueKeysWithValues: found.map { ($0.entry.name, $0.entry) })
  }

  /// Holds an entry's content against its checksum.
  static func check(_ entry: Entry, _ file: ByteFile) throws {
    guard entry.checksum != 0 else { return }
    var crc = CRC32()
    var buffer = [UInt8](repeating: 0, count: min(entry.size, 1 << 16))
    var done = 0
    while done < entry.size {
      let count = min(buffer.count, entry.size - done)
      try file.fill(&buffer, count: count, at: entry.start + done)
      crc.add(buffer, count: count)
      done += count
    }
    guard crc.value == entry.checksum else {
      throw WeightFault.damaged(
        "the content of its entry \(entry.name) has another checksum than noted")
    }
  }
}

/// Where the directory of an archive lies, as the record at the file's end says.
private struct ZipEnd {
  var start: Int
  var size: Int
  var count: Int

  init(_ file: ByteFile) throws {
    // A comment of up to 65,535 bytes may follow the record.
    let tail = max(0, file.count - 22 - 65_535)
    let bytes = try file.bytes(tail..<file.count)
    guard
      let at = stride(from: bytes.count - 22, through: 0, by: -1).first(where: {
        bytes[$0...].starts(with: [0x50, 0x4B, 5, 6])
          && Int(bytes[$0 + 20]) + Int(bytes[$0 + 21]) << 8 == bytes.count - $0 - 22
      })
    else { throw WeightFault.damaged("its end is missing") }
    var reader = ByteReader(Array(bytes[(at + 4)...]))
    let disks = try reader.number(UInt32.self)
    let here = try reader.int(UInt16.self)
    count = try reader.int(UInt16.self)
    size = try reader.int(UInt32.self)
    start = try reader.int(UInt32.self)
    guard disks == 0, here == count else {
      throw WeightFault.damaged("it is a part of an archive in several files")
    }
    var end = tail + at
    let numbers = [(count, 0xFFFF), (size, 0xFFFF_FFFF), (start, 0xFFFF_FFFF)]
    if try readLarge(file, before: end) {
      end -= 76
      // The old record has the same numbers, or all ones in their place.
      guard zip(numbers, [count, size, start]).allSatisfy({ $0.0 == $1 || $0.0 == $0.1 }) else {
        throw WeightFault.damaged("its two ends say different things")
      }
    }
    let (sum, overflows) = start.addingReportingOverflow(size)
    guard !overflows, sum == end else {
      throw WeightFault.damaged("its directory is not where its end says")
    }
    // Each record of the directory has at least 46 bytes.
    guard count <= size / 46 else {
      throw WeightFault.damaged("its directory is too short for its \(count) entries")
    }
  }

  /// Reads the record of 64-bit numbers (zip64) and its locator, if they stand in front of the end:
  /// PyTorch writes them always, others for large files.
  private mutating func readLarge(_ file: ByteFile, before end: Int) throws -> Bool {
    guard end >= 76 else { return false }
    var reader = ByteReader(try file.bytes((end - 20)..<end))
    guard try reader.number(UInt32.self) == 0x0706_4B50 else { return false }
    let disk = try reader.number(UInt32.self)
    let record = try reader.int(UInt64.self)
    let disks = try reader.number(UInt32.self)
    guard disk == 0, disks <= 1, record == end - 76 else {
      throw WeightFault.damaged("its end does not say where its directory is")
    }
    reader = ByteReader(try file.bytes(record..<(end - 20)))
    let isRecord = try reader.number(UInt32.self) == 0x0606_4B50
    let length = try reader.int(UInt64.self)
    _ = try reader.run(4)
    let both = try reader.number(UInt64.self)
    let here = try reader.int(UInt64.self)
    count = try reader.int(UInt64.self)
    size = try reader.int(UInt64.self)
    start = try reader.int(UInt64.self)
    guard isRecord, length == 44, both == 0, here == count else {
      throw WeightFault.damaged("its end does not say where its directory is")
    }
    return true
  }
}
