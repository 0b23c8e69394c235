import Synchronization
import ValenceCore

/// The characters that the installed fonts have.
///
/// For a character without a font cairo draws a box with its number, and under gnuplot's scaling that box is
/// larger than the page (seen with gnuplot 5.4.4, pango 1.50), so the figure is lost.
///
/// The answer is that of `fc-list`, which pango brings along wherever gnuplot can draw; linking fontconfig
/// would make every command depend on it, also on machines that draw nothing.
final class FontCoverage: Sendable {
  /// That of this machine.
  static let installed = FontCoverage()

  private enum State {
    case notAsked
    /// The characters of all fonts; nil where `fc-list` is missing or fails.
    case known([ClosedRange<UInt32>]?)
  }

  private let program: String
  private let limitS: Double
  private let state = Mutex(State.notAsked)

  init(program: String = "fc-list", limitS: Double = 60) {
    (self.program, self.limitS) = (program, limitS)
  }

  /// The characters of a text that are in none of fontconfig's fonts, each once; none where that cannot be
  /// found out.
  func uncovered(_ text: String) -> [Unicode.Scalar] {
    let uncertain = Set(text.unicodeScalars.filter(Self.isUncertain)).sorted()
    guard !uncertain.isEmpty, let ranges = ranges() else { return [] }
    return uncertain.filter { scalar in !ranges.contains { $0.contains(scalar.value) } }
  }

  /// Liberation Sans and DejaVu Sans have Latin, Greek, Cyrillic, punctuation and mathematics.
  private static func isUncertain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x590, 0x1E00..<0x27C0: false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// Asks once; other threads wait for the answer.
  private func ranges() -> [ClosedRange<UInt32>]? {
    state.withLock { state in
      if case .known(let ranges) = state { return ranges }
      let ranges = ask()
      state = .known(ranges)
      return ranges
    }
  }

  private func ask() -> [ClosedRange<UInt32>]? {
    var process = ChildProcess(program, [":", "charset"])
    process.output = .said
    process.longestMessage = 1 << 26
    process.longestS = limitS
    let (end, list) = process.run()
    return end == .status(0) ? Self.ranges(list) : nil
  }

  /// Reads lines such as `:charset=20-7e a0 2010-2015`, one for each font, in hexadecimal numbers.
  static func ranges(_ list: String) -> [ClosedRange<UInt32>] {
    let start = ":charset="
    let words = list.split(separator: "\n").filter { $0.hasPrefix(start) }.flatMap {
      $0.dropFirst(start.count).split(separator: " ")
    }
    return Set(words).compactMap { word in
      let ends = word.split(separator: "-").compactMap { UInt32($0, radix: 16) }
      guard let low = ends.first, let high = ends.last, low <= high else { return nil }
      return low...high
    }
  }
}
