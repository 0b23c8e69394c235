import Dispatch
import Foundation
import Synchronization
import ValenceCore

/// Ctrl-C, SIGTERM and a terminal that goes away: the first asks the work to end, the second ends the process
/// at once.
///
/// All files are written aside and then renamed, so that none is half there whenever the process ends.
struct Interruption {
  /// The exit status of work that was interrupted.
  static let status: Int32 = 130

  private static let request = StopRequest()
  /// Whether there is work that looks at the request.
  private static let isHeard = Atomic(false)

  private let sources: [any DispatchSourceSignal]

  /// From now on an interruption ends the process with the status of interrupted work.
  ///
  /// A signal that this process was started to ignore, by `nohup` for one, stays ignored; but not Ctrl-C's,
  /// which shells have every command ignore that they start in the background.
  ///
  /// - Parameter cleanUp: is done before the process ends.
  init(cleanUp: @escaping @Sendable () -> Void = {}) {
    let ignored = Self.ignoredSignals
    // A queue of its own always has a thread, however busy the others are.
    let queue = DispatchQueue(label: "interruption")
    sources = [SIGINT, SIGTERM, SIGHUP].filter { $0 == SIGINT || !ignored.contains($0) }.map {
      let source = DispatchSource.makeSignalSource(signal: $0, queue: queue)
      source.setEventHandler { @Sendable in Self.note(cleanUp) }
      source.resume()
      return source
    }
  }

  /// From now on the first interruption only asks for an end, by what this returns.
  ///
  /// Nor does a closed output end it any more: `valence run FILE 2>&1 | head` would lose the trials that
  /// are in training.
  func listen() -> StopRequest {
    StandardOutput.outliveReaders()
    Self.isHeard.store(true, ordering: .relaxed)
    return Self.request
  }

  /// Interruptions are heard until here.
  func end() { for source in sources { source.cancel() } }

  private static func note(_ cleanUp: () -> Void) {
    guard !isHeard.load(ordering: .relaxed) || request.make() else { return }
    cleanUp()
    _exit(status)
  }

  /// The signals that this process was started to ignore, as Linux tells them.
  private static var ignoredSignals: Set<Int32> {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
    let mask = line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? 0
    return Set((1...31).filter { mask >> UInt64($0 - 1) & 1 == 1 })
  }
}
