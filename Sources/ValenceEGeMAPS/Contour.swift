import Foundation

/// Contours over frames, and what the functionals make of them.
enum Contour {
  /// Each value averaged with its neighbors; the ends are their own.
  static func smoothed(_ values: [Double]) -> [Double] {
    values.indices.map { at in
      let (left, right) = (values[max(0, at - 1)], values[min(values.count - 1, at + 1)])
      return (left + values[at] + right) / 3
    }
  }

  /// Each value averaged with those of its neighbors that are not 0; zeros stay.
  static func smoothedWithoutZeros(_ values: [Double]) -> [Double] {
    values.indices.map { at in
      if values[at] == 0 { return 0 }
      let near = [
        values[max(0, at - 1)], values[at], values[min(values.count - 1, at + 1)],
      ]
      let count = near.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
      return near.reduce(0, +) / Double(count)
    }
  }

  /// The mean, and the standard deviation over it.
  static func moments(_ values: [Double]) -> [Double] {
    let (mean, deviation) = meanAndDeviation(values)
    return [mean, mean == 0 ? 0 : deviation / mean]
  }

  static func meanAndDeviation(_ values: [Double]) -> (Double, Double) {
    if values.isEmpty { return (0, 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square.squareRoot())
  }

  /// The percentiles 20, 50 and 80, between values where need be, and the range from first to last.
  static func percentiles(_ values: [Double]) -> [Double] {
    if values.isEmpty { return [0, 0, 0, 0] }
    let sorted = values.sorted()
    let found = [0.2, 0.5, 0.8].map { share in
      let place = share * Double(sorted.count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    return found + [found[2] - found[0]]
  }

  /// The lengths in frames of the stretches of voiced or of other frames.
  ///
  /// A gap of one frame does not end a stretch, and stretches of two frames do not count.
  static func stretches(_ isInside: [Bool]) -> [Int] {
    var (lengths, length, gap): ([Int], Int, Int) = ([], 0, 0)
    for inside in isInside + [false, false] {
      if inside {
        length += length > 0 ? gap + 1 : 1
        gap = 0
      } else {
        gap += 1
        if gap == 2 {
          if length > 2 { lengths.append(length) }
          length = 0
        }
      }
    }
    return lengths
  }
}

/// The peaks of a contour that stand out by a tenth of its range, and its slopes up to them and down.
struct ContourPeaks: Sendable {
  private static let share = 0.1

  /// The number of peaks that are not at the ends.
  private(set) var count = 0
  /// The mean of the rising slopes and their deviation, then those of the falling ones, a second.
  private(set) var slopes = [0.0, 0, 0, 0]

  init(_ values: [Double]) {
    guard let low = values.min(), let high = values.max(), low < high, values.count > 2 else {
      return
    }
    let valleys = (1..<values.count - 1).filter {
      values[$0] < values[$0 - 1] && values[$0] < values[$0 + 1]
    }
    let peaks = Self.peaks(of: values, standingOut: Self.share * (high - low))
    count = peaks.count { $0 > 0 && $0 < values.count - 1 }
    var (rising, falling): ([Double], [Double]) = ([], [])
    for (index, peak) in peaks.enumerated() {
      let last = index == peaks.count - 1
      let before = index == 0 ? -1 : peaks[index - 1]
      let after = last ? values.count : peaks[index + 1]
      let start = index == 0 ? 0 : Self.lowest(values, valleys, between: before, and: peak)
      let end =
        Self.lowest(values, valleys, between: peak, and: after) ?? (last ? values.count - 1 : nil)
      if let start, start < peak { rising.append(Self.slope(values, start, peak)) }
      if let end, end > peak { falling.append(-Self.slope(values, peak, end)) }
    }
    let (up, down) = (Contour.meanAndDeviation(rising), Contour.meanAndDeviation(falling))
    slopes = [up.0, up.1, down.0, down.1]
  }

  private static func slope(_ values: [Double], _ start: Int, _ end: Int) -> Double {
    (values[end] - values[start]) / (Double(end - start) * FrameGrid.hopS)
  }

  private static func lowest(
    _ values: [Double], _ valleys: [Int], between start: Int, and end: Int
  ) -> Int? {
    valleys.filter { $0 > start && $0 < end }.min { values[$0] < values[$1] }
  }

  /// The highest places between falls and rises of at least `least`.
  private static func peaks(of values: [Double], standingOut least: Double) -> [Int] {
    var (peaks, high, low, direction): ([Int], Int, Int, Int) = ([], 0, 0, 0)
    for at in values.indices {
      if direction >= 0, values[at] > values[high] { high = at }
      if direction <= 0, values[at] < values[low] { low = at }
      if direction >= 0, values[high] - values[at] >= least {
        peaks.append(high)
        (direction, low) = (-1, at)
      } else if direction <= 0, values[at] - values[low] >= least {
        (direction, high) = (1, at)
      }
    }
    return direction == 1 ? peaks + [high] : peaks
  }
}
