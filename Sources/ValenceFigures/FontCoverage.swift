import Foundation

/// Which characters no installed font can draw.
///
/// For such a character cairo draws a box with its number, and under gnuplot's scaling that box is
/// larger than the page (seen with gnuplot 5.4.4, pango 1.50), so the figure is lost.
enum FontCoverage {
  /// The characters of a text that are in none of fontconfig's fonts, each once; none where
  /// `fc-list` is missing and nobody can tell.
  static func uncovered(_ text: String) -> [Unicode.Scalar] {
    Set(text.unicodeScalars.filter(isUncertain)).sorted().filter { scalar in
      let fonts = fontList(charset: String(scalar.value, radix: 16))
      return fonts.map(\.isEmpty) ?? false
    }
  }

  /// Liberation Sans and DejaVu Sans have Latin, Greek, Cyrillic, punctuation and mathematics.
  private static func isUncertain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x590, 0x1E00..<0x27C0: false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func fontList(charset: String) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["fc-list", ":charset=\(charset)", "family"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let list = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: list, as: UTF8.self) : nil
  }
}
