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

  /// Reads a file's bytes; arrays of the types of `NumberFormat` are read, all as `Float`.
  ///
  /// - Parameters:
  ///   - name: what errors call the file.
  ///   - isOwn: whether Valence wrote it, whose arrays are all of type F32.
  /// - Throws: `SafetensorsError` that names the file and what is wrong with it.
  package init(decoding data: Data, name: String, isOwn: Bool = false) throws {
    let source = ByteData(data)
    do {
      let layout = try Layout(source)
      arrays = Arrays()
      metadata = layout.metadata
      for place in layout.places {
        if isOwn, place.dtype != "F32" {
          throw Header.Fault(
            reason: "\(place.name) has the type \(place.dtype) where F32 should be")
        }
        arrays[place.name] = Array(
          shape: place.shape, values: try Layout.values(place, source))
      }
    } catch let error as Header.Fault {
      throw SafetensorsError(file: name, reason: error.reason)
    }
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
