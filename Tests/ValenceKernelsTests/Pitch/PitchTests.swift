import CKernels
import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Pitch")
struct PitchTests {
  private func noise(_ count: Int, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(random.normal()) }
  }

  @Test("autocorrelations are sums over the pairs of a frame", arguments: [false, true])
  func autocorrelation(plainly: Bool) {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "autocorrelation")
      let (length, hop, count) = (1 + random.below(40), 1 + random.below(30), random.below(4))
      let delays = 1 + random.below(50)
      let correlation = Autocorrelation(size: 2 * ((length + delays) / 2 + random.below(5) + 1))
      let signal = noise(max(0, (count - 1) * hop + length) + random.below(3), &random)
      let sums = Rows(zeros: count, width: delays)
      func write() { correlation.write(of: Floats(signal), length: length, hop: hop, into: sums) }
      if plainly { KernelSetup.plainly(write) } else { write() }
      let truth = (0..<count).flatMap { frame in
        (0..<delays).map { delay in
          Float(
            (0..<max(0, length - delay)).reduce(0.0) {
              $0 + Double(signal[frame * hop + $1]) * Double(signal[frame * hop + $1 + delay])
            })
        }
      }
      let far = Deviation(sums.floats.array, from: truth, absolute: 1e-4, relative: 1e-5)
      #expect(far.isWithin, "seed \(seed), \(count) frames of \(length): \(far)")
    }
  }

  @Test("differences equal their definition, for any window, delay and offset")
  func difference() {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "difference")
      let window = 2 + random.below(60)
      let longest = 1 + random.below(window - 1)
      let offset = Double(random.below(2))
      let signal = noise(window + 7, &random).map { $0 + Float(offset) }
      let differences = Floats(zeros: 2 * (longest + 1))
      PitchDifference(window: window, longest: longest)
        .write(Floats(signal), hop: 7, count: 2, into: differences)
      let truth = (0..<2).flatMap { frame -> [Float] in
        var sum = 0.0
        return [1]
          + (1...longest).map { delay in
            let total = (0..<window - delay).reduce(0.0) {
              let change = signal[frame * 7 + $1] - signal[frame * 7 + $1 + delay]
              return $0 + Double(change) * Double(change)
            }
            let mean = total / Double(window - delay)
            sum += mean
            return Float(mean * Double(delay) / sum)
          }
      }
      let far = Deviation(differences.array, from: truth, absolute: 2e-4, relative: 1e-4)
      #expect(far.isWithin, "seed \(seed), window \(window), delays to \(longest): \(far)")
    }
  }

  @Test(
    "a frame that does not change has no trough, whatever its level", arguments: [0, 0.25, 1e6])
  func constant(level: Float) {
    let differences = Floats(zeros: 321)
    PitchDifference(window: 800, longest: 320)
      .write(Floats([Float](repeating: level, count: 800)), hop: 1, count: 1, into: differences)
    #expect(differences.array == [Float](repeating: 1, count: 321))
  }

  @Test("the fast step of the decoder is the plain one, ties included")
  func band() {
    for seed in 0..<200 {
      var random = RandomStream(seed: UInt64(seed), "band")
      let (count, reach) = (1 + random.below(70), random.below(23))
      // Whole numbers, so that many ways are equally good.
      let scores = (0..<count + 2 * reach).map { _ in
        random.below(9) == 0 ? -Float.infinity : Float(random.below(5))
      }
      let weights = (0...2 * reach).map { _ in Float(random.below(3)) }
      var (best, plain) = (
        [Float](repeating: 0, count: count), [Float](repeating: 0, count: count)
      )
      var steps = [CInt](repeating: 0, count: count)
      var plainSteps = steps
      valence_band_max(count, reach, scores, weights, &best, &steps)
      valence_band_max_plain(count, reach, scores, weights, &plain, &plainSteps)
      #expect(best == plain && steps == plainSteps, "seed \(seed): \(count) states, \(reach)")
    }
  }

  /// How probable the best path is, over the whole table of a hidden Markov model's states.
  ///
  /// With `path`, only the candidates that it names are open, and unvoiced frames elsewhere.
  private func best(
    _ frames: [[PitchPath.Candidate]], path: [Int?]? = nil, bins: Int, reach: Int
  ) -> Double {
    func moving(_ from: Int, _ to: Int) -> Double {
      func height(_ bin: Int) -> Double { Double(max(0, reach + 1 - abs(bin - from))) }
      return height(to) / (0..<bins).reduce(0.0) { $0 + height($1) }
    }
    func observed(_ frame: Int, _ state: Int) -> Double {
      let candidates = frames[frame]
      let index = candidates.firstIndex { $0.bin == state }
      if let path, path[frame] != index { return 0 }
      if let index { return Double(candidates[index].probability) }
      if state < bins { return 0 }
      return max(1e-12, 1 - candidates.reduce(0.0) { $0 + Double($1.probability) }) / Double(bins)
    }
    var scores = (0..<2 * bins).map { log(observed(0, $0)) }
    for frame in frames.indices.dropFirst() {
      scores = (0..<2 * bins).map { to in
        let ways = (0..<2 * bins).map { from in
          let change = (from < bins) == (to < bins) ? 0.99 : 0.01
          return scores[from] + log(change * moving(from % bins, to % bins))
        }
        return (ways.max() ?? 0) + log(observed(frame, to))
      }
    }
    return scores.max() ?? 0
  }

  @Test("the decoder finds a path as probable as the best of the whole model")
  func path() {
    for seed in 0..<60 {
      var random = RandomStream(seed: UInt64(seed), "path")
      let (bins, reach) = (1 + random.below(20), 2 + random.below(6))
      let frames = (0..<1 + random.below(12)).map { _ -> [PitchPath.Candidate] in
        let count = min(random.below(4), bins)
        let total = [0.2, 0.8, 0.999][random.below(3)]
        return random.shuffled(Array(0..<bins)).prefix(count).map {
          PitchPath.Candidate(bin: $0, probability: Float(total / Double(count)))
        }
      }
      let path = PitchPath(bins: bins, reach: reach, changeProbability: 0.01).decode(frames)
      let found = best(frames, path: path, bins: bins, reach: reach)
      let truth = best(frames, bins: bins, reach: reach)
      #expect(abs(found - truth) < 1e-3, "seed \(seed): \(found) for \(truth)")
    }
    #expect(PitchPath(bins: 3, reach: 2, changeProbability: 0.01).decode([]).isEmpty)
  }
}
