import ValenceAudio
import ValencePredict

/// The windows and utterances of a stream for models that hear the same.
struct LiveGroup: Sendable {
  /// What is said of a window or utterance.
  struct Score: Sendable {
    let said: [StreamSaying]
    let startS: Double
    let endS: Double
    let voiceS: Double
    let normalization: [Int: LiveEvent.Normalization]
  }

  /// An utterance that goes on.
  private struct Utterance {
    /// The position of its first sample.
    let start: Int
    var cutter: WindowCutter
    /// The samples since the last voice, which may be those of the pause behind the utterance.
    var pending: [Float] = []
    var means: [Int: Predictor.MeanSaying] = [:]
  }

  private let group: Int
  private let rate: Double
  private let lengths: (window: Int, hop: Int)
  private let positions: [ModelInput?]
  private let warmUpS: Double
  private let resampler: StreamResampler
  private var cutter: WindowCutter
  private var statistics: StreamStatistics
  /// The seconds that running statistics were formed over, and where the last window of theirs ended.
  private var heardS = 0.0
  private var heardUntil = 0
  /// The latest samples, for an utterance that turns out to have begun.
  private var history: [Float] = []
  private var utterance: Utterance?
  /// Windows of the stream, and of its utterance, that wait to be scored.
  private var windows: [WindowCutter.Piece] = []
  private var parts: [WindowCutter.Piece] = []

  /// How far back an utterance may begin, in seconds.
  private static let historyS = 1.0
  /// The least voice in a window that is scored, in seconds.
  private static let leastVoiceS = 0.25

  init(
    _ predictor: Predictor, group: Int, rateHz: Int, options: LiveOptions,
    statistics: StreamStatistics
  ) throws {
    self.group = group
    lengths = try predictor.windowSamples(options.windows, group: group)
    positions = predictor.inputs.map { $0.group == group ? $0 : nil }
    let ownHz = positions.compactMap { $0?.rateHz }.first ?? rateHz
    rate = Double(ownHz)
    warmUpS = options.warmUpS
    resampler = StreamResampler(fromHz: rateHz, toHz: ownHz)
    cutter = WindowCutter(window: lengths.window, hop: lengths.hop)
    self.statistics = statistics
  }

  // MARK: - Hearing

  /// Hears the samples of a frame of the gate, at the stream's rate.
  mutating func hear(_ frame: [Float], isVoice: Bool) { hear(own: resampler.add(frame), isVoice) }

  private mutating func hear(own samples: [Float], _ isVoice: Bool) {
    windows += cutter.add(samples)
    history += samples
    let needless = history.count - Int(Self.historyS * rate)
    if needless > lengths.window { history.removeFirst(needless) }
    utterance?.pending += samples
    if isVoice, let pending = utterance?.pending {
      parts += utterance?.cutter.add(pending) ?? []
      utterance?.pending = []
    }
  }

  /// An utterance began at a time that is no longer ago than `historyS`.
  mutating func beginUtterance(atS startS: Double) {
    let first = cutter.count - history.count
    let start = max(first, min(cutter.count, Int((startS * rate).rounded())))
    var utterance = Utterance(
      start: start,
      cutter: WindowCutter(window: lengths.window, hop: max(1, lengths.window / 2)))
    parts = utterance.cutter.add(history[(start - first)...])
    self.utterance = utterance
  }

  // MARK: - Scoring

  /// What is said of the windows that are complete.
  ///
  /// - Parameter voiceS: how many seconds of a part were voice.
  mutating func scoreWindows(
    by predictor: Predictor, voiceS: (ClosedRange<Double>) -> Double
  ) throws -> [Score] {
    defer { windows = [] }
    return try windows.map { try score($0, by: predictor, voiceS) }
  }

  /// What is said of the last window, after the end of the stream.
  mutating func endWindows(
    by predictor: Predictor, voiceS: (ClosedRange<Double>) -> Double
  ) throws -> [Score] {
    hear(own: resampler.end(), false)
    if let last = cutter.end() { windows.append(last) }
    return try scoreWindows(by: predictor, voiceS: voiceS)
  }

  private mutating func score(
    _ window: WindowCutter.Piece, by predictor: Predictor,
    _ voiceS: (ClosedRange<Double>) -> Double
  ) throws -> Score {
    let end = window.start + window.samples.count
    let (startS, endS) = (Double(window.start) / rate, Double(end) / rate)
    let voice = voiceS(startS...endS)
    guard voice >= min(Self.leastVoiceS, (endS - startS) / 2) else {
      let silence = Predictor.Saying(silentFromS: startS, toS: endS)
      return Score(
        said: members.map { StreamSaying(position: $0, saying: silence) }, startS: startS,
        endS: endS, voiceS: voice, normalization: normalization)
    }
    let before = statistics.windows
    let said = try predictor.sayings(
      of: window.samples, from: window.start, group: group, statistics: &statistics)
    if statistics.windows > before {
      heardS += Double(end - max(window.start, heardUntil)) / rate
      heardUntil = end
    }
    return Score(
      said: said, startS: startS, endS: endS, voiceS: voice, normalization: normalization)
  }

  /// Scores the windows of the utterance that are complete, so that little is left to do at its end.
  mutating func scoreUtterance(by predictor: Predictor) throws {
    defer { parts = [] }
    guard let start = utterance?.start else { return }
    // What is learned from belongs to the windows of the stream alone.
    var fixed = statistics
    fixed.isFixed = true
    for part in parts {
      for said in try predictor.sayings(
        of: part.samples, from: start + part.start, group: group, statistics: &fixed)
      {
        utterance?.means[said.position, default: .init()].add(said.saying)
      }
    }
  }

  /// What is said of the utterance, which ended at a time.
  mutating func endUtterance(atS endS: Double, by predictor: Predictor) throws -> [Score] {
    guard var ended = utterance else { return [] }
    let left = Int((endS * rate).rounded()) - ended.start - ended.cutter.count
    parts += ended.cutter.add(ended.pending.prefix(max(0, left)))
    if let last = ended.cutter.end() { parts.append(last) }
    utterance = ended
    try scoreUtterance(by: predictor)
    defer { utterance = nil }
    let startS = Double(ended.start) / rate
    let said = members.map { position in
      StreamSaying(
        position: position,
        saying: utterance?.means[position]?.saying
          ?? Predictor.Saying(silentFromS: startS, toS: endS))
    }
    return [
      Score(
        said: said, startS: startS, endS: endS, voiceS: endS - startS,
        normalization: normalization)
    ]
  }

  private var members: [Int] { positions.indices.filter { positions[$0] != nil } }

  /// By whose statistics each model of the group is normalized now.
  private var normalization: [Int: LiveEvent.Normalization] {
    positions.enumerated().reduce(into: [:]) { all, entry in
      guard let input = entry.element else { return }
      all[entry.offset] =
        if input.usesTestSpeech {
          statistics.isFixed
            ? .init(source: .enrolled)
            : .init(source: .running, heardS: heardS, warm: heardS >= warmUpS)
        } else {
          .init(source: input.normalization == "train" ? .train : .none)
        }
    }
  }
}
