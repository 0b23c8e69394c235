import CKernels
import Foundation

/// The most probable path through pitches and voicing: Viterbi decoding as pYIN has it.
///
/// A state is one of `bins` pitches, voiced or unvoiced. From frame to frame the pitch moves by at most
/// `reach` bins, with probabilities that fall off as a triangle does; voicing changes with its own
/// probability. Voiced states are open only to the candidates of a frame, which keeps the work to the
/// band around them. Source: Mauch and Dixon (2014), section 2.2; transitions as librosa's
/// `transition_local(window="triangle")`.
///
/// The path is prosody's F0. Another one, be it among equals, moves features: `FeatureKind.revision` rises
/// (`PitchTests`, `RevisionTests`).
package struct PitchPath: Sendable {
  /// A pitch that a frame may have.
  package struct Candidate: Hashable, Sendable {
    /// The number of the pitch.
    package let bin: Int
    /// How probable it is, above 0; the candidates of a frame sum to at most 1.
    package let probability: Float

    package init(bin: Int, probability: Float) {
      (self.bin, self.probability) = (bin, probability)
    }
  }

  /// The number of pitches.
  package let bins: Int
  /// How many bins the pitch moves from frame to frame at most.
  package let reach: Int

  /// The least probability of being unvoiced, which keeps a path open through every frame.
  private static let leastUnvoiced: Float = 1e-12

  private let stay: Float
  private let change: Float
  /// `[2·reach + 1]`: the logarithm of the triangle.
  private let triangle: Floats
  /// The logarithms of the sums that are missing from the triangles at the ends of the range.
  private let losses: [Float]

  /// Plans the decoding.
  package init(bins: Int, reach: Int, changeProbability: Double) {
    // The 2·bins states have 32-bit numbers, and each frame keeps `bins` of them for the way back.
    precondition(bins >= 1 && reach >= 1 && bins <= 1 << 20, "\(bins) bins, reach \(reach)")
    (self.bins, self.reach) = (bins, reach)
    stay = Float(log(1 - changeProbability))
    change = Float(log(changeProbability))
    let heights = (-reach...reach).map { Double(reach + 1 - abs($0)) }
    triangle = Floats(heights.map { Float(log($0)) })
    losses = (0..<bins).map { bin in
      let inside = (-reach...reach).filter { (0..<bins).contains(bin + $0) }
      return Float(-log(inside.reduce(0.0) { $0 + heights[$1 + reach] }))
    }
  }

  /// For each frame the number of the candidate that the best path takes; nil where it is unvoiced.
  ///
  /// - Parameter frames: the candidates of each frame, each of another bin.
  package func decode(_ frames: [[Candidate]]) -> [Int?] {
    if frames.isEmpty { return [] }
    var lattice = Lattice(self, frames: frames)
    for _ in frames { lattice.advance() }
    return lattice.path()
  }

  /// The scores of the frame that was reached, and the way back from every state.
  ///
  /// Number `b` is the voiced state of pitch `b`, number `bins + b` the unvoiced one.
  private struct Lattice {
    private let plan: PitchPath
    private let frames: [[Candidate]]
    private var reached = 0
    private var voiced: [(bin: Int, score: Float)] = []
    /// `[bins]`, between `reach` numbers of padding on either side.
    private let unvoiced: Floats
    /// `[T, bins]` for unvoiced states, `[T][candidates]` for voiced ones: the state before.
    private var unvoicedOrigins: [Int32]
    private var voicedOrigins: [[Int32]] = []
    private let best: Floats
    private var steps: [CInt]

    init(_ plan: PitchPath, frames: [[Candidate]]) {
      (self.plan, self.frames) = (plan, frames)
      let bins = plan.bins
      unvoiced = Floats(zeros: bins + 2 * plan.reach)
      unvoiced.fill(-.infinity)
      best = Floats(zeros: bins)
      steps = [CInt](repeating: 0, count: bins)
      unvoicedOrigins = [Int32](repeating: 0, count: frames.count * bins)
    }

    /// Takes the scores one frame on.
    mutating func advance() {
      let candidates = frames[reached]
      var scores: [Float] = []
      if reached == 0 {
        best.fill(0)
        scores = [Float](repeating: 0, count: candidates.count)
        voicedOrigins.append([])
      } else {
        // In this order: arrivals read what `spread` left of the unvoiced states, which `leaveVoiced`
        // overwrites.
        spread()
        let arrivals = candidates.map(arrival)
        scores = arrivals.map(\.score)
        voicedOrigins.append(arrivals.map(\.origin))
        leaveVoiced()
      }
      let share = 1 - candidates.reduce(0) { $0 + $1.probability }
      let observed = log(max(share, PitchPath.leastUnvoiced) / Float(plan.bins))
      voiced = zip(candidates, scores).map { ($0.bin, $1 + log($0.probability)) }
      // Only differences matter; without the greatest, single precision holds for any length.
      var greatest = voiced.reduce(-Float.infinity) { max($0, $1.score) }
      let (target, source) = unsafe (unvoiced.pointer + plan.reach, best.pointer)
      for bin in 0..<plan.bins { unsafe greatest = max(greatest, source[bin] + observed) }
      for bin in 0..<plan.bins { unsafe target[bin] = source[bin] + observed - greatest }
      for index in voiced.indices { voiced[index].score -= greatest }
      reached += 1
    }

    /// The best way from an unvoiced state to each pitch, before the probability of voicing.
    private mutating func spread() {
      let (bins, reach) = (plan.bins, plan.reach)
      let states = unsafe unvoiced.pointer + reach
      for bin in 0..<bins { unsafe states[bin] += plan.losses[bin] }
      let kernel =
        KernelSetup.isPlainHere
        ? unsafe valence_band_max_plain : unsafe valence_band_max
      unsafe kernel(bins, reach, unvoiced.pointer, plan.triangle.pointer, best.pointer, &steps)
      let start = reached * bins
      for bin in 0..<bins {
        unvoicedOrigins[start + bin] = Int32(bins + bin - reach) + steps[bin]
      }
    }

    /// The best way to a voiced state.
    private func arrival(at candidate: Candidate) -> (score: Float, origin: Int32) {
      let bin = candidate.bin
      var score = best[bin] + plan.change
      var origin = unvoicedOrigins[reached * plan.bins + bin]
      for source in voiced where abs(source.bin - bin) <= plan.reach {
        let way = source.score + plan.stay + plan.moving(from: source.bin, to: bin)
        if way > score { (score, origin) = (way, Int32(source.bin)) }
      }
      return (score, origin)
    }

    /// The ways to unvoiced states, now from voiced states too.
    private mutating func leaveVoiced() {
      let start = reached * plan.bins
      let scores = unsafe best.pointer
      for bin in 0..<plan.bins { unsafe scores[bin] += plan.stay }
      for source in voiced {
        let first = max(0, source.bin - plan.reach)
        for bin in first...min(plan.bins - 1, source.bin + plan.reach) {
          let way = source.score + plan.change + plan.moving(from: source.bin, to: bin)
          if unsafe way > scores[bin] {
            unsafe scores[bin] = way
            unvoicedOrigins[start + bin] = Int32(source.bin)
          }
        }
      }
    }

    /// The candidates on the best path.
    func path() -> [Int?] {
      let bins = plan.bins
      var (state, greatest) = (0, -Float.infinity)
      for source in voiced where source.score > greatest {
        (state, greatest) = (source.bin, source.score)
      }
      for bin in 0..<bins where unvoiced[plan.reach + bin] > greatest {
        (state, greatest) = (bins + bin, unvoiced[plan.reach + bin])
      }
      var path = [Int?](repeating: nil, count: frames.count)
      for frame in frames.indices.reversed() {
        let candidate = frames[frame].firstIndex { $0.bin == state }
        path[frame] = candidate
        if frame == 0 { break }
        state =
          if let candidate { Int(voicedOrigins[frame][candidate]) } else {
            Int(unvoicedOrigins[frame * bins + state - bins])
          }
      }
      return path
    }
  }

  /// The logarithm of the probability that the pitch moves so.
  @inline(__always)
  private func moving(from source: Int, to target: Int) -> Float {
    losses[source] + triangle[target - source + reach]
  }
}
