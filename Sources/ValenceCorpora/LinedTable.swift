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

  /// Reads a file whose columns are separated by commas, or by semicolons or tabs where the first line
  /// has those and no comma.
  ///
  /// - Parameter mayBeWindows1252: bytes that are no UTF-8 are taken for Windows-1252.
  init(contentsOf file: URL, mayBeWindows1252: Bool = false) throws(Fault) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: file)
    } catch {
      throw Fault(sentence: "\(TableError.unreadable(file: file.path))")
    }
    let separator = Self.separator(bytes)
    let records = Self.records(of: bytes, separator)
    do {
      let windows = mayBeWindows1252 ? String(data: bytes, encoding: .windowsCP1252) : nil
      guard let text = String(data: bytes, encoding: .utf8) ?? windows else {
        throw TableError.notUTF8(file: file.path)
      }
      table = try Table(text: text, name: file.path, separator: separator)
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

  private static func separator(_ bytes: Data) -> Table.Separator {
    let header = bytes.prefix { !isLineEnd($0) }
    return Table.Separator.allCases.first { header.contains($0.rawValue.asciiValue ?? 0) } ?? .comma
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Where each record begins, the header's first; blank ones are no rows of a table.
  ///
  /// A line end between quotes is part of its field.
  private static func records(
    of bytes: Data, _ separator: Table.Separator
  ) -> [(line: Int, isBlank: Bool)] {
    let blanks = (separator == .tab ? " \"" : " \t\"").utf8
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
      } else if !isLineEnd(byte), !blanks.contains(byte) {
        isBlank = false
      }
      last = byte
    }
    if start < line || !isBlank || records.isEmpty { records.append((start, isBlank)) }
    return records
  }
}
