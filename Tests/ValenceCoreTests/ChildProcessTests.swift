import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceCore

@Suite("Other programs")
struct ChildProcessTests {
  private func shell(_ lines: String) -> ChildProcess { ChildProcess("sh", ["-c", lines]) }

  @Test("how a program ends and what it says, the last of it")
  func ends() {
    var process = shell("echo first >&2; echo hidden; echo last >&2; exit 3")
    process.longestMessage = 8
    var (end, said) = process.run()
    #expect(end == .status(3))
    #expect(said == "st\nlast\n")
    process.output = .said
    process.longestMessage = 100
    (end, said) = process.run()
    #expect(said == "first\nhidden\nlast\n")
    (end, said) = shell("kill -9 $$").run()
    #expect(end == .signal(SIGKILL))
    #expect(said == "")
  }

  @Test("a program whose parent was told to ignore its children's ends is not taken for running")
  func ignoredEnds() async {
    // In a process of its own: what is ignored is ignored for all of a process's threads.
    await #expect(processExitsWith: .exitCode(4)) {
      signal(SIGCHLD, SIG_IGN)
      var process = ChildProcess("sh", ["-c", "exit 4"])
      process.longestS = 2
      guard case .status(let status) = process.run().end else { exit(1) }
      exit(status)
    }
  }

  @Test("a program that is missing, and one that cannot be started")
  func notStarted() throws {
    #expect(ChildProcess("no-such-program", []).run().end == .notFound)
    try TemporaryFolder.with { folder in
      let text = folder.url.appending(path: "text")
      try Data("no program".utf8).write(to: text)
      #expect(ChildProcess(text.path, []).run().end == .notStarted(EACCES))
      var elsewhere = shell("true")
      elsewhere.folder = folder.url.appending(path: "nowhere").path
      #expect(elsewhere.run().end == .notFound)
    }
  }

  @Test("it reads, writes and works where it is told to")
  func streams() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["input": "abc", "copy": ""])
      let copy = folder.url.appending(path: "copy")
      let input = try FileHandle(forReadingFrom: folder.url.appending(path: "input"))
      let output = try FileHandle(forUpdating: copy)
      var process = shell("cat; pwd")
      process.input = input.fileDescriptor
      process.output = .descriptor(output.fileDescriptor)
      process.folder = folder.url.path
      #expect(process.run().end == .status(0))
      let text = try String(contentsOf: copy, encoding: .utf8)
      #expect(text.hasPrefix("abc/"))
      #expect(text.hasSuffix("/\(folder.url.lastPathComponent)\n"))
    }
  }

  @Test("one that ignores every polite signal is killed at its limit, with what it started")
  func late() throws {
    var process = shell("trap '' TERM INT HUP; sleep 600 & echo $$ $! >&2; wait; sleep 600")
    process.longestS = 0.3
    let start = ContinuousClock.now
    let (end, said) = process.run()
    #expect(end == .stopped(.late(0.3)))
    #expect(ContinuousClock.now - start < .seconds(20))
    let processes = said.split { $0.isWhitespace }.compactMap { pid_t($0) }
    try #require(processes.count == 2)
    // It was asked about, so that the system has forgotten it; its child is another one's to ask about.
    #expect(kill(processes[0], 0) == -1 && errno == ESRCH)
    let child = try #require(ProcessIdentity(text: "\(processes[1])"))
    var isRunning = true
    for _ in 0..<1000 where isRunning {
      isRunning = child.isRunning
      if isRunning { usleep(5000) }
    }
    #expect(!isRunning)
  }

  @Test("one that only waits is stopped, and one that writes is not")
  func stalled() throws {
    var process = shell("exec 2>&-; sleep 600")
    process.stallS = 0.3
    #expect(process.run().end == .stopped(.stalled(0.3)))
    try TemporaryFolder.with { folder in
      try folder.write(["output": ""])
      let output = try FileHandle(forUpdating: folder.url.appending(path: "output"))
      process = shell("while true; do echo x; sleep 0.02; done")
      process.output = .descriptor(output.fileDescriptor)
      (process.stallS, process.longestS) = (1, 2.5)
      #expect(process.run().end == .stopped(.late(2.5)))
    }
  }

  @Test("one whose result is no longer wanted is stopped")
  func cancelled() {
    var process = shell("sleep 600")
    process.isCancelled = { true }
    #expect(process.run().end == .stopped(.cancelled))
  }

  @Test("one that never ceases to speak meets its limit too")
  func speaks() {
    var process = ChildProcess("yes", [])
    process.output = .said
    process.longestS = 0.3
    let (end, said) = process.run()
    #expect(end == .stopped(.late(0.3)))
    #expect(said.utf8.count == process.longestMessage)
  }

  @Test("a descendant that goes on and holds standard error keeps nobody waiting")
  func escaped() {
    let start = ContinuousClock.now
    let (end, said) = shell("echo done >&2; setsid sleep 60 & exit 4").run()
    #expect(end == .status(4))
    #expect(said == "done\n")
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("it inherits no descriptor but three, and no signal that is blocked")
  func inherits() throws {
    // Opened to be inherited, as some libraries do.
    let open = Foundation.open("/dev/null", O_RDONLY)
    defer { close(open) }
    let (_, said) = shell("ls /proc/self/fd >&2; grep -E 'SigBlk' /proc/self/status >&2").run()
    let lines = said.split { $0.isWhitespace }
    // `ls` itself opens the folder that it lists.
    #expect(lines.prefix(4) == ["0", "1", "2", "3"])
    #expect(lines.suffix(2) == ["SigBlk:", "0000000000000000"])
  }

  @Test("descriptors and processes do not pile up")
  func leaks() throws {
    func count() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
    let before = try count()
    for _ in 0..<150 { _ = ChildProcess("true", []).run() }
    for _ in 0..<150 { _ = ChildProcess("no-such-program", []).run() }
    // Other tests open files at the same time.
    #expect(try count() < before + 100)
  }

  @Test("many at a time, from many threads")
  func threads() {
    DispatchQueue.concurrentPerform(iterations: 40) { @Sendable index in
      let (end, said) = ChildProcess("sh", ["-c", "echo \(index) >&2; exit \(index)"]).run()
      #expect(end == .status(Int32(index)))
      #expect(said == "\(index)\n")
    }
  }
}
