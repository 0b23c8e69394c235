import Foundation

/// The pitches that the spectrum of a 60 ms frame speaks for, by subharmonic summation.
///
/// Peaks of the magnitudes are set off, smoothed, brought to an axis of octaves and weighted as the ear
/// does; then the spectrum is summed with itself, shifted by the logarithms of 1 to 15 and each time
/// weaker. Where many harmonics meet is a pitch. Source: Hermes (1988); weights, compression and the limits
/// are those of eGeMAPS.
struct SubharmonicSummation: Sendable {
  /// A pitch that a frame may have.
  struct Candidate: Hashable, Sendable {
    let f0Hz: Double
    /// From 0 to 1: how far the sum stands out of its mean over all frequencies.
    let voicing: Double
    /// The sum.
    let score: Double
  }

  private static let lowestHz = 25.0
  private static let candidates = 6
  private static let rangeHz = 55.0...1000.0
  private static let harmonics = 15
  private static let compression = 0.85
  /// How far around a peak the spectrum is kept.
  private static let reach = 2

  private let spline: LogSpline
  private let weights: [Double]
  private let shifts: [Int]
  /// Octaves from point to point.
  private let step: Double

  /// Plans the sums over the spectra of a grid.
  init(_ grid: FrameGrid) {
    spline = LogSpline(bins: grid.bins, binHz: grid.binHz, lowHz: Self.lowestHz)
    let octaves = log2(Double(grid.rateHz) / 2 / Self.lowestHz)
    step = octaves / Double(grid.bins - 1)
    // Weights and shifts count one step more to the axis than the spline does, as in openSMILE.
    let counted = octaves / Double(grid.bins)
    weights = (0..<grid.bins).map { point in
      0.5 + atan(3 * (Double(point + 2) * counted - log2(1.3))) / .pi
    }
    shifts = (1...Self.harmonics).map { min(grid.bins, Int(log2(Double($0)) / counted)) }
  }

  /// The candidates of a frame's magnitudes, the best one first.
  func candidates(_ magnitudes: [Double]) -> [Candidate] {
    var spectrum = [Double](repeating: 0, count: spline.points)
    spline.write(Self.smoothed(Self.peaks(of: magnitudes)), into: &spectrum)
    for point in spectrum.indices { spectrum[point] = max(0, spectrum[point]) * weights[point] }
    var sums = [Double](repeating: 0, count: spectrum.count)
    var weight = 1 / Double(Self.harmonics)
    for shift in shifts {
      for point in 0..<spectrum.count - shift { sums[point] += weight * spectrum[point + shift] }
      weight *= Self.compression
    }
    let mean = sums.reduce(0, +) / Double(sums.count)
    return best(sums).filter { Self.rangeHz.contains($0.hz) && $0.score > 0 }
      .map { Candidate(f0Hz: $0.hz, voicing: max(0, 1 - mean / $0.score), score: $0.score) }
  }

  /// The highest peaks of the sums, the highest first, of equal ones the lower pitch.
  private func best(_ sums: [Double]) -> [(hz: Double, score: Double)] {
    var found: [(place: Double, score: Double)] = []
    for point in 1..<sums.count - 1
    where sums[point] > sums[point - 1] && sums[point] > sums[point + 1] {
      let top = Vertex(sums[point - 1], sums[point], sums[point + 1])
      if found.count == Self.candidates, let last = found.last, top.value <= last.score {
        continue
      }
      let rank = found.firstIndex { $0.score < top.value } ?? found.count
      found.insert((Double(point) + top.shift, top.value), at: rank)
      if found.count > Self.candidates { found.removeLast() }
    }
    return found.map { (Self.lowestHz * exp2($0.place * step), $0.score) }
  }

  /// The magnitudes around peaks; 0 elsewhere.
  ///
  /// The first peak keeps one more on its left, and the last magnitude always stays, as in openSMILE.
  private static func peaks(of magnitudes: [Double]) -> [Double] {
    let last = magnitudes.count - 1
    var kept = [Double](repeating: 0, count: magnitudes.count)
    var isFirst = true
    for bin in 0...last {
      let value = magnitudes[bin]
      let rises = bin == 0 || value > magnitudes[bin - 1]
      let falls =
        bin == last || (bin == 0 ? value > magnitudes[1] : value >= magnitudes[bin + 1])
      if !rises || !falls { continue }
      let start = max(0, bin - reach - (isFirst ? 1 : 0))
      for near in start...min(last, bin + reach) { kept[near] = magnitudes[near] }
      isFirst = false
    }
    if !isFirst { kept[last] = magnitudes[last] }
    return kept
  }

  /// Each value with half of its weight given to its neighbors.
  private static func smoothed(_ values: [Double]) -> [Double] {
    let last = values.count - 1
    var smoothed = values
    for bin in 1..<last {
      smoothed[bin] = (values[bin - 1] + 2 * values[bin] + values[bin + 1]) / 4
    }
    smoothed[0] = values[0] / 2 + values[1] / 4
    return smoothed
  }
}

/// The highest point of the parabola through three values, of which the middle one is the highest.
struct Vertex {
  /// Its distance from the middle value, in steps.
  let shift: Double
  /// Its height.
  let value: Double

  init(_ before: Double, _ middle: Double, _ after: Double) {
    let curvature = before - 2 * middle + after
    shift = curvature < 0 ? (before - after) / 2 / curvature : 0
    value = middle - (before - after) / 4 * shift
  }
}
