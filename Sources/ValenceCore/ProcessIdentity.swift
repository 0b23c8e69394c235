import Foundation

/// A process of this machine: its number and when it started, as the system gives numbers out again.
///
/// The names of what is written aside hold it, so that a later process knows whether its writer is gone
/// (`Draft`, `FigureFiles`). Its text has neither `~` nor `-`, which part those names.
package struct ProcessIdentity: Hashable, Sendable {
  /// The process's number.
  private let number: Int32
  /// Its start in clock ticks since the machine's; nil where the system does not tell.
  private let start: UInt64?

  /// The process that runs this program.
  package static let own: ProcessIdentity = {
    let number = ProcessInfo.processInfo.processIdentifier
    return ProcessIdentity(number: number, start: Status(of: number)?.start)
  }()

  private init(number: Int32, start: UInt64?) { (self.number, self.start) = (number, start) }

  /// Reads `text`; nil if it names no process.
  package init?(text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2, let number = Int32(first), number > 0 else {
      return nil
    }
    self.init(number: number, start: parts.count == 2 ? UInt64(parts[1]) : nil)
  }

  /// `1234.56789`: number and start; the number alone where the start is not known.
  package var text: String { start.map { "\(number).\($0)" } ?? "\(number)" }

  /// Whether it still runs; a process that has ended and that its parent has not asked about does not.
  ///
  /// If only the number is known to be in use, it is taken for the same process.
  package var isRunning: Bool {
    guard let status = Status(of: number) else {
      // Signal 0 asks whether there is such a process; one that may not be asked is there too.
      return kill(number, 0) == 0 || errno != ESRCH
    }
    return !status.hasEnded && (start == nil || status.start == start)
  }

  /// The fields of `/proc/<number>/stat` (proc(5)).
  private struct Status {
    let hasEnded: Bool
    let start: UInt64?

    init?(of number: Int32) {
      let file = "/proc/\(number)/stat"
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
      // The program's name, in parentheses, may hold anything; the state is the first field behind it, the
      // start the twentieth.
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 19 else { return nil }
      hasEnded = fields[0] == "Z" || fields[0] == "X"
      start = UInt64(fields[19])
    }
  }
}
