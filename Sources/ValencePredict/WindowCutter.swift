/// Where windows over a recording or a stream lie.
///
/// A window is a clip of its own: its features are extracted from its samples alone, and its quiet edges are
/// kept. So what is said of it does not depend on what comes before and after, whether a file is read or a
/// stream is heard.
package struct WindowOptions: Hashable, Sendable {
  /// The length of a window in seconds; nil for `audio.clip_s`, which is also the longest.
  package var windowS: Double?
  /// The time from one window's beginning to the next one's, in seconds; nil for half a window.
  package var hopS: Double?

  package init(windowS: Double? = nil, hopS: Double? = nil) {
    (self.windowS, self.hopS) = (windowS, hopS)
  }

  /// The shortest hop, in seconds.
  package static let shortestHopS = 0.01
}

/// Why windows cannot be cut as they are asked for.
package enum WindowFault: Error, Hashable, CustomStringConvertible {
  /// Longer than the clips that a model was trained with.
  case tooLong(windowS: Double, clipS: Double)
  /// Too short to pass the model's layers, or no length at all.
  case tooShort(windowS: Double, leastS: Double)
  /// Not between the shortest hop and a window.
  case hop(hopS: Double, windowS: Double)

  package var description: String {
    switch self {
    case .tooLong(let windowS, let clipS):
      "window: \(windowS) s is longer than the clips of \(clipS) s that the model was trained with; give at "
        + "most that."
    case .tooShort(let windowS, let leastS):
      "window: \(windowS) s is too short for the model; give at least \(leastS) s."
    case .hop(let hopS, let windowS):
      "hop: \(hopS) s is no step between windows of \(windowS) s; give \(WindowOptions.shortestHopS) to "
        + "\(windowS) s."
    }
  }
}

/// Cuts samples that come one after another into windows of one length, one every hop, and a last one that
/// ends with them.
///
/// Keeps no more than the samples of two windows and those that were given last.
package struct WindowCutter: Sendable {
  /// Samples in a row, and the position of the first.
  package struct Piece: Sendable {
    package let start: Int
    package let samples: [Float]
  }

  private let window: Int
  private let hop: Int
  /// The latest samples, of which the first has the position `start`.
  private var samples: [Float] = []
  private var start = 0
  /// Where the next window begins.
  private var next = 0

  /// Windows of so many samples, one every `hop`.
  package init(window: Int, hop: Int) {
    precondition(window > 0 && hop > 0 && hop <= window, "a window of \(window) every \(hop)")
    (self.window, self.hop) = (window, hop)
  }

  /// How many samples have been given.
  package var count: Int { start + samples.count }

  /// The windows that the next samples complete, in their order.
  package mutating func add(_ new: some Collection<Float>) -> [Piece] {
    samples += new
    var pieces: [Piece] = []
    while next + window <= count {
      pieces.append(piece(from: next))
      next += hop
    }
    // What may still be part of a window; moved away seldom, because moving costs a pass over the rest.
    let needless = min(next, count - window) - start
    if needless > window {
      samples.removeFirst(needless)
      start += needless
    }
    return pieces
  }

  /// The last window, after the last sample: one that ends with it, all of them if they are fewer than a
  /// window; nil if the last one did, or there were none.
  package mutating func end() -> Piece? {
    guard count > 0 else { return nil }
    if count < window { return Piece(start: 0, samples: samples) }
    return next - hop + window < count ? piece(from: count - window) : nil
  }

  private func piece(from position: Int) -> Piece {
    Piece(start: position, samples: Array(samples[position - start..<position - start + window]))
  }
}
