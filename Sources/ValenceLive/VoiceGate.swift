import Foundation

/// Tells speech from pauses by level alone: a stream is idle until its level rises above the background for a
/// moment, and then active until it has stayed below for a while.
///
/// A gate by level cannot tell speech from music or from a slamming door: what is louder than the background
/// opens it. `Numbers.md` shows what it does to either.
package struct VoiceGate: Sendable {
  /// When the gate opens and closes.
  package struct Options: Codable, Hashable, Sendable {
    /// The level below which nothing is voice, in dB of full scale (root mean square of 20 ms).
    package var thresholdDb = -50.0
    /// How far above the background voice has to be, in dB.
    package var marginDb = 9.0
    /// How long it has to be so loud until the gate opens, in seconds, within twice that time.
    package var onsetS = 0.1
    /// How long it has to be quieter until the gate closes, in seconds.
    package var hangoverS = 0.8
    /// How much before the first loud frame and after the last one belongs to the utterance, in seconds.
    package var paddingS = 0.2
    /// The longest utterance, in seconds; one that goes on is answered then, and another one begins.
    package var longestS = 30.0

    package init() {}
  }

  /// What a frame changes.
  package enum Change: Hashable, Sendable {
    case none
    /// An utterance began with the frame `first`.
    case onset(first: Int)
    /// It ended before the frame `end`.
    case offset(end: Int)
  }

  /// The length of a frame, in seconds.
  package static let frameS = 0.02
  /// The background is the lowest level of so many blocks of so many frames, after Martin (2001): speech has a
  /// pause within these four seconds, and what has none is background.
  private static let memory = (blocks: 8, frames: 25)
  /// Over how many frames the level of the background and that of voice are formed: of babble or music single
  /// frames are far quieter than the whole, and would be taken for the background.
  private static let span = (background: 10, voice: 3)
  /// How much quieter than what opens it keeps it open, in dB, so that it does not flicker.
  private static let hysteresisDb = 3.0
  /// No level is lower: digital silence.
  private static let lowestDb = -100.0

  private let options: Options
  /// Frames heard so far.
  private var count = 0
  /// The power of the latest frames.
  private var powers: [Double] = []
  /// The lowest level of each of the last blocks, the current one last.
  private var lowest: [Double] = []
  /// Whether each of the last frames was loud, in the idle state.
  private var recent: [Bool] = []
  /// The first frame of the utterance; nil while idle.
  private var onset: Int?
  /// The last loud frame.
  private var lastLoud = 0

  package init(_ options: Options) { self.options = options }

  /// Whether an utterance goes on.
  package var isActive: Bool { onset != nil }

  /// Whether the frame heard last was loud enough to be voice.
  package private(set) var isLoud = false

  /// Hears the next frame.
  ///
  /// - Parameter frame: its samples.
  package mutating func hear(_ frame: some Collection<Float>) -> Change {
    let power = frame.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, frame.count))
    powers.append(power)
    if powers.count > Self.span.background { powers.removeFirst() }
    let level = Self.level(powers)
    if count.isMultiple(of: Self.memory.frames) {
      lowest.append(level)
      if lowest.count > Self.memory.blocks { lowest.removeFirst() }
    }
    lowest[lowest.count - 1] = min(lowest[lowest.count - 1], level)
    let margin = options.marginDb - (isActive ? Self.hysteresisDb : 0)
    isLoud =
      Self.level(powers.suffix(Self.span.voice)) > max(options.thresholdDb, backgroundDb + margin)
    defer { count += 1 }
    return isActive ? hearActive() : hearIdle()
  }

  /// The level of frames together, in dB of full scale.
  private static func level(_ powers: some Collection<Double>) -> Double {
    let mean = powers.reduce(0, +) / Double(max(1, powers.count))
    return max(lowestDb, 10 * log10(max(mean, 1e-12)))
  }

  /// The level of the background; while little has been heard, one that lets all pass that is above the
  /// threshold, so that a stream may begin within speech.
  private var backgroundDb: Double {
    let known = lowest.min() ?? Self.lowestDb
    return lowest.count < Self.memory.blocks
      ? min(known, options.thresholdDb - options.marginDb) : known
  }

  private mutating func hearIdle() -> Change {
    let needed = max(1, frames(options.onsetS))
    recent.append(isLoud)
    if recent.count > 2 * needed { recent.removeFirst() }
    guard recent.count(where: { $0 }) >= needed, let place = recent.firstIndex(of: true) else {
      return .none
    }
    let first = max(0, count - (recent.count - 1 - place) - frames(options.paddingS))
    (onset, lastLoud) = (first, count)
    recent = []
    return .onset(first: first)
  }

  private mutating func hearActive() -> Change {
    if isLoud { lastLoud = count }
    let first = onset ?? 0
    if count - lastLoud >= frames(options.hangoverS) {
      onset = nil
      return .offset(end: min(count, lastLoud + 1 + frames(options.paddingS)))
    }
    if count + 1 - first >= frames(options.longestS) {
      onset = nil
      return .offset(end: count + 1)
    }
    return .none
  }

  /// Ends an utterance that still goes on where the stream ends.
  package mutating func end() -> Change {
    guard onset != nil else { return .none }
    onset = nil
    return .offset(end: min(count, lastLoud + 1 + frames(options.paddingS)))
  }

  private func frames(_ seconds: Double) -> Int { Int((seconds / Self.frameS).rounded()) }
}
