import Foundation

/// How unequal neighboring periods of the voice are, by matching waveforms.
///
/// From the first sample of a voiced stretch on, the delay is sought at which the next period is most
/// like the present one, within a tenth of what F0 says; the next search begins there. A frame has the
/// periods that end within its 10 ms, or keeps the values of the last one that had some.
struct Periods: Sendable {
  /// The contours over the frames; 0 in unvoiced frames.
  struct Contours: Sendable {
    /// Jitter: the mean difference of neighboring periods over their mean length.
    var jitter: [Double]
    /// Shimmer: the mean difference of the heights of neighboring periods over their mean, in dB.
    var shimmer: [Double]
  }

  private static let searchShare = 0.1
  private static let leastCorrelation = 0.5

  private let samples: [Double]
  /// The sums of all samples, and of their squares, before each one.
  private let sums: [Double]
  private let squares: [Double]

  /// Takes a signal.
  init(_ samples: [Double]) {
    self.samples = samples
    var (sums, squares) = ([0.0], [0.0])
    sums.reserveCapacity(samples.count + 1)
    squares.reserveCapacity(samples.count + 1)
    for (index, sample) in samples.enumerated() {
      sums.append(sums[index] + sample)
      squares.append(squares[index] + sample * sample)
    }
    (self.sums, self.squares) = (sums, squares)
  }

  /// The contours of a signal whose frames have these F0.
  func contours(f0Hz: [Double], grid: FrameGrid) -> Contours {
    let none = [Double](repeating: 0, count: f0Hz.count)
    var contours = Contours(jitter: none, shimmer: none)
    var walk = Walk()
    for (frame, hz) in f0Hz.enumerated() {
      if hz <= 0 {
        walk = Walk()
        continue
      }
      let start = frame * grid.hop
      advance(
        &walk, period: Double(grid.rateHz) / hz, from: start,
        to: min(samples.count, start + grid.hop))
      (contours.jitter[frame], contours.shimmer[frame]) = (walk.jitter, walk.shimmer)
    }
    return contours
  }

  /// How far a voiced stretch has been matched.
  private struct Walk {
    var position: Int?
    var lastPeriod: Double?
    var jitter = 0.0
    var shimmer = 0.0
  }

  private func advance(_ walk: inout Walk, period: Double, from start: Int, to end: Int) {
    var position = walk.position ?? start
    let length = Int(period)
    let delays = Int(period * (1 - Self.searchShare))...Int(period * (1 + Self.searchShare))
    var (changes, lengths, steps, heights) = (0.0, 0.0, 0.0, 0.0)
    while position + 2 * delays.upperBound + 2 <= end {
      guard let match = match(at: position, length: length, delays: delays) else {
        position += length
        continue
      }
      if let last = walk.lastPeriod {
        changes += abs(match.period - last)
        lengths += (match.period + last) / 2
      }
      let height = self.height(position..<position + length)
      let next = self.height(position + match.delay..<position + match.delay + length)
      steps += abs(next - height)
      heights += (height + next) / 2
      walk.lastPeriod = match.period
      position += match.delay
    }
    walk.position = position
    if lengths > 0 { walk.jitter = min(1, changes / lengths) }
    if heights > 0 { walk.shimmer = 20 * log10(1 + min(1, steps / heights)) }
  }

  /// The delay of the highest peak of the correlation, also between samples; nil if none is high.
  private func match(
    at position: Int, length: Int, delays: ClosedRange<Int>
  ) -> (delay: Int, period: Double)? {
    let values = delays.map { correlation(position, position + $0, length) }
    var best: Int?
    for index in values.indices.dropFirst().dropLast()
    where values[index] > values[index - 1] && values[index] >= values[index + 1]
      && values[index] > best.map({ values[$0] }) ?? Self.leastCorrelation
    {
      best = index
    }
    guard let best else { return nil }
    let delay = delays.lowerBound + best
    let top = Vertex(values[best - 1], values[best], values[best + 1])
    return (delay, Double(delay) + top.shift)
  }

  /// The correlation coefficient of two parts of the signal; 0 if one does not change.
  private func correlation(_ a: Int, _ b: Int, _ length: Int) -> Double {
    var product = 0.0
    for index in 0..<length { product += samples[a + index] * samples[b + index] }
    let (sumA, sumB) = (sums[a + length] - sums[a], sums[b + length] - sums[b])
    let count = Double(length)
    let powerA = squares[a + length] - squares[a] - sumA * sumA / count
    let powerB = squares[b + length] - squares[b] - sumB * sumB / count
    let power = powerA * powerB
    return powerA > 0 && power > 0 ? (product - sumA * sumB / count) / power.squareRoot() : 0
  }

  /// The distance of the highest sample from the lowest.
  private func height(_ range: Range<Int>) -> Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    for index in range { (low, high) = (min(low, samples[index]), max(high, samples[index])) }
    return high - low
  }
}
