import Foundation
import Synchronization
import ValenceStore

/// Lines of JSON about what happens, without bodies, tokens, queries or names of files.
final class ServeLog: Sendable {
  /// One line.
  struct Entry: Encodable, Sendable {
    var level = "info"
    var event: String
    var connection: Int?
    var method: String?
    /// The route, never the path that was asked for.
    var route: String?
    var status: Int?
    var ms: Double?
    var bytesIn: Int?
    var audioS: Double?
    var message: String?
    private var time = ""

    init(_ event: String, connection: Int? = nil, message: String? = nil) {
      (self.event, self.connection, self.message) = (event, connection, message)
    }

    /// The entry with its moment.
    func at(_ date: Date) -> Entry {
      var entry = self
      entry.time =
        date.formatted(
          .iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
      return entry
    }
  }

  private let write: @Sendable (Data) -> Void
  /// One after the other, on a thread that may wait for whoever reads them.
  private let queue = DispatchQueue(label: "log")
  private let waiting = Mutex(0)
  private static let most = 10_000

  /// - Parameter write: what takes a line; by default standard error does.
  init(
    _ write: @escaping @Sendable (Data) -> Void = {
      try? FileHandle.standardError.write(contentsOf: $0)
    }
  ) { self.write = write }

  /// Writes a line; where too many wait, because nobody reads them, it is left out.
  func note(_ entry: Entry) {
    let date = Date()
    let isTaken = waiting.withLock { waiting in
      guard waiting < Self.most else { return false }
      waiting += 1
      return true
    }
    guard isTaken else { return }
    queue.async { [self] in
      if let line = try? JSON.encoded(entry.at(date), onOneLine: true) { write(line) }
      waiting.withLock { $0 -= 1 }
    }
  }

  /// Waits until all that was noted is written.
  func flush() { queue.sync {} }
}
