import Foundation

/// Standard error as progress and messages see it.
struct Terminal: Sendable {
  /// Whether a person watches, so that lines may be drawn over.
  let isInteractive: Bool
  /// The width that the environment sets; nil where it sets none.
  private let fixedColumns: Int?

  /// Looks at standard error and the environment.
  static func standardError(environment: [String: String]) -> Terminal {
    Terminal(
      isInteractive: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
      fixedColumns: environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil })
  }

  /// The width in characters: that of `COLUMNS`, else that of the window at this moment, else 80.
  var columns: Int { fixedColumns ?? Self.windowColumns ?? 80 }

  /// The width of the window behind standard error; nil where that is no terminal or one without a size.
  private static var windowColumns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes a line; where it cannot be written, because the terminal is gone or the disk is full, the work
  /// goes on without it.
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

/// Standard input as bytes that come piece by piece.
enum StandardInput {
  /// The next bytes, as soon as there are any; none at the end, or where no more can be read.
  ///
  /// `FileHandle` waits until it has all that was asked for, or ends the process where reading fails.
  static func next(atMost count: Int = 1 << 16) -> Data {
    var buffer = [UInt8](repeating: 0, count: count)
    while true {
      let length = unsafe buffer.withUnsafeMutableBytes {
        unsafe Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count)
      }
      if length > 0 { return Data(buffer.prefix(length)) }
      if length == 0 || errno != EINTR { return Data() }
    }
  }
}
