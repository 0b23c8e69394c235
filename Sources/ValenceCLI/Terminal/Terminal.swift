import Foundation

/// Standard error as progress and messages see it.
struct Terminal: Sendable {
  /// Whether a person watches, so that lines may be drawn over.
  let isInteractive: Bool
  let columns: Int

  /// Looks at standard error and the environment.
  static func standardError(environment: [String: String]) -> Terminal {
    let isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    return Terminal(
      isInteractive: isTerminal, columns: environment["COLUMNS"].flatMap(Int.init) ?? 80)
  }

  /// Writes a line; where nobody can hear it any more, be it that the terminal is gone or that the disk is
  /// full, the work goes on without.
  func print(_ line: String) { Self.write(line + "\n") }

  /// Writes a line to standard error, as `print` does.
  static func complain(_ line: String) { write(line + "\n") }

  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes a line that is cut, not wrapped, where the terminal is narrower.
  func printCut(_ line: String) { print("\u{1B}[?7l\(line)\u{1B}[?7h") }

  /// Takes back the last lines.
  func erase(lines: Int) {
    guard lines > 0 else { return }
    Self.write("\u{1B}[\(lines)A\u{1B}[0J")
  }
}
