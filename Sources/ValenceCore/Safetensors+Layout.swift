extension Safetensors {
  /// Where the arrays of a file lie; all that its header says is checked.
  struct Layout: Sendable {
    /// The place, type and shape of an array.
    struct Place: Sendable {
      var name: String
      var dtype: String
      var shape: [Int]
      var count: Int
      /// The first byte, from the beginning of the file.
      var start: Int
    }

    let places: [Place]
    let metadata: [String: String]

    /// The longest header that the format allows.
    private static let longestHeader = 100_000_000

    /// Reads the header of a file.
    init(_ source: some ByteSource) throws(Header.Fault) {
      guard source.count >= 8 else { throw Header.Fault(reason: "it is too short") }
      let length = try Self.bytes(0..<8, source).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      guard length <= UInt64(source.count - 8) else {
        throw Header.Fault(reason: "its header is cut off")
      }
      guard length <= UInt64(Self.longestHeader) else {
        throw Header.Fault(reason: "its header is longer than \(Self.longestHeader) bytes")
      }
      let start = 8 + Int(length)
      let header = try Header(Self.bytes(8..<start, source))
      let size = source.count - start
      var places: [Place] = []
      for entry in header.entries {
        let count = try Self.count(entry, size: size)
        places.append(
          Place(
            name: entry.name, dtype: entry.dtype, shape: entry.shape, count: count,
            start: start + entry.start))
      }
      guard header.end == size else { throw Header.Fault(reason: "bytes follow its last array") }
      self.places = places
      metadata = header.metadata
    }

    /// The values of an array.
    static func values(
      _ place: Place, _ source: some ByteSource
    ) throws(Header.Fault) -> [Float] {
      guard let format = NumberFormat(rawValue: place.dtype) else {
        throw Header.Fault(reason: "\(place.name) has the unsupported type \(place.dtype)")
      }
      do {
        return try format.floats(place.count, of: source, at: place.start)
      } catch {
        throw Header.Fault(reason: error.reason)
      }
    }

    /// The number of values of an array, which fill its bytes.
    private static func count(_ entry: Header.Entry, size: Int) throws(Header.Fault) -> Int {
      let name = entry.name
      var count = 1
      for extent in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        // Some types take less than a byte a value.
        guard extent >= 0, !overflow, product / 8 <= size else {
          throw Header.Fault(reason: "\(name) has an impossible shape")
        }
        count = product
      }
      guard entry.start <= entry.end, entry.end <= size else {
        throw Header.Fault(reason: "\(name) lies outside the file or is cut off")
      }
      if let format = NumberFormat(rawValue: entry.dtype) {
        let (length, overflow) = count.multipliedReportingOverflow(by: format.size)
        guard !overflow, entry.end - entry.start == length else {
          throw Header.Fault(
            reason: "\(name) lies outside the file or is cut off")
        }
      }
      return count
    }

    private static func bytes(
      _ range: Range<Int>, _ source: some ByteSource
    ) throws(Header.Fault) -> [UInt8] {
      do {
        return try source.bytes(range)
      } catch {
        throw Header.Fault(reason: error.reason)
      }
    }
  }
}
