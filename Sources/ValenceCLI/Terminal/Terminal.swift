import Foundation

/// Standard error as progress and messages see it.
struct Terminal: Sendable {
  /// Whether a person watches, so that lines may be drawn over.
  let isInteractive: Bool
  /// The number of columns.
  let columns: Int

  /// Looks at standard error and the environment.
  static func standardError(environment: [String: String]) -> Terminal {
    let isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    return Terminal(
      isInteractive: isTerminal, columns: environment["COLUMNS"].flatMap(Int.init) ?? 80)
  }

  /// Writes a line.
  func print(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Writes a line that is cut, not wrapped, where the terminal is narrower.
  func printCut(_ line: String) { print("\u{1B}[?7l\(line)\u{1B}[?7h") }

  /// Takes back the last lines.
  func erase(lines: Int) {
    guard lines > 0 else { return }
    FileHandle.standardError.write(Data("\u{1B}[\(lines)A\u{1B}[0J".utf8))
  }
}
