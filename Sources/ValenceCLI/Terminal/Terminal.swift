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
      isInteractive: isTerminal, columns: environment["COLUMNS"].flatMap(Int.init) ?? 100)
  }

  /// Writes a line.
  func print(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Takes back the last lines.
  func erase(lines: Int) {
    guard lines > 0 else { return }
    FileHandle.standardError.write(Data("\u{1B}[\(lines)A\u{1B}[0J".utf8))
  }
}
