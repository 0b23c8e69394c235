import Foundation
import ValenceCore
import ValencePredict

/// A part of a stream that an utterance covers, in seconds; without an end while it goes on.
private struct VoiceSpan {
  let startS: Double
  var endS: Double?
}

/// The latest utterances of a stream, as far as it has been heard.
private struct VoiceRecord {
  var spans: [VoiceSpan] = []
  var nowS = 0.0

  /// How many seconds of a part of the stream were voice.
  func seconds(in part: ClosedRange<Double>) -> Double {
    spans.reduce(0) { sum, span in
      sum + max(0, min(part.upperBound, span.endS ?? nowS) - max(part.lowerBound, span.startS))
    }
  }
}

/// What a session knows of its stream.
struct LiveState: Sendable {
  let inputs: [ModelInput]
  let rateHz: Int
  private let options: LiveOptions
  private var gate: VoiceGate?
  private var groups: [LiveGroup]
  /// The samples of a frame of the gate that is not full yet.
  private var frame: [Float] = []
  private let frameSamples: Int
  /// The samples heard, and the frames of the gate.
  private var count = 0
  private var frames = 0
  /// The latest utterances.
  private var voice = VoiceRecord()
  /// The smoothed probabilities of each model by its name, and of the ensemble.
  private var smoothed: [String: Smoothing] = [:]

  init(
    _ predictor: Predictor, rateHz: Int, options: LiveOptions, enrolled: [StreamStatistics]?
  ) throws {
    inputs = predictor.inputs
    (self.rateHz, self.options) = (rateHz, options)
    gate = options.gate.map(VoiceGate.init)
    frameSamples = max(1, Int((VoiceGate.frameS * Double(rateHz)).rounded()))
    let count = (inputs.map(\.group).max() ?? -1) + 1
    groups = try (0..<count).map { group in
      try LiveGroup(
        predictor, group: group, rateHz: rateHz, options: options,
        statistics: enrolled?[group] ?? predictor.runningStatistics(group: group))
    }
    if gate == nil {
      // All of the stream is one utterance.
      voice.spans = [VoiceSpan(startS: 0)]
      for group in groups.indices { groups[group].beginUtterance(atS: 0) }
    }
  }

  mutating func hear(
    _ samples: some Sequence<Float>, by predictor: Predictor, since arrival: ContinuousClock.Instant
  ) throws -> [LiveEvent] {
    var events: [LiveEvent] = []
    for sample in samples {
      frame.append(sample)
      if frame.count == frameSamples { try events += hearFrame(by: predictor, since: arrival) }
    }
    return events
  }

  mutating func end(
    by predictor: Predictor, since arrival: ContinuousClock.Instant
  ) throws -> [LiveEvent] {
    var events = frame.isEmpty ? [] : try hearFrame(by: predictor, since: arrival)
    try scoreUtterances(by: predictor)
    let heard = voice
    var scores: [LiveGroup.Score] = []
    for group in groups.indices {
      scores += try groups[group].endWindows(by: predictor) { heard.seconds(in: $0) }
    }
    events += answers(scores, .window, by: predictor, since: arrival)
    let change: VoiceGate.Change = gate == nil ? .offset(end: frames) : gate?.end() ?? .none
    events += try apply(change, by: predictor, since: arrival)
    events.append(LiveEvent(.end, timeS: nowS))
    return events
  }

  private var nowS: Double { Double(count) / Double(rateHz) }

  /// When a frame of the gate begins: at many rates it is not exactly of `VoiceGate.frameS`.
  private func timeS(_ frame: Int) -> Double { Double(frame * frameSamples) / Double(rateHz) }

  private mutating func hearFrame(
    by predictor: Predictor, since arrival: ContinuousClock.Instant
  ) throws -> [LiveEvent] {
    try scoreUtterances(by: predictor)
    let change = gate?.hear(frame) ?? .none
    count += frame.count
    voice.nowS = nowS
    frames += 1
    let isVoice = gate?.isLoud ?? true
    for group in groups.indices { groups[group].hear(frame, isVoice: isVoice) }
    frame.removeAll(keepingCapacity: true)
    var events = try apply(change, by: predictor, since: arrival)
    let heard = voice
    var scores: [LiveGroup.Score] = []
    for group in groups.indices {
      scores += try groups[group].scoreWindows(by: predictor) { heard.seconds(in: $0) }
    }
    events += answers(scores, .window, by: predictor, since: arrival)
    forgetVoice()
    return events
  }

