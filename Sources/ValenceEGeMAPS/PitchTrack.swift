import Foundation

/// The path through candidates of pitch that costs least: Viterbi decoding.
///
/// A frame has one of its candidates or no pitch. It costs to be voiced with little voicing or unvoiced
/// with much, to take a candidate far from the best one, to jump, and to change voicing. The paper says
/// only that the contour is smoothed so; these costs are fitted to openSMILE's contours of 100 clips, of
/// which they give 99.4 % of the frames.
struct PitchTrack: Sendable {
  /// The voicing from which on a candidate counts as voiced.
  private static let voicedFrom = 0.7
  /// The cost of a frame on the wrong side of it, and the reward of one on the right side.
  private static let threshold = 4.1
  private static let change = 10.0
  private static let voicing = 0.7
  /// The costs of an octave: to the frame's best candidate, from the last pitch, and from the best
  /// candidate of the last frame.
  private static let toBest = 1.8
  private static let jump = 8.0
  private static let fromBest = 4.2

  /// The states of a frame: its candidates, then no pitch.
  private struct Column {
    var octaves: [Double] = []
    var costs: [Double] = [0]
    var origins: [Int] = [0]
  }

  /// The F0 in Hz of each frame; 0 where it has none.
  static func decode(_ frames: [[SubharmonicSummation.Candidate]]) -> [Double] {
    var columns: [Column] = []
    for candidates in frames { columns.append(column(candidates, after: columns.last)) }
    var track = [Double](repeating: 0, count: frames.count)
    guard let last = columns.last else { return track }
    var state = last.costs.indices.reduce(0) { last.costs[$1] < last.costs[$0] ? $1 : $0 }
    for frame in frames.indices.reversed() {
      if state < frames[frame].count { track[frame] = frames[frame][state].f0Hz }
      state = columns[frame].origins[state]
    }
    return track
  }

  private static func column(
    _ candidates: [SubharmonicSummation.Candidate], after before: Column?
  ) -> Column {
    var column = Column()
    column.octaves = candidates.map { log2($0.f0Hz) }
    let best = column.octaves.first ?? 0
    column.costs = zip(candidates, column.octaves).map { candidate, octave in
      (candidate.voicing >= voicedFrom ? -threshold : threshold)
        - voicing * log(max(1e-6, candidate.voicing)) + toBest * abs(octave - best)
    }
    let isVoiced = (candidates.first?.voicing ?? 0) >= voicedFrom
    column.costs.append(isVoiced ? threshold : -threshold)
    column.origins = [Int](repeating: 0, count: column.costs.count)
    guard let before else { return column }
    for state in column.costs.indices {
      let octave = state < candidates.count ? column.octaves[state] : nil
      let (cost, origin) = arrival(at: octave, after: before)
      column.costs[state] += cost
      column.origins[state] = origin
    }
    return column
  }

  /// The cheapest way to a pitch, or to none, from the states of the frame before.
  private static func arrival(at octave: Double?, after before: Column) -> (Double, Int) {
    let silent = before.octaves.count
    var (least, origin) = (Double.infinity, silent)
    for (state, from) in before.octaves.enumerated() {
      let way =
        octave.map { jump * abs($0 - from) + fromBest * abs($0 - before.octaves[0]) } ?? change
      if before.costs[state] + way < least { (least, origin) = (before.costs[state] + way, state) }
    }
    let way = before.costs[silent] + (octave == nil ? 0 : change)
    return way < least ? (way, silent) : (least, origin)
  }
}
