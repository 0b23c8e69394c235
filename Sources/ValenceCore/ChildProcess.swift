import CProcess
import Foundation

/// A program that is run to its end, or until one of its limits.
///
/// All programs that Valence uses are started here. The calling thread waits: trials and clips have
/// threads of their own, and none of them is one of Swift's pool.
package struct ChildProcess {
  /// How it ended.
  package enum End: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// It was killed, for this reason.
    case stopped(Stop)
    /// There is no such program.
    case notFound
    /// It could not be started; the number of the system's error.
    case notStarted(Int32)
  }

  /// Why it was killed.
  package enum Stop: Equatable, Sendable {
    /// It did nothing for so many seconds.
    case stalled(Double)
    /// It had not ended after so many seconds.
    case late(Double)
    /// Its result was no longer wanted.
    case cancelled
  }

  /// Where its standard output goes.
  package enum Output: Sendable {
    case discarded
    case descriptor(Int32)
    /// To what `run` returns, together with standard error.
    case said
  }

  /// The program's name, looked up in the `PATH`, or its path.
  private let program: String
  private let arguments: [String]
  /// The folder that it works in; nil for that of this process.
  package var folder: String?
  /// The descriptor that it reads from; nil for the null device.
  package var input: Int32?
  package var output = Output.discarded
  /// How many bytes of its messages are kept, the last ones.
  package var longestMessage = 1 << 16
  /// It is killed after so many seconds without a sign of work; nil where it may wait.
  package var stallS: Double?
  /// It is killed after so many seconds.
  package var longestS = 600.0
  /// Whether its result is no longer wanted; asked several times a second.
  package var isCancelled: () -> Bool = { false }

  package init(_ program: String, _ arguments: [String]) {
    (self.program, self.arguments) = (program, arguments)
  }

  /// Runs it; returns how it ended and what it wrote to standard error.
  package func run() -> (end: End, said: String) {
    var started = valence_process()
    let code = start(&started)
    if code != 0 { return (code == ENOENT ? .notFound : .notStarted(code), "") }
    var messages = Messages(descriptor: started.speech, longest: longestMessage)
    let end = wait(for: started.number, &messages)
    messages.close()
    return (end, String(decoding: messages.bytes, as: UTF8.self))
  }

  /// Makes this process another program, by its path; returns only where that fails, with the system's reason.
  package static func become(_ program: String, _ arguments: [String]) -> String {
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    unsafe execv(program, words)
    return unsafe String(cString: strerror(errno))
  }

  /// From now on programs that are started do not see a variable of the environment.
  package static func hide(variable name: String) { unsafe unsetenv(name) }

  private func start(_ started: inout valence_process) -> Int32 {
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    let target =
      switch output {
      case .discarded: Int32(VALENCE_PROCESS_NULL)
      case .descriptor(let descriptor): descriptor
      case .said: Int32(VALENCE_PROCESS_SPEECH)
      }
    return unsafe valence_process_start(
      words, folder, input ?? Int32(VALENCE_PROCESS_NULL), target, &started)
  }

  private func wait(for process: Int32, _ messages: inout Messages) -> End {
    let clock = ContinuousClock()
    let start = clock.now
    var work = Work(of: process, output: output)
    var worked = start
    var pauseMs: Int32 = 1
    while true {
      messages.wait(ms: messages.isOpen ? 100 : pauseMs)
      // A program may close its standard error long before its end.
      if !messages.isOpen { pauseMs = min(100, pauseMs * 2) }
      if let end = Self.end(of: process) {
        // Of a pipe that something else still holds open only what is there is read.
        messages.read()
        return end
      }
      let now = clock.now
      if stallS != nil {
        let next = Work(of: process, output: output)
        if next.isMore(than: work) { (work, worked) = (next, now) }
      }
      guard let stop = stop(after: now - start, idle: now - worked) else { continue }
      kill(-process, SIGKILL)
      Self.collect(process)
      messages.read()
      return .stopped(stop)
    }
  }

  private func stop(after run: Duration, idle: Duration) -> Stop? {
    if isCancelled() { return .cancelled }
    if let stallS, idle > .seconds(stallS) { return .stalled(stallS) }
    return run > .seconds(longestS) ? .late(longestS) : nil
  }

  private static func end(of process: Int32) -> End? {
    var status: Int32 = 0
    let found = unsafe waitpid(process, &status, WNOHANG)
    // Collected by something else: its number may be another process's by now and must not be killed.
    if found == -1, errno == ECHILD { return .notStarted(ECHILD) }
    guard found == process else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
  }

  /// Waits for a process that was killed, so that the system forgets it.
  ///
  /// One that hangs within the system, as on a disk that does not answer, ends when the system lets it: a
  /// thread waits for that instead of the caller.
  private static func collect(_ process: Int32) {
    for _ in 0..<100 {
      if end(of: process) != nil { return }
      usleep(10_000)
    }
    Thread.detachNewThread {
      var status: Int32 = 0
      while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
    }
  }
}

/// The end of the text that a program writes to a pipe.
private struct Messages {
  let descriptor: Int32
  let longest: Int
  private(set) var bytes: [UInt8] = []
  private(set) var isOpen = true

  init(descriptor: Int32, longest: Int) { (self.descriptor, self.longest) = (descriptor, longest) }

  /// Waits until there is something to read, the pipe is closed or the time is over, and reads it.
  mutating func wait(ms: Int32) {
    var waiting = pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0)
    unsafe poll(&waiting, 1, ms)
    read()
  }

  /// Reads what is there, at most as much as several pipes hold: a program that writes without end must not
  /// keep its limits from being looked at.
  mutating func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    for _ in 0..<64 where isOpen {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Foundation.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { isOpen = false }
      guard count > 0 else { return }
      bytes += buffer.prefix(count)
      // Not at each piece, which would move all that is kept each time.
      if bytes.count > 2 * longest { bytes.removeFirst(bytes.count - longest) }
    }
  }

  /// Closes the pipe and cuts what is kept to its length.
  mutating func close() {
    Foundation.close(descriptor)
    bytes.removeFirst(max(0, bytes.count - longest))
  }
}

/// Signs of work: what a process has written, read and computed so far.
private struct Work {
  private let written: Int
  private let read: Int
  private let ticks: Int

  init(of process: Int32, output: ChildProcess.Output) {
    var status = stat()
    if case .descriptor(let descriptor) = output, unsafe fstat(descriptor, &status) == 0 {
      written = Int(status.st_size)
    } else {
      written = 0
    }
    func words(_ name: String) -> [Substring] {
      let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data()
      return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    }
    let counts = words("io")
    read = counts.firstIndex(of: "rchar:").flatMap { Int(counts[$0 + 1]) } ?? 0
    // Behind the name, which is in parentheses: utime and stime are the fields 14 and 15 of all (proc(5)).
    let fields = words("stat")
    let name = fields.lastIndex { $0.hasSuffix(")") } ?? 0
    ticks = [11, 12].reduce(0) { sum, at in
      sum + (name + 1 + at < fields.count ? Int(fields[name + 1 + at]) ?? 0 : 0)
    }
  }

  /// Whether more was done than a program does that only waits: a second of computing is 100 ticks.
  func isMore(than other: Work) -> Bool {
    written > other.written || read >= other.read + 1 << 20 || ticks >= other.ticks + 100
  }
}
