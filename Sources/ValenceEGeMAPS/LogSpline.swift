import Foundation

/// Values at even steps of a logarithmic frequency axis: a natural cubic spline through a spectrum.
///
/// All frames share the frequencies, so what the spline's system of equations and its places are is
/// computed once. 0 Hz, which the axis has not, stands for half the first frequency.
struct LogSpline: Sendable {
  /// The number of points, as many as frequencies.
  let points: Int

  /// The distances of neighboring frequencies.
  private let gaps: [Double]
  /// What elimination leaves of the tridiagonal system, and the factors it multiplies with.
  private let pivots: [Double]
  private let factors: [Double]
  /// The interval of each point, and the weights of its ends and of their curvatures.
  private let intervals: [Int]
  private let weights: [SIMD4<Double>]

  /// Places as many points as there are frequencies, from `lowHz` to the highest one.
  init(bins: Int, binHz: Double, lowHz: Double) {
    points = bins
    let knots = (0..<bins).map { log2(max(0.5, Double($0)) * binHz) }
    let gaps = zip(knots.dropFirst(), knots).map { $0 - $1 }
    var pivots = [Double](repeating: 1, count: bins)
    var factors = [Double](repeating: 0, count: bins)
    for k in 1..<bins - 1 {
      factors[k] = k > 1 ? gaps[k - 1] / pivots[k - 1] : 0
      pivots[k] = 2 * (gaps[k - 1] + gaps[k]) - factors[k] * (k > 1 ? gaps[k - 1] : 0)
    }
    (self.gaps, self.pivots, self.factors) = (gaps, pivots, factors)
    let low = log2(lowHz)
    let step = (knots[bins - 1] - low) / Double(bins - 1)
    var (intervals, weights): ([Int], [SIMD4<Double>]) = ([], [])
    var interval = 0
    for point in 0..<bins {
      let place = min(low + step * Double(point), knots[bins - 1])
      while interval < bins - 2, knots[interval + 1] < place { interval += 1 }
      let gap = gaps[interval]
      let (left, right) = ((knots[interval + 1] - place) / gap, (place - knots[interval]) / gap)
      intervals.append(interval)
      weights.append(
        SIMD4(
          left, right, (left * left * left - left) * gap * gap / 6,
          (right * right * right - right) * gap * gap / 6))
    }
    (self.intervals, self.weights) = (intervals, weights)
  }

  /// Overwrites `values` with the spline through `spectrum`; both have as many numbers as points.
  func write(_ spectrum: [Double], into values: inout [Double]) {
    var curvatures = [Double](repeating: 0, count: points)
    var slope = (spectrum[1] - spectrum[0]) / gaps[0]
    for k in 1..<points - 1 {
      let next = (spectrum[k + 1] - spectrum[k]) / gaps[k]
      curvatures[k] = 6 * (next - slope) - factors[k] * curvatures[k - 1]
      slope = next
    }
    for k in (1..<points - 1).reversed() {
      curvatures[k] = (curvatures[k] - gaps[k] * curvatures[k + 1]) / pivots[k]
    }
    for point in 0..<points {
      let (k, weight) = (intervals[point], weights[point])
      values[point] =
        weight.x * spectrum[k] + weight.y * spectrum[k + 1] + weight.z * curvatures[k]
        + weight.w * curvatures[k + 1]
    }
  }
}
