import Foundation
import ValenceKernels

/// How much of a frame repeats: the ratio of its periodic part to the rest, in dB.
///
/// r is the greatest value of the frame's autocorrelation, relative to its power and divided by that of
/// the Hann window, at the periods of 60 to 500 Hz, and the ratio 10·log₁₀(r / (1 − r)), from −30 to
/// 30 dB. Source: Boersma (1993), without interpolation between samples.
struct Harmonicity: Sendable {
  private static let lowHz = 60
  private static let highHz = 500
  private static let range: ClosedRange<Float> = 1e-3...0.999
  /// Frames that are correlated at a time.
  private static let block = 256

  private let hop: Int
  private let window: [Float]
  /// The periods in samples; empty where the window is shorter than the shortest.
  private let periods: Range<Int>
  /// What the window leaves of each period's correlation.
  private let left: [Float]
  private let correlation: Autocorrelation

  init(window: [Float], hop: Int, rateHz: Int) {
    (self.window, self.hop) = (window, hop)
    let length = window.count
    let shortest = max(1, rateHz / Self.highHz)
    periods = shortest..<max(shortest, min(rateHz / Self.lowHz, length))
    func overlap(_ delay: Int) -> Double {
      (0..<length - delay).reduce(0) { $0 + Double(window[$1]) * Double(window[$1 + delay]) }
    }
    let all = overlap(0)
    left = periods.map { Float(overlap($0) / all + 1e-3) }
    var size = 2
    while size < length + periods.upperBound { size *= 2 }
    correlation = Autocorrelation(size: size)
  }

  /// The ratio in each frame.
  func ratios(_ spectra: CenteredSpectra) -> [Float] {
    var ratios: [Float] = []
    ratios.reserveCapacity(spectra.frames)
    let signal = spectra.signal.array
    for start in stride(from: 0, to: spectra.frames, by: Self.block) {
      append(signal, frames: start..<min(start + Self.block, spectra.frames), to: &ratios)
    }
    return ratios
  }

  private func append(_ signal: [Float], frames: Range<Int>, to ratios: inout [Float]) {
    let length = window.count
    var windowed = [Float](repeating: 0, count: frames.count * length)
    var target = windowed.mutableSpan
    let (samples, weights) = (signal.span, window.span)
    for (row, frame) in frames.enumerated() {
      for n in 0..<length { target[row * length + n] = samples[frame * hop + n] * weights[n] }
    }
    let sums = Rows(zeros: frames.count, width: max(1, periods.upperBound))
    correlation.write(of: Floats(windowed), length: length, hop: length, into: sums)
    let values = sums.floats.array
    for row in 0..<frames.count {
      let start = row * sums.width
      var greatest: Float = 0
      for (index, period) in periods.enumerated() {
        greatest = max(greatest, values[start + period] / left[index])
      }
      let ratio = greatest / (values[start] + 1e-10)
      let share = Double(min(max(ratio, Self.range.lowerBound), Self.range.upperBound))
      ratios.append(Float(10 * log10(share / (1 - share))))
    }
  }
}
