package import Foundation

/// Named float arrays in the safetensors format (Hugging Face, 2022): what checkpoints, test
/// fixtures and exported features are kept in.
///
/// Layout: eight bytes of header length (little-endian), a JSON header that gives each array's type,
/// shape and byte range, then the values. Keys are written in alphabetical order, so equal contents
/// give equal bytes.
package struct Safetensors: Sendable, Equatable {
  /// One array: `values` in row-major order of `shape`.
  package struct Array: Sendable, Equatable {
    /// The extent along each axis; empty for a single number.
    package var shape: [Int]
    /// The values, as many as the product of `shape`.
    package var values: [Float]

    /// Makes an array; the number of values must fit the shape.
    package init(shape: [Int], values: [Float]) {
      precondition(
        shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// The arrays by name.
  package var arrays: Arrays
  /// Free text beside the arrays (the header's `__metadata__`).
  package var metadata: [String: String]

  package init(arrays: [String: Array] = [:], metadata: [String: String] = [:]) {
    self.arrays = Arrays(arrays)
    self.metadata = metadata
  }

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The file's bytes.
  package func encoded() throws -> Data {
    var entries: [(name: String, entry: Entry)] = []
    var body: [UInt8] = []
    body.reserveCapacity(4 * arrays.reduce(0) { $0 + $1.value.values.count })
    for (name, array) in arrays {
      let start = body.count
      for value in array.values { Self.append(value.bitPattern, to: &body) }
      let entry = Entry(dtype: "F32", shape: array.shape, data_offsets: [start, body.count])
      entries.append((name, entry))
    }
    var json = try header(entries)
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    var length: [UInt8] = []
    Self.append(UInt64(json.count), to: &length)
    return Data(length) + json + Data(body)
  }

  private func header(_ entries: [(name: String, entry: Entry)]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header: [String: any Encodable] = [:]
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    let notes = header.count
    for (name, entry) in entries { header[name] = entry }
    if header.count == notes + entries.count {
      return try encoder.encode(header.mapValues(AnyEncodable.init))
    }
    // The encoder takes names that differ in Unicode normalization only for one, so each is written alone.
    var members = try entries.map { try encoder.encode([$0.name: $0.entry]).dropFirst().dropLast() }
    if notes > 0 {
      members.insert(
        try encoder.encode(["__metadata__": metadata]).dropFirst().dropLast(), at: 0)
    }
    return Data("{".utf8) + Data(members.joined(separator: Data(",".utf8))) + Data("}".utf8)
  }

  private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    for byte in 0..<(T.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
    }
  }

  /// Reads a file's bytes; arrays of type F32, F64, I64 and I32 are read, all as `Float`.
  ///
  /// - Parameters:
  ///   - name: what errors call the file.
  ///   - isOwn: whether Valence wrote it, whose arrays are all of type F32.
  /// - Throws: `SafetensorsError` that names the file and what is wrong with it.
  package init(decoding data: Data, name: String, isOwn: Bool = false) throws {
    let bytes = [UInt8](data)
    guard bytes.count >= 8 else { throw SafetensorsError(file: name, reason: "it is too short") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(bytes.count - 8) else {
      throw SafetensorsError(file: name, reason: "its header is cut off")
    }
    let start = 8 + Int(length)
    let header: Header
    do {
      header = try Header(bytes[8..<start])
    } catch {
      throw SafetensorsError(file: name, reason: error.reason)
    }
    arrays = Arrays()
    metadata = header.metadata
    for entry in header.entries {
      if isOwn, entry.dtype != "F32" {
        throw SafetensorsError(
          file: name, reason: "\(entry.name) has the type \(entry.dtype) where F32 should be")
      }
      arrays[entry.name] = try Self.array(entry, bytes: bytes[start...], file: name)
    }
    guard header.end == bytes.count - start else {
      throw SafetensorsError(file: name, reason: "bytes follow its last array")
    }
  }

  private static func array(
    _ entry: Header.Entry, bytes: ArraySlice<UInt8>, file: String
  ) throws -> Array {
    let key = entry.name
    let sizes = ["F32": 4, "F64": 8, "I64": 8, "I32": 4]
    guard let size = sizes[entry.dtype] else {
      throw SafetensorsError(file: file, reason: "\(key) has the unsupported type \(entry.dtype)")
    }
    var count = 1
    for extent in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product <= bytes.count else {
        throw SafetensorsError(file: file, reason: "\(key) has an impossible shape")
      }
      count = product
    }
    guard entry.start <= entry.end, entry.end <= bytes.count,
      entry.end - entry.start == count * size
    else {
      throw SafetensorsError(file: file, reason: "\(key) lies outside the file or is cut off")
    }
    let first = bytes.startIndex + entry.start
    let values = (0..<count).map { index -> Float in
      let at = first + index * size
      var word: UInt64 = 0
      for byte in 0..<size { word |= UInt64(bytes[at + byte]) << (8 * UInt64(byte)) }
      return switch entry.dtype {
      case "F32": Float(bitPattern: UInt32(truncatingIfNeeded: word))
      case "F64": Float(Double(bitPattern: word))
      case "I32": Float(Int32(bitPattern: UInt32(truncatingIfNeeded: word)))
      default: Float(Int64(bitPattern: word))
      }
    }
    return Array(shape: entry.shape, values: values)
  }
}

/// Why a safetensors file cannot be read.
package struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  package let file: String
  /// The fault.
  package let reason: String

  /// Says what is wrong with a file.
  package init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  package var description: String {
    "\(file): this is not a whole safetensors file: \(reason); write it again."
  }
}

private struct AnyEncodable: Encodable {
  let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
