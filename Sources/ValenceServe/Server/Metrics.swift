import Foundation
import Synchronization

/// What the server counts, in Prometheus's text form.
final class Metrics: Sendable {
  private struct Row: Hashable {
    var route: String
    var status: Int
  }

  private struct Histogram {
    var counts = [Int](repeating: 0, count: Metrics.boundsS.count)
    var count = 0
    var sumS = 0.0

    mutating func add(_ seconds: Double) {
      for (index, bound) in Metrics.boundsS.enumerated() where seconds <= bound {
        counts[index] += 1
      }
      count += 1
      sumS += seconds
    }
  }

  private struct Counts {
    var requests: [Row: Int] = [:]
    var requestS: [String: Histogram] = [:]
    var windowS = Histogram()
    var sessions = 0
    var sessionsBegun = 0
    var closes: [Int: Int] = [:]
    var audioS: [String: Double] = [:]
    var refusedConnections = 0
  }

  /// The upper ends of the histograms' bins, in seconds.
  static let boundsS = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
  ]

  private let counts = Mutex(Counts())
  private let started = Date()

  /// Counts an answered request.
  func request(_ route: String, status: Int, seconds: Double) {
    counts.withLock {
      $0.requests[Row(route: route, status: status), default: 0] += 1
      $0.requestS[route, default: Histogram()].add(seconds)
    }
  }

  /// Counts sound that was heard.
  func heard(_ seconds: Double, by route: String) {
    counts.withLock { $0.audioS[route, default: 0] += seconds }
  }

  /// Counts the time that a piece of a stream took, from its arrival to its events.
  func streamed(_ seconds: Double) { counts.withLock { $0.windowS.add(seconds) } }

  /// Counts a connection that was closed because there are too many.
  func refusedConnection() { counts.withLock { $0.refusedConnections += 1 } }

  /// Takes a place for a stream; returns whether one was free.
  func beginSession(limit: Int) -> Bool {
    counts.withLock { counts in
      guard counts.sessions < limit else { return false }
      counts.sessions += 1
      counts.sessionsBegun += 1
      return true
    }
  }

  /// Gives the place back.
  func endSession() { counts.withLock { $0.sessions -= 1 } }

  /// Counts the code that a stream was closed with.
  func closed(_ code: Int) { counts.withLock { $0.closes[code, default: 0] += 1 } }

  /// The streams that are open.
  var sessions: Int { counts.withLock { $0.sessions } }

  /// Everything in Prometheus's text format 0.0.4.
  ///
  /// - Parameter gauges: further values of this moment, each with its name and meaning.
  func text(_ gauges: [(name: String, help: String, value: Double)]) -> String {
    let counts = counts.withLock { $0 }
    var page = Page()
    page.begin("valence_requests_total", "counter", "Requests by route and status.")
    for (row, count) in counts.requests.sorted(by: {
      ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
    }) {
      page.line("valence_requests_total{route=\"\(row.route)\",status=\"\(row.status)\"}", count)
    }
    let seconds = "valence_request_seconds"
    page.begin(seconds, "histogram", "Seconds from the head of a request to its answer.")
    for (route, histogram) in counts.requestS.sorted(by: { $0.key < $1.key }) {
      page.histogram(
        seconds, "route=\"\(route)\"", histogram.counts, histogram.count, histogram.sumS)
    }
    let stream = "valence_stream_seconds"
    page.begin(
      stream, "histogram", "Seconds from the arrival of a piece of a stream to its events.")
    page.histogram(stream, "", counts.windowS.counts, counts.windowS.count, counts.windowS.sumS)
    page.begin("valence_sessions_total", "counter", "Streams that were begun.")
    page.line("valence_sessions_total", counts.sessionsBegun)
    page.begin("valence_stream_closes_total", "counter", "Streams that ended, by close code.")
    for (code, count) in counts.closes.sorted(by: { $0.key < $1.key }) {
      page.line("valence_stream_closes_total{code=\"\(code)\"}", count)
    }
    page.begin("valence_audio_seconds_total", "counter", "Seconds of sound that were heard.")
    for (route, seconds) in counts.audioS.sorted(by: { $0.key < $1.key }) {
      page.line("valence_audio_seconds_total{route=\"\(route)\"}", seconds)
    }
    page.begin(
      "valence_connections_refused_total", "counter", "Connections closed as there were too many.")
    page.line("valence_connections_refused_total", counts.refusedConnections)
    let own: [(name: String, help: String, value: Double)] = [
      ("valence_sessions", "Open streams.", Double(counts.sessions)),
      ("process_resident_memory_bytes", "Resident memory.", Double(Self.residentBytes)),
      ("process_start_time_seconds", "Start, in Unix time.", started.timeIntervalSince1970),
    ]
    for gauge in own + gauges {
      page.begin(gauge.name, "gauge", gauge.help)
      page.line(gauge.name, gauge.value)
    }
    return page.text
  }

  /// The bytes of memory that this process holds, as Linux tells them; 0 where it does not.
  static var residentBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 } ?? 0
  }

  /// Lines of the text form.
  private struct Page {
    var text = ""

    mutating func begin(_ name: String, _ kind: String, _ help: String) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func line(_ name: String, _ value: some Numeric) { text += "\(name) \(value)\n" }

    mutating func histogram(
      _ name: String, _ labels: String, _ counts: [Int], _ count: Int, _ sumS: Double
    ) {
      let before = labels.isEmpty ? "" : labels + ","
      for (bound, count) in zip(Metrics.boundsS, counts) {
        line("\(name)_bucket{\(before)le=\"\(bound)\"}", count)
      }
      line("\(name)_bucket{\(before)le=\"+Inf\"}", count)
      let own = labels.isEmpty ? "" : "{\(labels)}"
      line("\(name)_sum\(own)", sumS)
      line("\(name)_count\(own)", count)
    }
  }
}
