import Foundation
import NIOWebSocket
import ValenceLive
import ValencePredict

/// What a stream has heard: bytes go in, events come out.
struct SoundStream: Sendable {
  private let pool: ScoringPool
  private let session: LiveSession
  private let settings: StreamSettings
  private var decoder: PCMDecoder
  private var waiting = Data()
  /// When the oldest of the waiting bytes came.
  private var arrival = ContinuousClock.now

  /// Bytes are heard once they are so many seconds, as each time costs a change of threads.
  private static let leastS = 0.01
  /// At most so many seconds are heard at a time, so that other streams come in between.
  private static let mostS = 1.0

  /// - Throws: `StreamFault` for a rate, a number of channels or windows that cannot be.
  init(_ settings: StreamSettings, models: ServedModels) async throws {
    pool = models.pool
    self.settings = settings
    do {
      decoder = try PCMDecoder(settings.encoding, channels: settings.channels)
      session = try await models.pool.run { predictor in
        try LiveSession(predictor, rateHz: settings.rateHz, options: settings.options)
      }
    } catch {
      guard error is PCMDecoder.Fault || error is LiveFault || error is WindowFault else {
        throw error
      }
      throw StreamFault(.policyViolation, "\(error)")
    }
  }

  /// The event that begins it.
  var opening: LiveEvent { session.opening }

  /// Hears further bytes; returns the events, and the seconds of sound that were heard.
  ///
  /// - Throws: `StreamFault` for samples that are none.
  mutating func hear(_ bytes: Data) async throws -> (events: [LiveEvent], seconds: Double) {
    if waiting.isEmpty { arrival = .now }
    waiting.append(bytes)
    guard waiting.count >= settings.bytes(inS: Self.leastS) else { return ([], 0) }
    return try await hearWaiting()
  }

  /// Hears what is left and ends; returns the last events.
  ///
  /// - Throws: `StreamFault` for samples that are none, or half of one.
  mutating func end() async throws -> [LiveEvent] {
    if waiting.isEmpty { arrival = .now }
    let events = try await hearWaiting().events
    do throws(PCMDecoder.Fault) { try decoder.end() } catch {
      throw StreamFault(.dataInconsistentWithMessage, "\(error)")
    }
    let (session, arrival) = (session, arrival)
    return try await events + pool.run { try session.end(by: $0, since: arrival) }
  }

  private mutating func hearWaiting() async throws -> (events: [LiveEvent], seconds: Double) {
    var events: [LiveEvent] = []
    var count = 0
    let most = settings.bytes(inS: Self.mostS)
    var start = waiting.startIndex
    defer { waiting = Data() }
    while start < waiting.endIndex {
      let end = min(waiting.endIndex, start + most)
      let samples: [Float]
      do throws(PCMDecoder.Fault) { samples = try decoder.samples(waiting[start..<end]) } catch {
        throw StreamFault(.dataInconsistentWithMessage, "\(error)")
      }
      start = end
      count += samples.count
      let (session, arrival) = (session, arrival)
      events += try await pool.run { try session.hear(samples, by: $0, since: arrival) }
    }
    return (events, Double(count) / Double(settings.rateHz))
  }
}
