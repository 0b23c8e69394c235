import Foundation
import ValenceCore

/// A figure as a value: gnuplot commands and the numbers they draw, nothing rendered yet.
package struct Figure: Sendable {
  /// A named table of numbers in a figure's data file.
  package struct Block: Sendable {
    /// The name by which the script asks for the block.
    package let name: String
    /// The names of the columns: numbers, then texts.
    package let columns: [String]
    /// The numbers, row by row; NaN where there is none.
    package var rows: [[Double]] = []
    /// Numbers as the figure shows them, row by row: what is rounded is rounded once, not by gnuplot.
    package var texts: [[String]] = []
    /// A description of each row; as many as there are rows.
    package var remarks: [String] = []

    init(_ name: String, columns: [String]) {
      self.name = name
      self.columns = columns
    }

    mutating func append(_ row: [Double], texts: [String] = [], _ remark: String) {
      precondition(
        row.count + texts.count == columns.count,
        "a row of \(row.count) + \(texts.count) under \(columns.count) columns")
      rows.append(row)
      self.texts.append(texts)
      remarks.append(remark)
    }

    /// The `using` clause of gnuplot for one with column names in braces: with the columns `row` and
    /// `percent`, `{percent}:(${row} - 1)` is `2:($1 - 1)`.
    ///
    /// gnuplot knows columns by their number alone and draws another one without a word; an unknown name
    /// ends the program instead.
    func using(_ clause: String) -> String {
      clause.replacing(/\{(\w+)\}/) { match in
        guard let index = columns.firstIndex(of: String(match.1)) else {
          preconditionFailure("block \(name) has no column \(match.1)")
        }
        return String(index + 1)
      }
    }
  }

  /// The gnuplot variable that scales points, defined at the start of each script.
  static let dot = "dot"

  /// The stem of the files' names, unique within a report: tables link to figures by it, and files of names
  /// that are no longer drawn are removed.
  package let name: String
  /// The size on paper in millimeters.
  package let widthMm: Double
  package let heightMm: Double
  /// The drawing commands, without the terminal's set-up.
  package let commands: String
  /// The numbers.
  package let blocks: [Block]

  /// Makes a figure; in `name`, what is no letter, digit, `_`, `.`, `+` or `-` becomes `-`.
  package init(
    name: String, widthMm: Double, heightMm: Double, commands: String, blocks: [Block]
  ) {
    self.name = Self.fileStem(name)
    self.widthMm = widthMm
    self.heightMm = heightMm
    self.commands = commands
    self.blocks = blocks
  }

  /// The data file: blocks apart by two empty lines, each headed by its name and columns, so that
  /// gnuplot finds a block by name and a person by reading.
  package var data: String {
    blocks.map { block in
      let lines = block.rows.indices.map { index in
        let texts = block.texts[index].map { "\"\($0)\"" }
        let values = (block.rows[index].map(Self.number) + texts).joined(separator: " ")
        let remark = block.remarks[index]
        return remark.isEmpty ? values : "\(values)  # \(GnuplotText.oneLine(remark))"
      }
      let head = "# \(block.name): \(block.columns.joined(separator: " "))"
      return ([head] + lines).joined(separator: "\n") + "\n"
    }.joined(separator: "\n\n")
  }

  /// The whole script: gnuplot run on it in the figure's folder draws every format.
  ///
  /// gnuplot has no loop around a page of commands, so the script calls itself once a format. Its second
  /// line is a digest of all others and of the data: it marks a figure that Valence made and that was
  /// not changed by hand.
  package func script(formats: [FigureOptions.Format]) -> String {
    let names = formats.map(\.rawValue).joined(separator: " ")
    let head = "# Draws \(name) (\(names)) from the numbers in \(name).dat."
    let rest = body(formats, names)
    return "\(head)\n\(Self.mark(head: head, rest: rest, data: data))\n\(rest)"
  }

  /// The line that only a script of ours has, unchanged as its data are.
  private static func mark(head: String, rest: String, data: String) -> String {
    "# By Valence: \(Digest(ofParts: [head, rest, data]).short)"
  }

  /// Whether a script and its data are as Valence wrote them.
  static func isOwn(script: String, data: String) -> Bool {
    let lines = script.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3 else { return false }
    return lines[1] == mark(head: String(lines[0]), rest: String(lines[2]), data: data)
  }

  private func body(_ formats: [FigureOptions.Format], _ names: String) -> String {
    """
    # To redraw: gnuplot \(name).gp, in this folder. Lengths are in millimeters.
    if (!exists('format')) {
      do for [format in '\(names)'] { load '\(name).gp' }
      exit
    }
    reset
    set encoding utf8
    \(formats.map(terminal).joined(separator: "\n"))
    set output '\(name).'.format
    # SVG's points are smaller than those of the other formats.
    \(Self.dot) = format eq 'svg' ? 1.7 : 1
    data = '\(name).dat'
    W = \(String(format: "%.1f", widthMm))
    H = \(String(format: "%.1f", heightMm))
    x(mm) = mm / W
    y(mm) = 1 - mm / H
    \(commands)
    unset output

    """
  }

  /// Font sizes are in points at the printed size: 72 points an inch in pdfcairo's units (which
  /// want a scale of 0.75 for that), 96 in SVG's, 300 dots an inch in PNG.
  private func terminal(_ format: FigureOptions.Format) -> String {
    func pixels(_ mm: Double, _ dpi: Double) -> Int { Int((mm / 25.4 * dpi).rounded()) }
    let setUp: String =
      switch format {
      case .pdf:
        "pdfcairo enhanced size \(Self.number(widthMm / 10))cm,\(Self.number(heightMm / 10))cm "
          + "font 'Liberation Sans,7' fontscale 0.75"
      case .svg:
        // Arial has Liberation's widths, which replaces it on Linux, and exists everywhere else.
        "svg enhanced size \(pixels(widthMm, 96)),\(pixels(heightMm, 96)) font 'Arial,7' "
          + "fontscale 1.33333 linewidth 0.66667 background 'white'"
      case .png:
        "pngcairo enhanced size \(pixels(widthMm, 300)),\(pixels(heightMm, 300)) "
          + "font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667"
      }
    return "if (format eq '\(format)') { set terminal \(setUp) }"
  }

  /// A number as gnuplot reads it: six digits, `NaN` where there is none.
  static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value == 0 ? 0 : value) : "NaN"
  }

  private static func fileStem(_ name: String) -> String {
    let kept = name.map { character in
      character.isLetter || character.isNumber || "_.+-".contains(character)
        ? character : "-"
    }
    let stem = String(kept)
    return stem.isEmpty || stem.hasPrefix(".") ? "figure" + stem : stem
  }
}
