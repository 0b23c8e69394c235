import Foundation

/// A font size, and the widths of texts in it.
///
/// The layout is computed here, because gnuplot's SVG has no font metrics and the three formats must agree.
struct TextStyle: Hashable {
  /// The size in points on paper.
  var points: Double
  var isBold = false
  /// The color as `#rrggbb`.
  var color = "#000000"

  /// A figure's title.
  static let title = TextStyle(points: 8, isBold: true)
  /// Labels and axis titles.
  static let label = TextStyle(points: 7)
  /// Axis numbers and secondary text.
  static let small = TextStyle(points: 6)
  /// Captions: secondary and gray, still 7:1 against white.
  static let note = TextStyle(points: 6, color: "#4d4d4d")

  /// The distance from one line to the next.
  var lineMm: Double { points * 1.2 * Self.mmPerPoint }

  /// The width of a text as drawn.
  func widthMm(_ text: String) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + Self.advance($1) }
    return Double(thousandths) / 1000 * points * Self.mmPerPoint * (isBold ? 1.07 : 1)
  }

  /// The text in lines no wider than `widthMm`, broken at spaces, after `, ; / = _ -` and, within
  /// a word that is wider alone, anywhere; past `lines` lines the last one keeps its head and
  /// the text's tail around an ellipsis, as names of variants and classes often differ at the end.
  func wrapped(_ text: String, widthMm: Double, lines: Int = .max) -> [String] {
    var result: [String] = []
    var line = ""
    for piece in Self.pieces(GnuplotText.oneLine(text)) {
      if fits(line + piece, widthMm) {
        line += piece
        continue
      }
      if !line.isEmpty { result.append(line) }
      line = ""
      for character in piece {
        if !fits(line + String(character), widthMm), !line.isEmpty {
          result.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    result.append(line)
    result = result.map { $0.trimmingCharacters(in: .whitespaces) }
    guard result.count > lines else { return result }
    var head = result[lines - 1]
    var tail = String(result[lines...].joined().suffix(head.count))
    while !fits("\(head)…\(tail)", widthMm), !(head + tail).isEmpty {
      if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
    }
    return result[..<(lines - 1)] + ["\(head)…\(tail)"]
  }

  private func fits(_ text: String, _ limitMm: Double) -> Bool {
    widthMm(text.trimmingCharacters(in: .whitespaces)) <= limitMm + 1e-9
  }

  private static func pieces(_ text: String) -> [String] {
    var result = [""]
    for character in text {
      result[result.count - 1].append(character)
      if " ,;/=_-".contains(character) { result.append("") }
    }
    return result
  }

  private static let mmPerPoint = 25.4 / 72

  /// The advance of a character in thousandths of the font size: Liberation Sans for what is in
  /// ASCII, a round figure for the rest.
  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 32...126: ascii[Int(scalar.value) - 32]
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD, 0x2192, 0x2026:
      1000
    default: scalar.properties.isUppercase ? 720 : 580
    }
  }

  /// Liberation Sans 2.1, horizontal advances of U+0020 to U+007E.
  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
