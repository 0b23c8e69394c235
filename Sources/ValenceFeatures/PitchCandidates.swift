import Foundation
import ValenceKernels

/// The pitches that the difference function of a frame speaks for.
struct PitchCandidates: Sendable {
  /// A pitch and what the decoder needs to know of it.
  struct Found: Hashable, Sendable {
    let f0Hz: Float
    let candidate: PitchPath.Candidate
  }

  /// The delays between which troughs are looked for, in samples.
  let delays: ClosedRange<Int>
  /// The number of bins that pitches fall into.
  let bins: Int

  private static let thresholds = 100
  /// The share of the thresholds below all troughs that the deepest one gets.
  private static let noTroughShare = 0.01
  /// The weight of each further trough below a threshold, relative to the one before.
  private static let decay = exp(-2.0)

  private let lowHz: Double
  private let rateHz: Double
  private let binsPerOctave: Double
  /// The probability of each threshold, and of all up to it.
  private let weights: [Double]
  private let sums: [Double]

  init(lowHz: Double, highHz: Double, rateHz: Int, binsPerOctave: Int) {
    (self.lowHz, self.rateHz) = (lowHz, Double(rateHz))
    self.binsPerOctave = Double(binsPerOctave)
    delays = Int(Double(rateHz) / highHz)...Int((Double(rateHz) / lowHz).rounded(.up))
    bins = 1 + Int(Double(binsPerOctave) * log2(highHz / lowHz))
    // The distribution function of Beta(2, 18), in closed form as its parameters are whole numbers.
    sums = (0...Self.thresholds).map {
      let rest = 1 - Double($0) / Double(Self.thresholds)
      return 1 - pow(rest, 19) - 19 * (1 - rest) * pow(rest, 18)
    }
    weights = zip(sums.dropFirst(), sums).map { $0 - $1 }
  }

  /// The candidates of a frame: `differences` at the delays from 0 on.
  func find(in differences: ArraySlice<Float>) -> [Found] {
    let zero = differences.startIndex
    let troughs = delays.filter { delay in
      let value = differences[zero + delay]
      if delay == delays.lowerBound { return value < differences[zero + delay + 1] }
      return value < differences[zero + delay - 1]
        && (delay == delays.upperBound || value <= differences[zero + delay + 1])
    }
    if troughs.isEmpty { return [] }
    let shares = shares(of: troughs.map { differences[zero + $0] })
    var found: [Found] = []
    for (delay, share) in zip(troughs, shares) where share > 0 {
      let inside = delay > delays.lowerBound && delay < delays.upperBound
      let shift = inside ? Self.vertex(differences[zero + delay - 1...zero + delay + 1]) : 0
      let f0Hz = rateHz / (Double(delay) + shift)
      let bin = max(0, Int((binsPerOctave * log2(f0Hz / lowHz)).rounded(.toNearestOrEven)))
      if bin >= bins || found.contains(where: { $0.candidate.bin == bin }) { continue }
      found.append(
        Found(
          f0Hz: Float(f0Hz), candidate: PitchPath.Candidate(bin: bin, probability: Float(share))))
    }
    return found
  }

  /// How probable it is that a random threshold chooses each of the troughs.
  ///
  /// A threshold chooses among the troughs below it, the n-th with a weight of exp(−2n); where there is
  /// none, it chooses the deepest with a small share.
  private func shares(of heights: [Float]) -> [Double] {
    var shares = [Double](repeating: 0, count: heights.count)
    guard let deepest = heights.indices.min(by: { heights[$0] < heights[$1] }) else { return [] }
    // Trough m is below the thresholds from first[m] on; counts says how many do so first at each.
    var counts = [Int](repeating: 0, count: Self.thresholds)
    let first = heights.map { min(Self.thresholds, Int(Double($0) * Double(Self.thresholds))) }
    for threshold in first where threshold < Self.thresholds { counts[threshold] += 1 }
    let low = heights.indices.filter { first[$0] < Self.thresholds }
    var count = 0
    for threshold in first[deepest]..<Self.thresholds {
      count += counts[threshold]
      var weight = weights[threshold] * (1 - Self.decay) / (1 - pow(Self.decay, Double(count)))
      for trough in low where first[trough] <= threshold {
        shares[trough] += weight
        weight *= Self.decay
      }
    }
    shares[deepest] += Self.noTroughShare * sums[first[deepest]]
    return shares
  }

  /// The distance of the lowest point of the parabola through three values from the middle one.
  private static func vertex(_ values: ArraySlice<Float>) -> Double {
    let (before, middle, after) = (
      Double(values[values.startIndex]), Double(values[values.startIndex + 1]),
      Double(values[values.startIndex + 2])
    )
    let (curvature, slope) = (after + before - 2 * middle, (after - before) / 2)
    return abs(slope) >= abs(curvature) ? 0 : -slope / curvature
  }
}
