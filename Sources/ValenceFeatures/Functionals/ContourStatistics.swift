import Foundation

/// Statistics of a contour x of T frames, which say of the whole clip what it does.
///
/// - moments: mean, standard deviation s, skewness and kurtosis (at most 20) of (x − mean) / (s + 1e-6);
/// - percentiles, linear between neighbors: 5, 25, 50, 75, 95, the ranges 25 to 75 and 5 to 95, and where the
///   first maximum and minimum lie, from 0 to 1;
/// - slopes: the least-squares line over −1…1 and the same a second, and the coefficient of the second
///   Legendre polynomial;
/// - deltas: the mean of |x[t + 1] − x[t]|; then, of the slope over five frames (HTK's delta, the edge values
///   repeated), the share of rising frames, the deviation, percentiles 5 and 95, the mean of rising and of
///   other frames (sums over one frame more), and the deviation of the slope's slope;
/// - modulation: ½·log₁₀(mean + 1e-4) of the power of the Hann-windowed deviation from the mean, between 0.7,
///   2, 4, 8, 16 and 32 Hz (`ModulationSpectrum`);
/// - voiced: mean, deviation, percentiles 20, 50 and 80 of voiced frames, deviation and mean of their slopes,
///   and the mean of unvoiced frames. Of fewer than three voiced frames all frames stand for them, of fewer
///   than three unvoiced ones the 5th percentile for their mean.
///
/// Sources: the functionals of openSMILE's sets (Eyben et al., 2010; Schuller et al., 2013), voiced and unvoiced
/// frames apart as in eGeMAPS (Eyben et al., 2016), modulation after Hermansky's (2011) bands of speech.
struct ContourStatistics {
  private let groups: [FunctionalsOptions.Statistics]
  private let frames: Int
  /// What the slope is multiplied by for one second.
  private let slopeScale: Double
  /// The positions of the frames in −1…1, and the polynomial of second order over them.
  private let line: [Double]
  private let parabola: [Double]
  private let lineSquares: Double
  private let parabolaSquares: Double
  private let voiced: [Int]
  private let unvoiced: [Int]
  // Memory that contours share.
  private var delta: [Double]
  private var delta2: [Double]
  private var sorted: [Double] = []

  init(_ groups: [FunctionalsOptions.Statistics], voiced: [Bool], hopS: Double) {
    self.groups = groups
    frames = voiced.count
    let last = Double(max(1, frames - 1))
    line = frames > 1 ? (0..<frames).map { -1 + 2 * Double($0) / last } : [0]
    let squares = line.map { 1.5 * $0 * $0 - 0.5 }
    let mean = squares.reduce(0, +) / Double(frames)
    parabola = squares.map { $0 - mean }
    lineSquares = line.reduce(0) { $0 + $1 * $1 } + 1e-9
    parabolaSquares = parabola.reduce(0) { $0 + $1 * $1 } + 1e-9
    slopeScale = 2 / (Double(frames) * hopS)
    let found = voiced.indices.filter { voiced[$0] }
    self.voiced = found.count >= 3 ? found : Array(voiced.indices)
    unvoiced = voiced.indices.filter { !voiced[$0] }
    delta = [Double](repeating: 0, count: frames)
    delta2 = delta
    sorted.reserveCapacity(frames)
  }

  /// Appends the statistics of a contour.
  ///
  /// - Parameter modulation: those of its modulation.
  mutating func append(
    _ contour: ArraySlice<Double>, modulation: ArraySlice<Double>, to vector: inout [Float]
  ) {
    let x = contour.span
    let mean = Self.mean(x)
    let deviation = Self.deviation(x, mean: mean)
    Self.sort(x, into: &sorted)
    let percentiles = [0.05, 0.25, 0.5, 0.75, 0.95].map { Self.quantile(sorted, $0) }
    Self.slopes(of: x, into: &delta)
    for group in groups {
      switch group {
      case .moments: appendMoments(x, mean: mean, deviation: deviation, to: &vector)
      case .percentiles: appendPercentiles(x, percentiles, to: &vector)
      case .slopes: appendSlopes(x, mean: mean, to: &vector)
      case .deltas: appendDeltas(x, to: &vector)
      case .modulation: vector += modulation.map { Float($0) }
      case .voiced: appendVoiced(x, lowest: percentiles[0], to: &vector)
      }
    }
  }

