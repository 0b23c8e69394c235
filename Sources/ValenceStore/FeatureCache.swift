package import Foundation
package import ValenceCore
import ValenceKernels

/// Matrices of floats on disk, keyed by the digest of everything that they depend on.
///
/// Each is a file of its own, read on demand: the system's page cache keeps what is read often, once for all
/// trials, and gives the memory back when it runs short. A file is written under a draft name and then
/// renamed, so concurrent writers never expose a partial one, and it holds a checksum: a damaged file counts
/// as missing. The folder can be deleted at any time.
///
/// What a digest is of is said by `ExtractionSettings.entries` and `ClipLoader`. Numbers that change under
/// the same digest would go on being read from here, so `FeatureKind.revision` or `AudioReader.revision`
/// rises with them (`RevisionTests`, beyond rounding); another layout gets another mark.
///
/// Layout: an eight-byte mark, the rows, the columns and two checksums as 64-bit numbers, then the values
/// row by row as 32-bit floats; all little-endian.
package struct FeatureCache: Sendable {
  package let folder: URL

  /// Uses a folder, which is created with the first matrix.
  package init(folder: URL) { self.folder = folder }

  /// The user's cache: `VALENCE_CACHE`, or else `$XDG_CACHE_HOME/valence`, or else `~/.cache/valence`.
  package static func ofUser(environment: [String: String]) -> FeatureCache {
    if let path = environment["VALENCE_CACHE"], !path.isEmpty {
      return FeatureCache(folder: URL(filePath: path, directoryHint: .isDirectory))
    }
    if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
      return FeatureCache(folder: URL(filePath: path).appending(path: "valence"))
    }
    return FeatureCache(
      folder: FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/valence"))
  }

  /// A matrix of the cache.
  package struct Matrix: Sendable, Equatable {
    /// Its rows and columns.
    package let shape: Shape
    /// The values, row by row.
    package let values: [Float]

    /// Wraps `rows` × `columns` values, at least one.
    package init(rows: Int, columns: Int, values: [Float]) {
      precondition(
        values.count == rows * columns && !values.isEmpty,
        "\(values.count) values for \(rows) × \(columns)")
      shape = Shape(rows: rows, columns: columns)
      self.values = values
    }
  }

  /// The rows and columns of a matrix.
  package struct Shape: Sendable, Equatable {
    package let rows: Int
    package let columns: Int

    package init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }
  }

  /// The matrix of that digest; nil if it is missing or damaged.
  ///
  /// Read, not mapped: unmapping interrupts the other threads, which made training of a tiny network 9 %
  /// slower (2 threads, 50 kB a clip), and a mapped file that is truncated crashes the program.
  package func matrix(_ digest: Digest) -> Matrix? {
    guard let data = try? Data(contentsOf: file(digest)), let header = MatrixHeader(data) else {
      return nil
    }
    let values = [Float](littleEndian: data.dropFirst(MatrixHeader.bytes))
    guard header == MatrixHeader(header.shape, values: values) else { return nil }
    return Matrix(rows: header.shape.rows, columns: header.shape.columns, values: values)
  }

  /// The shape of the matrix of that digest; nil if it is missing or its length is wrong.
  ///
  /// Mapped, because the values are not needed.
  package func shape(_ digest: Digest) -> Shape? {
    let data = try? Data(contentsOf: file(digest), options: .alwaysMapped)
    return data.flatMap(MatrixHeader.init)?.shape
  }

  /// Keeps a matrix.
  ///
  /// - Throws: `StoreError.unwritable` if the disk is full or may not be written.
  package func keep(_ matrix: Matrix, as digest: Digest) throws {
    let header = MatrixHeader(matrix.shape, values: matrix.values)
    let data = header.data + matrix.values.littleEndianBytes
    let file = file(digest)
    if place(data, at: file) { return }
    // The folder does not exist yet, or a damaged file is to be replaced, or the disk is full.
    do {
      try AtomicFile.keep(data, at: file)
    } catch {
      // The folder may have been deleted at that moment; a second failure has another cause.
      try AtomicFile.keep(data, at: file)
    }
  }

  /// Removes a matrix that was computed from other data than its digest says.
  ///
  /// - Throws: `StoreError.unwritable` if it exists and cannot be removed.
  package func forget(_ digest: Digest) throws {
    let file = file(digest)
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      try FileManager.default.removeItem(at: file)
    } catch {
      throw StoreError.unwritable(path: file.path, reason: error.localizedDescription)
    }
  }

  /// Writes a draft and renames it; false if the folder does not exist or the file does.
  ///
  /// Unlike `AtomicFile` it does not wait for the disk (some 250 µs a file): the checksum reveals a file
  /// that a power failure cut off, and it is computed again.
  private func place(_ data: Data, at file: URL) -> Bool {
    let draft = file.deletingLastPathComponent().appending(
      path: ".\(UUID().uuidString)", directoryHint: .notDirectory)
    guard FileManager.default.createFile(atPath: draft.path, contents: nil) else { return false }
    do {
      let handle = try FileHandle(forWritingTo: draft)
      try handle.write(contentsOf: data)
      try handle.close()
      try FileManager.default.moveItem(at: draft, to: file)
      return true
    } catch {
      try? FileManager.default.removeItem(at: draft)
      return false
    }
  }

  private func file(_ digest: Digest) -> URL {
    let name = digest.hex
    return folder.appending(
      path: "features/\(name.prefix(2))/\(name).floats", directoryHint: .notDirectory)
  }
}

/// The header of a file of the cache.
private struct MatrixHeader: Equatable {
  /// Its length.
  static let bytes = 40
  /// Identifies the format and its version.
  private static let mark: UInt64 = 0x3154_4145_464C_4156  // VALFEAT1

  let shape: FeatureCache.Shape
  /// The sum of the words, and the sum of those sums.
  private let sums: [UInt64]

  /// Fletcher's checksum (1982) over the shape and the bits of all values, with 32-bit words summed in 64
  /// bits: it detects every change of one word and every swap of two.
  init(_ shape: FeatureCache.Shape, values: [Float]) {
    self.shape = shape
    var (sum, sumOfSums) = (UInt64(shape.rows), UInt64(shape.columns))
    for value in values {
      sum &+= UInt64(value.bitPattern)
      sumOfSums &+= sum
    }
    sums = [sum, sumOfSums]
  }

  /// The header of a file; nil unless the file has one and is as long as it says.
  init?(_ file: Data) {
    guard file.count >= Self.bytes else { return nil }
    let words = stride(from: 0, to: Self.bytes, by: 8).map { start in
      (0..<8).reduce(UInt64(0)) {
        $0 | UInt64(file[file.startIndex + start + $1]) << UInt64(8 * $1)
      }
    }
    let places = words[1].multipliedReportingOverflow(by: words[2])
    guard words[0] == Self.mark, !places.overflow, places.partialValue > 0,
      places.partialValue == UInt64(file.count - Self.bytes) / 4, file.count.isMultiple(of: 4)
    else { return nil }
    shape = FeatureCache.Shape(rows: Int(words[1]), columns: Int(words[2]))
    sums = [words[3], words[4]]
  }

  var data: Data {
    let words = [Self.mark, UInt64(shape.rows), UInt64(shape.columns)] + sums
    return Data(
      words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } })
  }
}
