import Foundation

/// Text of any content as gnuplot reads it literally.
enum GnuplotText {
  /// A string constant.
  ///
  /// Within single quotes gnuplot expands no backslash, macro or shell command; only the quote
  /// itself has to be doubled.
  static func quoted(_ text: String) -> String {
    "'" + oneLine(text).replacingOccurrences(of: "'", with: "''") + "'"
  }

  /// A string constant in bold, which only enhanced text can say in all three formats; every
  /// character that enhanced text would obey is escaped.
  static func quotedBold(_ text: String) -> String {
    var escaped = ""
    for character in oneLine(text) {
      if "\\^_{}@&~".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    // gnuplot's SVG looks for \U+ after the escapes are gone; an empty group breaks the word.
    escaped = escaped.replacingOccurrences(of: "\\\\U+", with: "\\\\{}U+")
    return "'{/:Bold " + escaped.replacingOccurrences(of: "'", with: "''") + "}'"
  }

  /// The text with control characters and line breaks turned to spaces.
  static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.properties.generalCategory == .control
            || $0.properties.generalCategory == .lineSeparator
            || $0.properties.generalCategory == .paragraphSeparator ? " " : $0
        }))
  }
}
