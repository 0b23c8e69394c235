package import Foundation

/// A CSV file in memory: named columns, rows of text.
package struct Table: Sendable, Equatable {
  /// The column names, in the file's order.
  package var columns: [String]
  /// The rows; each has as many fields as there are columns.
  package var rows: [[String]]
  /// The line on which each row begins, from 1, where the table was read from a text.
  private var lines: [Int] = []

  /// Makes a table; every row must be as long as `columns`.
  package init(columns: [String], rows: [[String]] = []) {
    for row in rows {
      precondition(
        row.count == columns.count, "a row of \(row.count) fields under \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
  }

  /// The separator of fields.
  package enum Separator: Sendable, CaseIterable {
    /// As RFC 4180 has it, and all that Valence writes.
    case comma
    /// As spreadsheets write where the comma is the decimal mark.
    case semicolon
    /// As in TSV files.
    case tab

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      }
    }
  }

  /// Reads a CSV file that Valence wrote (RFC 4180, comma-separated, UTF-8, the first line names the
  /// columns), plain or as `harmlessText` has it.
  ///
  /// - Throws: `TableError` that names the file, and the line if one is at fault.
  package init(contentsOf url: URL, name: String? = nil) throws(TableError) {
    let name = name ?? url.path
    try self.init(decoding: Self.data(of: url, name: name), name: name)
  }

  /// Reads the bytes of such a file.
  ///
  /// - Throws: `TableError` that names `name`, and the line if one is at fault.
  package init(decoding data: Data, name: String) throws(TableError) {
    guard let text = String(data: data, encoding: .utf8) else { throw .notUTF8(file: name) }
    try self.init(text: text, name: name)
    columns = columns.map(Self.restored)
    rows = rows.map { $0.map(Self.restored) }
  }

  /// Reads a CSV file of a user's: its columns are separated by commas, or by semicolons or tabs where the
  /// first line has those and no comma.
  ///
  /// - Parameter mayBeWindows1252: bytes that are no UTF-8 are taken for Windows-1252.
  /// - Throws: `TableError` that names the file, and the line if one is at fault.
  package init(ofUser file: URL, mayBeWindows1252: Bool = false) throws(TableError) {
    let data = try Self.data(of: file, name: file.path)
    let windows = mayBeWindows1252 ? String(data: data, encoding: .windowsCP1252) : nil
    guard let text = String(data: data, encoding: .utf8) ?? windows else {
      throw .notUTF8(file: file.path)
    }
    let header = data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let separator = Separator.allCases.first { header.contains($0.byte) }
    try self.init(text: text, name: file.path, separator: separator ?? .comma)
  }

  private static func data(of file: URL, name: String) throws(TableError) -> Data {
    do { return try Data(contentsOf: file) } catch { throw .unreadable(file: name) }
  }

  /// Reads the text of a CSV file; blank lines are passed over where the table has several columns.
  ///
  /// - Throws: `TableError` that names `name`, and the line if one is at fault.
  package init(text: String, name: String, separator: Separator = .comma) throws(TableError) {
    let scalars = text.unicodeScalars
    let marked = scalars.first == "\u{FEFF}"  // the byte order mark
    let records: [CSVRecords.Record]
    do throws(CSVRecords.Malformation) {
      let plain = marked ? String(scalars.dropFirst()) : text
      records = try CSVRecords(plain, separator: separator).records
    } catch {
      throw .malformed(file: name, line: error.line, reason: error.reason)
    }
    guard let header = records.first, header.fields.contains(where: { !$0.isEmpty }) else {
      throw .empty(file: name)
    }
    columns = header.fields
    if let twice = Dictionary(grouping: columns, by: { $0 }).filter({ $1.count > 1 }).keys.min() {
      throw .malformed(file: name, line: 1, reason: "two columns are named '\(twice)'")
    }
    rows = []
    rows.reserveCapacity(records.count)
    lines.reserveCapacity(records.count)
    for record in records.dropFirst() where columns.count == 1 || !record.isBlank {
      guard record.fields.count == columns.count else {
        throw .ragged(
          file: name, line: record.line, fields: record.fields.count, expected: columns.count)
      }
      rows.append(record.fields)
      lines.append(record.line)
    }
  }

  /// The line (from 1) of the text on which a row (from 0) begins; of a table that was not read from one,
  /// the line that it would have if no field had a line end.
  package func line(of row: Int) -> Int { lines.indices.contains(row) ? lines[row] : row + 2 }

  /// Whether both have the same columns and rows, wherever those were read from.
  package static func == (a: Table, b: Table) -> Bool { a.columns == b.columns && a.rows == b.rows }

  /// The position of a column, if the table has it.
  package func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// The table as CSV text: `\n` line ends, fields quoted where RFC 4180 asks for it.
  package var text: String { text(of: { $0 }) }

  /// The same for files that people open: a `'` precedes each field that a spreadsheet would run,
  /// that is, one that begins with `= + - @`, a tab or a carriage return and is no number.
  ///
  /// `init(contentsOf:)` takes it away again.
  package var harmlessText: String { text(of: Self.harmless) }

  private func text(of field: (String) -> String) -> String {
    ([columns] + rows).map { row in
      row.map { Self.quoted(field($0)) }.joined(separator: ",") + "\n"
    }.joined()
  }

  private static func quoted(_ field: String) -> String {
    // By scalars: a comma with a combining mark is one character, and is no comma then. A space at the start
    // would be taken for the space after a comma.
    let scalars = field.unicodeScalars
    let special = scalars.contains { $0 == "," || $0 == "\"" || Character($0).isNewline }
    guard special || scalars.first?.properties.isWhitespace == true else { return field }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in scalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    return String(quoted) + "\""
  }

  private static func harmless(_ field: String) -> String {
    isRun(field[...]) ? "'" + field : field
  }

  private static func restored(_ field: String) -> String {
    field.utf8.first == UInt8(ascii: "'") && isRun(field[...]) ? String(field.dropFirst()) : field
  }

  /// Whether a spreadsheet would run the text after any number of `'`.
  private static func isRun(_ field: Substring) -> Bool {
    let start = field.utf8.drop { $0 == UInt8(ascii: "'") }
    guard let first = start.first, "=+-@\t\r".utf8.contains(first) else { return false }
    return Double(Substring(start)) == nil
  }
}

/// A fault of a CSV file.
package enum TableError: Error, Equatable, CustomStringConvertible {
  /// The file is missing or may not be read.
  case unreadable(file: String)
  /// The file's bytes are no UTF-8 text.
  case notUTF8(file: String)
  /// The file has no header line.
  case empty(file: String)
  /// A line breaks the rules of CSV.
  case malformed(file: String, line: Int, reason: String)
  /// A line has too few or too many fields.
  case ragged(file: String, line: Int, fields: Int, expected: Int)

  package var description: String {
    switch self {
    case .unreadable(let file): "\(file): this file cannot be read; is the path right?"
    case .notUTF8(let file): "\(file): this file is not UTF-8 text; save it as UTF-8."
    case .empty(let file): "\(file): this file is empty; its first line should name the columns."
    case .malformed(let file, let line, let reason):
      "\(file):\(line): this is not well-formed CSV (\(reason))."
    case .ragged(let file, let line, let fields, let expected):
      "\(file):\(line): this line has \(fields) field\(fields == 1 ? "" : "s"), but the header names "
        + "\(expected) column\(expected == 1 ? "" : "s")."
    }
  }
}
