import ValenceCore

@testable import ValenceEncoders

/// A zip archive of stored entries, made byte by byte so that a test can lie in any of them.
struct ArchiveBytes {
  private(set) var bytes: [UInt8] = []
  /// Where the header of each entry begins.
  private(set) var headers: [Int] = []
  /// Where the directory's record of each entry begins.
  private(set) var records: [Int] = []
  /// Where the record at the end begins.
  private(set) var end = 0

  /// Where the record of 64-bit numbers begins, of a large archive.
  private(set) var largeEnd = 0
  private let isLarge: Bool

  /// - Parameter isLarge: whether all numbers are written as those of archives above 4 GB are (zip64).
  init(_ entries: [(name: String, content: [UInt8])], isLarge: Bool = false) {
    self.isLarge = isLarge
    for (name, content) in entries {
      headers.append(bytes.count)
      add(0x0403_4B50 as UInt32)
      add(20 as UInt16)
      addCommon(name, content, extra: 20)
      bytes += Array(name.utf8)
      addExtra([content.count, content.count])
      bytes += content
    }
    let directory = bytes.count
    for (index, (name, content)) in entries.enumerated() {
      records.append(bytes.count)
      add(0x0201_4B50 as UInt32)
      add(20 as UInt16)
      add(20 as UInt16)
      addCommon(name, content, extra: 28)
      bytes += [UInt8](repeating: 0, count: 10)
      add(isLarge ? UInt32.max : UInt32(headers[index]))
      bytes += Array(name.utf8)
      addExtra([content.count, content.count, headers[index]])
    }
    let size = bytes.count - directory
    if isLarge { addLargeEnd(count: entries.count, size: size, start: directory) }
    end = bytes.count
    add(0x0605_4B50 as UInt32)
    add(0 as UInt32)
    for _ in 0..<2 { add(isLarge ? UInt16.max : UInt16(entries.count)) }
    add(isLarge ? UInt32.max : UInt32(size))
    add(isLarge ? UInt32.max : UInt32(directory))
    add(0 as UInt16)
  }

  /// A state_dict as PyTorch lays it out.
  init(pickle: [UInt8], storages: [String: [UInt8]] = [:], more: [(String, [UInt8])] = []) {
    self.init(
      [("x/data.pkl", pickle)] + more
        + storages.sorted { $0.key < $1.key }.map { ("x/data/\($0.key)", $0.value) })
  }

  /// Flags, method, time, checksum, sizes and the lengths of name and extra field.
  private mutating func addCommon(_ name: String, _ content: [UInt8], extra: Int) {
    var crc = CRC32()
    crc.add(content, count: content.count)
    add(0 as UInt64)
    add(crc.value)
    for _ in 0..<2 { add(isLarge ? UInt32.max : UInt32(content.count)) }
    add(UInt16(name.utf8.count))
    // Behind another field, as writers of times and owners leave them.
    add(isLarge ? UInt16(extra + 5) : 0)
  }

  private mutating func addExtra(_ numbers: [Int]) {
    guard isLarge else { return }
    bytes += [0x55, 0x54, 1, 0, 7]
    add(1 as UInt16)
    add(UInt16(8 * numbers.count))
    for number in numbers { add(UInt64(number)) }
  }

  private mutating func addLargeEnd(count: Int, size: Int, start: Int) {
    largeEnd = bytes.count
    add(0x0606_4B50 as UInt32)
    add(44 as UInt64)
    add(0x002D_002D as UInt32)
    add(0 as UInt64)
    for number in [count, count, size, start] { add(UInt64(number)) }
    add(0x0706_4B50 as UInt32)
    add(0 as UInt32)
    add(UInt64(largeEnd))
    add(1 as UInt32)
  }

  private mutating func add(_ number: some FixedWidthInteger) {
    for byte in 0..<(number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> (8 * byte)))
    }
  }

  /// The same with another number at some places.
  func with(_ number: some FixedWidthInteger, at places: Int...) -> [UInt8] {
    var bytes = bytes
    for place in places {
      for byte in 0..<(number.bitWidth / 8) {
        bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
      }
    }
    return bytes
  }
}

/// Pieces of a pickle.
enum PickleBytes {
  static func text(_ text: String) -> [UInt8] {
    let length = UInt32(text.utf8.count)
    return [0x58] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(text.utf8)
  }

  static func number(_ number: Int) -> [UInt8] {
    let bits = UInt32(bitPattern: Int32(number))
    return [0x4A] + (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] {
    [0x28] + items.flatMap { $0 } + [0x74]
  }

  static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
    tuple([text("storage"), global("torch", type), text(key), text("cpu"), number(count)]) + [0x51]
  }

  static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, number(offset), tuple(shape.map(number)), tuple(strides.map(number)), [0x89],
        global("collections", "OrderedDict") + [0x29, 0x52],
      ]) + [0x52]
  }

  /// A whole pickle of one dictionary.
  static func dictionary(_ items: [(name: [UInt8], value: [UInt8])]) -> [UInt8] {
    [0x80, 2, 0x7D, 0x28] + items.flatMap { $0.name + $0.value } + [0x75, 0x2E]
  }

  /// A whole pickle of one tensor, `a`.
  static func one(_ tensor: [UInt8]) -> [UInt8] { dictionary([(text("a"), tensor)]) }
}
