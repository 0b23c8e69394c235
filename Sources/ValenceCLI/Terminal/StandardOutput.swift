import Foundation
import Synchronization

/// Prints a text on standard output.
///
/// Swift's own `print` goes on without a word where the text cannot be written: what was asked for would
/// be cut off, and the exit status would say that all is well.
/// - Throws: `OutputFault`.
func say(_ text: String = "", terminator: String = "\n") throws(OutputFault) {
  try StandardOutput.write(Data((text + terminator).utf8))
}

/// That standard output cannot be written to.
struct OutputFault: Error, CustomStringConvertible {
  /// The reason in the system's words.
  let reason: String
  var description: String {
    "standard output: this cannot be written (\(reason)), so what was asked for is not all there."
  }
}

/// The three streams that a process is started with.
enum StandardOutput {
  /// Whether the process goes on after its output was closed.
  private static let outlivesReaders = Atomic(false)
  /// The null devices in place of closed streams.
  private static let replacements = Mutex<[FileHandle]>([])

  /// Writes to standard output.
  ///
  /// - Throws: `OutputFault`, but not where a reader such as `head` has closed the pipe.
  static func write(_ data: Data) throws(OutputFault) {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
      let isUnread =
        (cause as NSError).domain == NSPOSIXErrorDomain && (cause as NSError).code == EPIPE
      if isUnread { return }
      throw OutputFault(
        reason: cause.localizedDescription.replacing(
          "The operation could not be completed. ", with: ""))
    }
  }

  /// From now on the process goes on after its output was closed, as by `| head`: a run has more to do
  /// than to report progress.
  static func outliveReaders() {
    guard !outlivesReaders.exchange(true, ordering: .relaxed) else { return }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Puts the null device where a stream is closed.
  ///
  /// The next file that is opened would take its number, and what is printed would be written into that
  /// file.
  static func fillClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      guard let handle = FileHandle(forUpdatingAtPath: "/dev/null") else { return }
      replacements.withLock { $0.append(handle) }
    }
  }

  /// Keeps standard output for what is written to the handle that this returns.
  ///
  /// Whatever else is printed there from now on, by a C library for one, goes to standard error.
  /// - Throws: `OutputFault`.
  static func reserve() throws(OutputFault) -> FileHandle {
    // Not for programs that are started from here.
    let own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    guard own >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
      throw OutputFault(
        reason: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO).localizedDescription)
    }
    return FileHandle(fileDescriptor: own, closeOnDealloc: true)
  }
}
