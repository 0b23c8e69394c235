/// A table for people: as Markdown, or as aligned text for a terminal.
package struct ReportTable: Hashable, Sendable {
  /// The side to which a column's text is aligned.
  package enum Alignment: Hashable, Sendable {
    /// For words.
    case left
    /// For numbers.
    case right
  }

  /// A column's heading and side.
  package struct Column: Hashable, Sendable {
    /// The heading.
    package var name: String
    /// The side.
    package var alignment: Alignment

    package init(_ name: String, _ alignment: Alignment = .left) {
      self.name = name
      self.alignment = alignment
    }
  }

  package var columns: [Column]
  /// The rows; each as long as `columns`.
  package var rows: [[String]]

  /// Makes a table; every row must be as long as `columns`.
  package init(columns: [Column], rows: [[String]] = []) {
    for row in rows {
      precondition(
        row.count == columns.count, "a row of \(row.count) cells under \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
  }

  /// The table in Markdown (GitHub's dialect), its source aligned too; ends with a line break.
  package var markdown: String {
    let cells = ([columns.map(\.name)] + rows).map { $0.map(Self.escaped) }
    let widths = Self.widths(cells).map { max($0, 3) }
    var lines = padded(cells, widths).map { "| " + $0.joined(separator: " | ") + " |" }
    let rule = zip(columns, widths).map { column, width in
      column.alignment == .left
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    lines.insert("| " + rule.joined(separator: " | ") + " |", at: 1)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table as text: columns two spaces apart, headings first; ends with a line break.
  package var text: String {
    let cells = ([columns.map(\.name)] + rows).map { $0.map(GnuplotText.oneLine) }
    return padded(cells, Self.widths(cells)).map { row in
      var line = row.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// The number of columns of a terminal that a text takes: none for combining marks, two for the wide
  /// characters of East Asia and for emoji (UAX #11).
  package static func displayWidth(_ text: String) -> Int {
    text.reduce(0) { width, character in
      guard let first = character.unicodeScalars.first else { return width }
      let isEmoji = first.properties.isEmojiPresentation
      switch first.value {
      case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: return width
      case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
        return width + 2
      default: return width + (isEmoji ? 2 : 1)
      }
    }
  }

  /// A text of one line that Markdown shows as it is, outside of a table.
  package static func markdownText(_ text: String) -> String {
    let characters = Array(GnuplotText.oneLine(text))
    var result = ""
    for (index, character) in characters.enumerated() {
      // Within a word an underscore says nothing, and a key reads better without a sign before it.
      let isWithinWord =
        character == "_" && index > 0 && index + 1 < characters.count
        && isOfWord(characters[index - 1]) && isOfWord(characters[index + 1])
      if !isWithinWord, markup.contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private static let markup = "\\|`*_<>[]#~&$"

  private static func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  private static func escaped(_ cell: String) -> String {
    var result = ""
    for character in GnuplotText.oneLine(cell) {
      if markup.contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private static func widths(_ cells: [[String]]) -> [Int] {
    (cells.first ?? []).indices.map { column in
      cells.map { displayWidth($0[column]) }.max() ?? 0
    }
  }

  private func padded(_ cells: [[String]], _ widths: [Int]) -> [[String]] {
    cells.map { row in
      zip(zip(row, widths), columns).map { pair, column in
        let (cell, width) = pair
        let space = String(repeating: " ", count: width - Self.displayWidth(cell))
        return column.alignment == .left ? cell + space : space + cell
      }
    }
  }
}
