public import Foundation
import SwiftCSV

/// A CSV file in memory: named columns, rows of text.
public struct Table: Sendable, Equatable {
  /// The column names, in the file's order.
  public var columns: [String]
  /// The rows; each has as many fields as there are columns.
  public var rows: [[String]]

  /// Makes a table; every row must be as long as `columns`.
  public init(columns: [String], rows: [[String]] = []) {
    for row in rows {
      precondition(
        row.count == columns.count, "a row of \(row.count) fields under \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
  }

  /// What stands between the fields of a line.
  public enum Separator: Character, Sendable, CaseIterable {
    /// As RFC 4180 has it, and all that Valence writes.
    case comma = ","
    /// As spreadsheets write where the comma is the decimal mark.
    case semicolon = ";"
    /// As in TSV files.
    case tab = "\t"
  }

  /// Reads a CSV file (RFC 4180, comma-separated, UTF-8, first line names the columns), plain or as
  /// `harmlessText` has it.
  ///
  /// - Throws: `TableError` that names the file, and the row if a row is at fault.
  public init(contentsOf url: URL, name: String? = nil) throws {
    let name = name ?? url.path
    guard let data = try? Data(contentsOf: url) else { throw TableError.unreadable(file: name) }
    guard let text = String(data: data, encoding: .utf8) else {
      throw TableError.notUTF8(file: name)
    }
    try self.init(text: text, name: name)
    columns = columns.map(Self.restored)
    rows = rows.map { $0.map(Self.restored) }
  }

  /// Reads the text of a CSV file; as `init(contentsOf:)` does, but for encoding and separator.
  ///
  /// - Throws: `TableError` that names `name`, and the row if a row is at fault.
  public init(text: String, name: String, separator: Separator = .comma) throws {
    var text = text
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    if text.utf8.contains(UInt8(ascii: "\r")) { text = Self.withPlainLineEnds(text) }
    // Where no line end follows it, the library loses an empty last field.
    if !text.hasSuffix("\n") { text += "\n" }
    // The library takes a quote that is never closed for one field to the end of the file.
    guard text.utf8.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
      throw TableError.malformed(file: name, reason: "a quote is opened and never closed")
    }
    let guarded = GuardedText(text, separator: separator)
    var records: [[String]] = []
    do {
      // The library's own rows are padded to the longest, which would hide a ragged one.
      let csv = try CSV<Enumerated>(
        string: guarded.text, delimiter: .character(separator.rawValue), loadColumns: false,
        rowLimit: 1)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { records.append(guarded.fields($0)) }
    } catch CSVParseError.quotation(let message) {
      throw TableError.malformed(file: name, reason: message)
    } catch {
      throw TableError.malformed(file: name, reason: "\(error)")
    }
    guard let header = records.first, header.contains(where: { !$0.isEmpty }) else {
      throw TableError.empty(file: name)
    }
    if let twice = Dictionary(grouping: header, by: { $0 }).filter({ $1.count > 1 }).keys.min() {
      throw TableError.malformed(file: name, reason: "two columns are named '\(twice)'")
    }
    columns = header
    rows = []
    rows.reserveCapacity(records.count)
    for (index, row) in records.dropFirst().enumerated() {
      if row == [""], columns.count > 1 { continue }
      guard row.count == columns.count else {
        throw TableError.ragged(
          file: name, row: index + 1, fields: row.count, expected: columns.count)
      }
      rows.append(row)
    }
  }

  /// The position of a column, if the table has it.
  public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// The table as CSV text: `\n` line ends, fields quoted where RFC 4180 asks for it.
  public var text: String { text(of: { $0 }) }

  /// The same for files that people open: a `'` stands before each field that a spreadsheet would run,
  /// that is, one that begins with `= + - @`, a tab or a carriage return and is no number.
  ///
  /// `init(contentsOf:)` takes it away again.
  public var harmlessText: String { text(of: Self.harmless) }

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

  /// Whether a spreadsheet would run what stands behind any number of `'`.
  private static func isRun(_ field: Substring) -> Bool {
    let start = field.utf8.drop { $0 == UInt8(ascii: "'") }
    guard let first = start.first, "=+-@\t\r".utf8.contains(first) else { return false }
    return Double(Substring(start)) == nil
  }

  /// The text with `\n` for each `\r\n` that ends a line; between quotes they stay.
  private static func withPlainLineEnds(_ text: String) -> String {
    var (bytes, isQuoted) = ([UInt8](), false)
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted, bytes.last == UInt8(ascii: "\r") {
        bytes.removeLast()
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A text for a library that reads characters where CSV has bytes: a mark that combines with a comma or a
/// quote would hide it, so a scalar that the text does not have is put between them.
private struct GuardedText {
  let text: String
  private let mark: Unicode.Scalar?

  init(_ text: String, separator: Table.Separator) {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else {
      (self.text, mark) = (text, nil)
      return
    }
    let used = Set(text.unicodeScalars.lazy.filter { $0.value >= 0xE000 && $0.value <= 0xF8FF })
    let marks = (UInt32(0xE000)...0xF8FF).lazy.compactMap(Unicode.Scalar.init(_:))
    guard let mark = marks.first(where: { !used.contains($0) }) else {
      (self.text, self.mark) = (text, nil)
      return
    }
    var guarded = String.UnicodeScalarView()
    var last: Unicode.Scalar = "\n"
    for scalar in text.unicodeScalars {
      let isStructure = { (scalar: Unicode.Scalar) in
        scalar == "\"" || scalar == "\n" || Character(scalar) == separator.rawValue
      }
      if !scalar.isASCII && isStructure(last) || !last.isASCII && isStructure(scalar) {
        guarded.append(mark)
      }
      guarded.append(scalar)
      last = scalar
    }
    (self.text, self.mark) = (String(guarded), mark)
  }

  /// The fields of a row as they are in the text.
  func fields(_ row: [String]) -> [String] {
    guard let mark else { return row }
    return row.map { field in
      field.unicodeScalars.contains(mark)
        ? String(String.UnicodeScalarView(field.unicodeScalars.filter { $0 != mark })) : field
    }
  }
}

/// What can be wrong with a CSV file.
public enum TableError: Error, Equatable, CustomStringConvertible {
  /// The file is missing or may not be read.
  case unreadable(file: String)
  /// The file's bytes are no UTF-8 text.
  case notUTF8(file: String)
  /// The file has no header line.
  case empty(file: String)
  /// The file breaks the rules of CSV.
  case malformed(file: String, reason: String)
  /// A row (counted from 1 after the header) has too few or too many fields.
  case ragged(file: String, row: Int, fields: Int, expected: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .unreadable(let file): "\(file): this file cannot be read; is the path right?"
    case .notUTF8(let file): "\(file): this file is not UTF-8 text; save it as UTF-8."
    case .empty(let file): "\(file): this file is empty; its first line should name the columns."
    case .malformed(let file, let reason): "\(file): this is not well-formed CSV (\(reason))."
    case .ragged(let file, let row, let fields, let expected):
      "\(file): data row \(row) has \(fields) fields, but the header names \(expected) columns."
    }
  }
}
