import Foundation
import Synchronization
import ValenceTestSupport

/// The built command, run as a user would in a folder of its own.
struct Command {
  /// How it went.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    /// What it printed as lines.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  let folder: URL
  var environment: [String: String] = [:]

  /// The executable beside the test bundle's resources.
  static let executable = Bundle.module.bundleURL.deletingLastPathComponent()
    .appending(path: "valence")

  /// Lends the command in a folder with a corpus of tones and `plan.yaml`.
  static func with(
    _ changes: String = "", _ body: (Command) throws -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      try ToneCorpus().write(to: folder.url.appending(path: "one"))
      try folder.write(["plan.yaml": TonePlan.text("study", changes)])
      try body(Command(folder: folder.url))
    }
  }

  /// Runs it to its end.
  ///
  /// - Parameter interruptAt: a text on standard error at which the process gets a SIGINT.
  func callAsFunction(_ arguments: String..., interruptAt text: String? = nil) throws -> Outcome {
    try run(Self.executable, arguments, at: text) { kill($0, SIGINT) }
  }

  /// Runs it to its end.
  ///
  /// - Parameter text: a text on standard error at which `action` is done once, with the process's id.
  func callAsFunction(
    _ arguments: String..., at text: String, do action: @escaping @Sendable (pid_t) -> Void
  ) throws -> Outcome {
    try run(Self.executable, arguments, at: text, do: action)
  }

  /// Runs a command with arguments that stand in a list.
  func callAsFunction(_ name: String, _ arguments: [String]) throws -> Outcome {
    try run(Self.executable, [name] + arguments)
  }

  /// Runs a line of the shell, in which `$VALENCE` is the command.
  func shell(_ line: String) throws -> Outcome {
    var command = self
    command.environment["VALENCE"] = Self.executable.path
    return try command.run(URL(filePath: "/bin/bash"), ["-c", line])
  }

  /// Runs it and sends it a signal after some seconds.
  func callAsFunction(
    _ arguments: [String], signal: Int32, afterS seconds: Double
  ) throws -> Outcome {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    return try shell("timeout --preserve-status -s \(signal) \(seconds) $VALENCE \(words)")
  }

  /// Runs it on a terminal of its own, as `script` makes one; everything that it showed is `output`.
  func onTerminal(_ arguments: String...) throws -> Outcome {
    try onTerminal(
      shell: ([Self.executable.path] + arguments).map { "'\($0)'" }.joined(separator: " "))
  }

  /// Runs a line of the shell on a terminal of its own.
  func onTerminal(shell line: String) throws -> Outcome {
    try run(URL(filePath: "/usr/bin/script"), ["-qec", line, "/dev/null"])
  }

  private func run(
    _ program: URL, _ arguments: [String], at text: String? = nil,
    do action: @escaping @Sendable (pid_t) -> Void = { _ in }
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path,
      "VALENCE_CACHE": folder.appending(path: "cache").path, "COLUMNS": "80", "TERM": "xterm",
    ].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Collector(), Collector())
    process.standardOutput = output.pipe
    process.standardError = errors.pipe
    try process.run()
    let identifier = process.processIdentifier
    output.begin { _ in }
    let isDone = Atomic(false)
    errors.begin { all in
      if let text, all.contains(text), !isDone.exchange(true, ordering: .relaxed) {
        action(identifier)
      }
    }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -1,
      output: output.end(), errors: errors.end())
  }
}

/// Collects what comes out of a pipe, on a thread of its own so that neither side waits for the other.
private final class Collector: Sendable {
  let pipe = Pipe()
  private let data = Mutex(Data())
  private let isDone = DispatchSemaphore(value: 0)

  /// Reads until the other side closes; `onData` sees all that there is after each piece.
  func begin(_ onData: @escaping @Sendable (String) -> Void) {
    let thread = Thread { [self] in
      while case let piece = pipe.fileHandleForReading.availableData, !piece.isEmpty {
        let all = data.withLock { data -> String in
          data += piece
          return String(decoding: data, as: UTF8.self)
        }
        onData(all)
      }
      isDone.signal()
    }
    thread.start()
  }

  /// Everything that came.
  func end() -> String {
    isDone.wait()
    return data.withLock { String(decoding: $0, as: UTF8.self) }
  }
}
