import Foundation

/// A program that is run to its end, or until it does nothing any more.
struct ChildProcess {
  enum End: Equatable {
    case status(Int32)
    case signal(Int32)
    /// It was ended, for this reason.
    case stopped(String)
    /// There is no such program.
    case notFound
    /// It could not be started; the number of the system's error.
    case notStarted(Int32)
  }

  /// Looked up in the `PATH`.
  var program: String
  var arguments: [String]
  /// Its standard input and output.
  var input: Int32
  var output: Int32
  /// So many seconds may pass without a sign of work.
  var stallS = 30.0
  /// So many seconds may pass in all.
  var longestS = 600.0

  /// Runs it, with what it says on standard error (the last of it).
  func run() -> (end: End, said: String) {
    var ends: [Int32] = [-1, -1]
    guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else {
      return (.notStarted(errno), "")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (process, code) = start(errors: ends[1])
    close(ends[1])
    defer { close(ends[0]) }
    if code != 0 { return (code == ENOENT ? .notFound : .notStarted(code), "") }
    return watch(process, errors: ends[0])
  }

  private func start(errors: Int32) -> (process: pid_t, code: Int32) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (descriptor, number) in [(input, 0), (output, 1), (errors, 2)] as [(Int32, Int32)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
    }
    // A group of its own: what it starts is ended with it. Signals as if it had been started by a shell.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var settings = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + settings).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, program, &actions, &attributes, &words, &settings)
    return (process, code)
  }

  private static let greatestSpeech = 1 << 16

  private func watch(_ process: pid_t, errors: Int32) -> (end: End, said: String) {
    _ = fcntl(errors, F_SETFL, O_NONBLOCK)
    let clock = ContinuousClock()
    let start = clock.now
    var said: [UInt8] = []
    var work = Work(process, output: output)
    var worked = start
    var isOpen = true
    func listen() {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while isOpen {
        let count = unsafe buffer.withUnsafeMutableBytes {
          unsafe Foundation.read(errors, $0.baseAddress, $0.count)
        }
        if count == 0 { isOpen = false }
        guard count > 0 else { return }
        said += buffer.prefix(count)
        said = said.suffix(Self.greatestSpeech)
      }
    }
    var pauseMs: Int32 = 1
    while true {
      var waiting = pollfd(fd: isOpen ? errors : -1, events: Int16(POLLIN), revents: 0)
      unsafe poll(&waiting, 1, isOpen ? 250 : pauseMs)
      if !isOpen { pauseMs = min(250, pauseMs * 2) }
      listen()
      var status: Int32 = 0
      if unsafe waitpid(process, &status, WNOHANG) == process {
        listen()
        let text = String(decoding: said, as: UTF8.self)
        let signal = status & 0x7F
        return (signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal), text)
      }
      let now = clock.now
      let next = Work(process, output: output)
      if next.isMore(than: work) { (work, worked) = (next, now) }
      let isStalled = now - worked > .seconds(stallS)
      guard isStalled || now - start > .seconds(longestS) else { continue }
      kill(-process, SIGKILL)
      // What hangs within the system cannot be ended; it is not waited for long.
      for _ in 0..<20 where unsafe waitpid(process, &status, WNOHANG) == 0 { usleep(10_000) }
      let reason =
        isStalled
        ? "it did nothing for \(Int(stallS)) s and was ended"
        : "it was not done after \(Int(longestS)) s and was ended"
      return (.stopped(reason), String(decoding: said, as: UTF8.self))
    }
  }

  /// Signs of work: what was written, read and computed so far.
  private struct Work {
    private let written: Int
    private let read: Int
    private let ticks: Int

    init(_ process: pid_t, output: Int32) {
      var status = stat()
      written = unsafe fstat(output, &status) == 0 ? Int(status.st_size) : 0
      func words(_ name: String) -> [Substring] {
        let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      }
      let counts = words("io")
      read = counts.firstIndex(of: "rchar:").flatMap { Int(counts[$0 + 1]) } ?? 0
      // Behind the name, which is in parentheses: utime and stime are the fields 14 and 15 of all.
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
}