  /// Scores what the last frame completed of utterances, with the statistics of that moment.
  ///
  /// Not with the frame itself, whose windows have an answer that somebody waits for.
  private mutating func scoreUtterances(by predictor: Predictor) throws {
    for group in groups.indices { try groups[group].scoreUtterance(by: predictor) }
  }

  private mutating func apply(
    _ change: VoiceGate.Change, by predictor: Predictor, since arrival: ContinuousClock.Instant
  ) throws -> [LiveEvent] {
    switch change {
    case .none: return []
    case .onset(let first):
      let startS = timeS(first)
      voice.spans.append(VoiceSpan(startS: startS))
      for group in groups.indices { groups[group].beginUtterance(atS: startS) }
      var event = LiveEvent(.onset, timeS: nowS)
      event.startS = startS
      return [event]
    case .offset(let end):
      let (startS, endS) = (voice.spans.last?.startS ?? 0, min(nowS, timeS(end)))
      if !voice.spans.isEmpty { voice.spans[voice.spans.count - 1].endS = endS }
      var event = LiveEvent(.offset, timeS: nowS)
      (event.startS, event.endS) = (startS, endS)
      var scores: [LiveGroup.Score] = []
      for group in groups.indices {
        scores += try groups[group].endUtterance(atS: endS, by: predictor)
      }
      let finals = answers(scores, .final, by: predictor, since: arrival)
      return (gate == nil ? [] : [event]) + finals
    }
  }

  /// The events of what groups say at once.
  private mutating func answers(
    _ scores: [LiveGroup.Score], _ kind: LiveEvent.Kind, by predictor: Predictor,
    since arrival: ContinuousClock.Instant
  ) -> [LiveEvent] {
    if scores.isEmpty { return [] }
    return predictor.answers(scores.flatMap(\.said)).map { answer in
      var event = LiveEvent(kind, timeS: nowS)
      (event.startS, event.endS, event.model) = (answer.startS, answer.endS, answer.model)
      (event.prediction, event.probabilities) = (answer.prediction, answer.probabilities)
      let position = inputs.firstIndex { answer.model == nil || $0.name == answer.model }
      let own = scores.first { score in
        score.startS == answer.startS
          && (position.map { score.normalization[$0] != nil } ?? true)
      }
      event.normalization = position.flatMap { own?.normalization[$0] }
      if kind == .window {
        event.voiceS = own?.voiceS
        event.smoothed = smooth(answer)
      }
      event.latencyMs = (ContinuousClock.now - arrival).seconds * 1000
      return event
    }
  }

  /// The smoothed probabilities with a window's answer among them; nil before the first.
  private mutating func smooth(_ answer: Predictor.Answer) -> [String: Float]? {
    let name = answer.model ?? ""
    if answer.prediction != nil {
      smoothed[name, default: Smoothing(halfLifeS: options.halfLifeS)].add(answer)
    }
    return smoothed[name]?.probabilities
  }

  /// Drops spans that no window reaches any more.
  private mutating func forgetVoice() {
    let longestS = inputs.map(\.clipS).max() ?? 0
    let horizonS = nowS - 2 * longestS - 1
    voice.spans.removeAll { $0.endS.map { $0 < horizonS } ?? false }
  }
}

/// The exponential mean of probabilities over time.
private struct Smoothing {
  let halfLifeS: Double
  private var values: [String: Double] = [:]
  private var lastS = 0.0

  init(halfLifeS: Double) { self.halfLifeS = halfLifeS }

  var probabilities: [String: Float] { values.mapValues(Float.init) }

  /// Adds an answer, whose weight is that of the time since the one before.
  mutating func add(_ answer: Predictor.Answer) {
    let weight =
      values.isEmpty ? 1 : 1 - exp2(-max(0, answer.endS - lastS) / halfLifeS)
    for (name, value) in answer.probabilities {
      values[name, default: 0] += weight * (Double(value) - values[name, default: 0])
    }
    lastS = answer.endS
  }
}
