import Foundation

/// What the harmonics of a voiced 60 ms frame are like: noise between them, and their levels.
struct Harmonics: Sendable {
  /// The values of a frame, in dB.
  struct Frame: Hashable, Sendable {
    /// The ratio of harmonics to noise.
    var noiseRatio = 0.0
    /// H1–H2 and H1–A3.
    var differences = SIMD2<Double>.zero
    /// The highest harmonic near each formant, over that at F0.
    var formantLevels = SIMD3(repeating: Self.noLevel)

    /// The level where there is no harmonic, and that of formants in unvoiced frames.
    static let noLevel = -201.0
  }

  private static let most = 100
  /// How far around a formant its harmonics are.
  private static let nearFormant = 0.8...1.2

  private let grid: FrameGrid
  private let cosines: [Double]

  /// Plans the analysis of spectra of a grid.
  init(_ grid: FrameGrid) {
    self.grid = grid
    cosines = (0..<grid.fftSize).map { cos(2 * .pi * Double($0) / Double(grid.fftSize)) }
  }

  /// The values of a frame with this F0 and these formants.
  ///
  /// H1 and H2 are the second and the third harmonic, as in openSMILE; levels are over that of the first.
  ///
  /// - Parameter magnitudes: its spectrum, `grid.bins` values.
  func frame(
    _ magnitudes: [Double], f0Hz: Double, formants: Formants.Frame
  ) -> Frame {
    var frame = Frame()
    frame.noiseRatio = noiseRatio(magnitudes, period: Double(grid.rateHz) / f0Hz)
    let found = harmonics(magnitudes, f0Hz: f0Hz, highestHz: 1.2 * formants.frequencies.max())
    for formant in 0..<3 {
      let near = found.filter {
        Self.nearFormant.contains($0.hz / max(1, formants.frequencies[formant]))
      }
      frame.formantLevels[formant] = near.map(\.level).max() ?? 0
    }
    let (first, second) = (found[1].level, found[2].level)
    frame.differences.x = first - second
    frame.differences.y =
      formants.frequencies[2] > 0 ? first - frame.formantLevels[2] : Frame.noLevel
    return frame
  }

  /// The peaks nearest to the multiples of F0, at least three, and their levels over the first.
  private func harmonics(
    _ magnitudes: [Double], f0Hz: Double, highestHz: Double
  ) -> [(hz: Double, level: Double)] {
    let distance = f0Hz / grid.binHz
    let reach = Int(distance / 2) + 1
    let highest = highestHz / grid.binHz + Double(reach)
    var found: [(hz: Double, level: Double)] = []
    var reference = 0.0
    for number in 1...Self.most {
      let place = Double(number) * distance
      if number > 3, place > highest { break }
      let center = Int(place.rounded())
      guard center < grid.bins - 1 else { break }
      let peak = Self.peak(of: magnitudes, near: center, reach: reach)
      if number == 1 { reference = magnitudes[peak ?? center] }
      var level = Frame.noLevel
      if let peak, reference > 0 {
        let top = Vertex(magnitudes[peak - 1], magnitudes[peak], magnitudes[peak + 1])
        // F0's own magnitude is not refined, so that it is 0 dB.
        level = number == 1 ? 0 : max(level, 20 * log10(max(top.value, 1e-30) / reference))
      } else if number == 1, reference > 0 {
        level = 0
      }
      found.append((Double(peak ?? center) * grid.binHz, level))
    }
    while found.count < 3 { found.append((0, Frame.noLevel)) }
    return found
  }

  /// The peak nearest to a frequency; of two the higher one.
  private static func peak(of magnitudes: [Double], near center: Int, reach: Int) -> Int? {
    for distance in 0...reach {
      for bin in distance == 0 ? [center] : [center + distance, center - distance]
      where bin >= 1 && bin < magnitudes.count - 1 && magnitudes[bin] > magnitudes[bin - 1]
        && magnitudes[bin] >= magnitudes[bin + 1]
      {
        return bin
      }
    }
    return nil
  }

  /// The autocorrelation at its peak next to the period, over what it lacks to that at 0.
  private func noiseRatio(_ magnitudes: [Double], period: Double) -> Double {
    let powers = magnitudes.map { $0 * $0 }
    let longest = grid.bins - 2
    var delay = min(max(1, Int(period.rounded())), longest)
    var value = correlation(powers, delay)
    // Uphill, first to longer delays.
    for direction in [1, -1] {
      while delay + direction >= 1, delay + direction <= longest {
        let next = correlation(powers, delay + direction)
        if next <= value { break }
        (delay, value) = (delay + direction, next)
      }
    }
    let rest = correlation(powers, 0) - value
    return value > 0 && rest > 0 ? 10 * log10(value / rest) : 0
  }

  /// The circular autocorrelation of a frame, of its power spectrum.
  private func correlation(_ powers: [Double], _ delay: Int) -> Double {
    let mask = grid.fftSize - 1
    var (sum, index) = (0.0, 0)
    for bin in 1..<grid.bins - 1 {
      index = (index + delay) & mask
      sum += powers[bin] * cosines[index]
    }
    let half = powers[grid.bins - 1] * (delay.isMultiple(of: 2) ? 1 : -1)
    return powers[0] + 2 * sum + half
  }
}
