import Foundation
import ValenceCore

/// A CSV file of a user's, which knows on what line of the file each row stands.
struct LinedTable {
  let table: Table
  private let lines: [Int]

  /// What keeps a file from being read: one sentence that names the file, and the line if one is at
  /// fault.
  struct Fault: Error {
    let sentence: String
  }

  /// Reads a file whose columns are separated by commas.
  ///
  /// - Parameter mayBeWindows1252: bytes that are no UTF-8 are taken for Windows-1252.
  init(contentsOf file: URL, mayBeWindows1252: Bool = false) throws(Fault) {
    let bytes = FileManager.default.contents(atPath: file.path) ?? Data()
    let header = bytes.prefix { !Self.isLineEnd($0) }
    for (separator, name) in [(UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs")]
    where header.contains(separator) && !header.contains(UInt8(ascii: ",")) {
      throw Fault(
        sentence: "\(file.path):1: the columns are separated by \(name); separate them by commas.")
    }
    let records = Self.records(of: bytes)
    do {
      if mayBeWindows1252, String(data: bytes, encoding: .utf8) == nil,
        let text = String(data: bytes, encoding: .windowsCP1252)
      {
        table = try Table(text: text, name: file.path)
      } else {
        table = try Table(contentsOf: file)
      }
    } catch TableError.ragged(_, let row, let fields, let expected)
      where records.indices.contains(row)
    {
      throw Fault(
        sentence: "\(file.path):\(records[row].line): this line has "
          + "\(counted(fields, "field", "fields")), but the header names "
          + "\(counted(expected, "column", "columns")).")
    } catch {
      throw Fault(sentence: "\(error)")
    }
    lines = records.dropFirst().filter { !$0.isBlank }.map(\.line)
  }

  /// The line (from 1) on which a row (from 0) begins.
  func line(of row: Int) -> Int { lines.indices.contains(row) ? lines[row] : row + 2 }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Where each record begins, the header's first; blank ones are no rows of a table.
  ///
  /// A line end between quotes is part of its field.
  private static func records(of bytes: Data) -> [(line: Int, isBlank: Bool)] {
    var records: [(line: Int, isBlank: Bool)] = []
    var (line, isBlank, isQuoted, last) = (1, true, false, UInt8(0))
    var start = line
    for byte in bytes {
      let endsLine = isLineEnd(byte) && !(last == UInt8(ascii: "\r") && byte == UInt8(ascii: "\n"))
      if endsLine { line += 1 }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if endsLine, !isQuoted {
        records.append((start, isBlank))
        (start, isBlank) = (line, true)
      } else if !isLineEnd(byte), !" \t\"".utf8.contains(byte) {
        isBlank = false
      }
      last = byte
    }
    if start < line || !isBlank || records.isEmpty { records.append((start, isBlank)) }
    return records
  }
}
