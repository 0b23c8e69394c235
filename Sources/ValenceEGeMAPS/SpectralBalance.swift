import Foundation

/// How the power of a 20 ms frame is spread over low and high frequencies, and how it moves.
struct SpectralBalance: Sendable {
  /// The contours over the frames.
  struct Contours: Sendable {
    /// The power from 1 to 5 kHz over that below 1 kHz, in dB.
    var alphaRatio: [Double]
    /// The highest power up to 2 kHz over the highest from 2 to 5 kHz, in dB (Hammarberg et al., 1980).
    var hammarbergIndex: [Double]
    /// The slope of the levels from 0 to 500 Hz, in dB a Hz.
    var slopeTo500: [Double]
    /// The slope of the levels from 500 to 1500 Hz, in dB a Hz.
    var slopeTo1500: [Double]
    /// The root of the mean squared difference of the magnitudes below 5 kHz from those of the frame
    /// before; 0 in the first frame.
    var flux: [Double]
  }

  /// The power that lower ones are raised to before the logarithm, for the slopes: −140 dB.
  private static let floorPower: Float = 1e-14

  private let grid: FrameGrid
  private let toOne: Int
  private let toTwo: ClosedRange<Int>
  private let fromTwo: ClosedRange<Int>
  private let toFive: Int
  private let slopes: [(first: Int, weights: [Double])]

  /// Places the bands over the spectra of a grid.
  init(_ grid: FrameGrid) {
    self.grid = grid
    toOne = grid.bin(from: 1000)
    toTwo = 0...grid.bin(upTo: 2000)
    toFive = grid.bin(upTo: 5000)
    fromTwo = min(grid.bin(from: 2000), toFive)...toFive
    slopes = [Self.slope(0...500, grid), Self.slope(500...1500, grid)]
  }

  /// The contours of power spectra `[count, bins]`.
  func contours(_ power: [Float], count: Int) -> Contours {
    let none = [Double](repeating: 0, count: count)
    var contours = Contours(
      alphaRatio: none, hammarbergIndex: none, slopeTo500: none, slopeTo1500: none, flux: none)
    var before: [Float] = []
    for frame in 0..<count {
      let bins = power[frame * grid.bins..<(frame + 1) * grid.bins]
      let start = bins.startIndex
      var (low, high) = (0.0, 0.0)
      for bin in 0..<toOne { low += Double(bins[start + bin]) }
      for bin in toOne...max(toOne, toFive) { high += Double(bins[start + bin]) }
      contours.alphaRatio[frame] = Self.decibels(high, over: low)
      contours.hammarbergIndex[frame] = Self.decibels(
        Self.peak(bins, toTwo), over: Self.peak(bins, fromTwo))
      contours.slopeTo500[frame] = Self.sum(bins, slopes[0])
      contours.slopeTo1500[frame] = Self.sum(bins, slopes[1])
      let magnitudes = (0..<toFive).map { bins[start + $0].squareRoot() }
      if frame > 0 { contours.flux[frame] = Self.distance(magnitudes, before) }
      before = magnitudes
    }
    return contours
  }

  /// 10·log₁₀ of a ratio; 0 where one of them is.
  private static func decibels(_ power: Double, over other: Double) -> Double {
    power > 0 && other > 0 ? 10 * log10(power / other) : 0
  }

  private static func peak(_ bins: ArraySlice<Float>, _ range: ClosedRange<Int>) -> Double {
    var peak: Float = 0
    for bin in range { peak = max(peak, bins[bins.startIndex + bin]) }
    return Double(peak)
  }

  private static func sum(
    _ bins: ArraySlice<Float>, _ slope: (first: Int, weights: [Double])
  ) -> Double {
    var sum = 0.0
    for (index, weight) in slope.weights.enumerated() {
      let power = max(floorPower, bins[bins.startIndex + slope.first + index])
      sum += weight * 10 * Double(log10(power))
    }
    return sum
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Double {
    if a.isEmpty { return 0 }
    var sum = 0.0
    for (left, right) in zip(a, b) { sum += Double(left - right) * Double(left - right) }
    return (sum / Double(a.count)).squareRoot()
  }

  /// The weights of the levels of a band that give its slope: a line's by least squares.
  ///
  /// The number of levels is the band's width in frequencies, as in openSMILE: one less than there are,
  /// which turns the slope by a share of the frame's level.
  private static func slope(
    _ hz: ClosedRange<Double>, _ grid: FrameGrid
  ) -> (first: Int, weights: [Double]) {
    let range = grid.bin(from: hz.lowerBound)...grid.bin(upTo: hz.upperBound)
    let count = (hz.upperBound - hz.lowerBound) / grid.binHz
    let frequencies = range.map { Double($0) * grid.binHz }
    let sum = frequencies.reduce(0, +)
    let squares = frequencies.reduce(0) { $0 + $1 * $1 }
    let divisor = count * squares - sum * sum
    return (range.lowerBound, frequencies.map { divisor > 0 ? (count * $0 - sum) / divisor : 0 })
  }
}