  private func appendMoments(
    _ x: Span<Double>, mean: Double, deviation: Double, to vector: inout [Float]
  ) {
    var (third, fourth) = (0.0, 0.0)
    for t in x.indices {
      let z = (x[t] - mean) / (deviation + 1e-6)
      let square = z * z
      third += square * z
      fourth += square * square
    }
    let count = Double(frames)
    vector += [
      Float(mean), Float(deviation), Float(third / count), Float(min(fourth / count, 20)),
    ]
  }

  private func appendPercentiles(
    _ x: Span<Double>, _ percentiles: [Double], to vector: inout [Float]
  ) {
    var (highest, lowest) = (0, 0)
    for t in x.indices {
      if x[t] > x[highest] { highest = t }
      if x[t] < x[lowest] { lowest = t }
    }
    vector += percentiles.map { Float($0) }
    vector += [
      Float(percentiles[3] - percentiles[1]), Float(percentiles[4] - percentiles[0]),
      Float(Double(highest) / Double(frames)), Float(Double(lowest) / Double(frames)),
    ]
  }

  private func appendSlopes(_ x: Span<Double>, mean: Double, to vector: inout [Float]) {
    var (first, second) = (0.0, 0.0)
    for t in x.indices {
      first += (x[t] - mean) * line[t]
      second += (x[t] - mean) * parabola[t]
    }
    let slope = first / lineSquares
    vector += [Float(slope), Float(slope * slopeScale), Float(second / parabolaSquares)]
  }

  private mutating func appendDeltas(_ x: Span<Double>, to vector: inout [Float]) {
    let delta = delta
    var change = 0.0
    for t in 1..<max(1, frames) { change += abs(x[t] - x[t - 1]) }
    var (rising, up, down) = (0, 0.0, 0.0)
    for value in delta {
      if value > 0 {
        rising += 1
        up += value
      } else {
        down += value
      }
    }
    Self.slopes(of: delta.span, into: &delta2)
    Self.sort(delta.span, into: &sorted)
    vector += [
      Float(change / Double(max(1, frames - 1))), Float(Double(rising) / Double(frames)),
      Float(Self.deviation(delta.span, mean: Self.mean(delta.span))),
      Float(Self.quantile(sorted, 0.05)), Float(Self.quantile(sorted, 0.95)),
      Float(up / Double(rising + 1)), Float(down / Double(frames - rising + 1)),
      Float(Self.deviation(delta2.span, mean: Self.mean(delta2.span))),
    ]
  }

  private mutating func appendVoiced(
    _ x: Span<Double>, lowest: Double, to vector: inout [Float]
  ) {
    sorted.removeAll(keepingCapacity: true)
    for t in voiced { sorted.append(x[t]) }
    let mean = Self.mean(sorted.span)
    let deviation = Self.deviation(sorted.span, mean: mean)
    sorted.sort()
    let middle = [0.2, 0.5, 0.8].map { Float(Self.quantile(sorted, $0)) }
    sorted.removeAll(keepingCapacity: true)
    for t in voiced { sorted.append(delta[t]) }
    let slope = Self.mean(sorted.span)
    let unvoicedMean =
      unvoiced.count >= 3
      ? unvoiced.reduce(0) { $0 + x[$1] } / Double(unvoiced.count) : lowest
    vector += [Float(mean), Float(deviation)]
    vector += middle
    vector += [
      Float(Self.deviation(sorted.span, mean: slope)), Float(slope), Float(unvoicedMean),
    ]
  }

  // MARK: - Parts

  private static func mean(_ x: Span<Double>) -> Double {
    var sum = 0.0
    for t in x.indices { sum += x[t] }
    return sum / Double(x.count)
  }

  private static func deviation(_ x: Span<Double>, mean: Double) -> Double {
    var sum = 0.0
    for t in x.indices { sum += (x[t] - mean) * (x[t] - mean) }
    return (sum / Double(x.count)).squareRoot()
  }

  private static func sort(_ x: Span<Double>, into sorted: inout [Double]) {
    sorted.removeAll(keepingCapacity: true)
    for t in x.indices { sorted.append(x[t]) }
    sorted.sort()
  }

  /// Linear between neighbors (type 7 of Hyndman and Fan, 1996), of a sorted sample.
  static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let position = probability * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The slope of the line through five frames, the first and last of which are repeated beyond the ends.
  private static func slopes(of x: Span<Double>, into slopes: inout [Double]) {
    let last = x.count - 1
    for t in x.indices {
      let near = x[min(t + 1, last)] - x[max(t - 1, 0)]
      let far = x[min(t + 2, last)] - x[max(t - 2, 0)]
      slopes[t] = (near + 2 * far) / 10
    }
  }
}
