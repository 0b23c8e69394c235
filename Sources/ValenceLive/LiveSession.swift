import Foundation
import Synchronization
import ValenceAudio
package import ValencePredict

/// One stream: hears samples, answers with events.
///
/// Windows lie at multiples of the hop from the beginning of the stream, and each is scored as `predict
/// --windows` scores it. Where the stream is cut into pieces changes no event. What a window costs does not
/// depend on how long the stream has gone on; memory is that of some windows.
///
/// Calls take turns. The models are the predictor's, of which many sessions share one.
package final class LiveSession: Sendable {
  private let state: Mutex<LiveState>

  /// A session for the models of a predictor.
  ///
  /// - Parameters:
  ///   - rateHz: of the stream; it is resampled to the models' rates.
  ///   - enrolled: for each group of models the statistics of recordings of the speaker; nil forms running
  ///     statistics where models need the speaker's or corpus's.
  /// - Throws: `LiveFault`, `WindowFault`.
  package init(
    _ predictor: Predictor, rateHz: Int, options: LiveOptions, enrolled: [StreamStatistics]? = nil
  ) throws {
    guard AudioOptions.rateHzRange.contains(rateHz) else { throw LiveFault.rate(rateHz) }
    guard LiveOptions.halfLifeRange.contains(options.halfLifeS) else {
      throw LiveFault.halfLife(options.halfLifeS)
    }
    guard LiveOptions.warmUpRange.contains(options.warmUpS) else {
      throw LiveFault.warmUp(options.warmUpS)
    }
    state = Mutex(
      try LiveState(predictor, rateHz: rateHz, options: options, enrolled: enrolled))
  }

  /// The event that begins a stream: the models and what they hear.
  package var opening: LiveEvent {
    state.withLock { state in
      var event = LiveEvent(.start, timeS: 0)
      (event.models, event.rateHz) = (state.inputs, state.rateHz)
      return event
    }
  }

  /// What the next samples bring.
  ///
  /// - Parameters:
  ///   - samples: mono, at the stream's rate; full scale is ±1.
  ///   - predictor: one of the models that the session was made for.
  ///   - arrival: when they arrived, from which latency is counted.
  /// - Throws: a sentence where a model cannot go on.
  package func hear(
    _ samples: some Sequence<Float>, by predictor: Predictor,
    since arrival: ContinuousClock.Instant = .now
  ) throws -> [LiveEvent] {
    try state.withLock { try $0.hear(samples, by: predictor, since: arrival) }
  }

  /// What the end of the stream brings: the last window, the answer for an utterance that still went on, and the
  /// event `end`.
  package func end(
    by predictor: Predictor, since arrival: ContinuousClock.Instant = .now
  ) throws -> [LiveEvent] {
    try state.withLock { try $0.end(by: predictor, since: arrival) }
  }
}
