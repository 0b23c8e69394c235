import Foundation
import ValenceKernels

/// Frequencies and bandwidths of the first three formants of 20 ms frames, by linear prediction.
///
/// The Hamming-windowed frame is brought to 11 kHz through its spectrum and predicted by 11 coefficients
/// (autocorrelation method). The roots of the polynomial are the formants: a root r·exp(iφ) has the
/// frequency φ·11000/2π and the bandwidth −ln(r)·11000/π. Two things are as openSMILE has them, without
/// which no parameter of a formant is comparable: the frame at 11 kHz begins (N − L)/2 samples before the frame
/// and ends as much early (L samples in an FFT of N), and holds the frequencies below K·rate/N for
/// K half its samples only; and the polynomial has 1 + Σ a[i]·z⁻ⁱ where the prediction is
/// Σ a[i]·x[n − i], which widens the bandwidths to some 1.2 kHz.
struct Formants: Sendable {
  /// The formants of a frame; 0 where there are fewer.
  struct Frame: Hashable, Sendable {
    var frequencies = SIMD3<Double>.zero
    var bandwidths = SIMD3<Double>.zero
  }

  private static let rateHz = 11000.0
  private static let order = 11
  private static let rangeHz = 50.0...5450.0

  private let grid: FrameGrid
  /// `[length, samples at 11 kHz]`: the window and the change of the rate.
  private let resampler: Rows

  /// Plans the prediction of the frames of a grid.
  init(_ grid: FrameGrid) {
    self.grid = grid
    let length = grid.length
    let rate = Double(grid.rateHz)
    let count = max(
      Self.order + 1, Int((Double(length) * Self.rateHz / rate).rounded()))
    let highest = min(count / 2, grid.bins - 1)
    let window = Self.hamming(length)
    let turn = 2 * Double.pi / Double(grid.fftSize)
    var weights: [Float] = []
    weights.reserveCapacity(length * count)
    for sample in 0..<length {
      for target in 0..<count {
        let place = Double(target) * rate / Self.rateHz + Double(length - grid.fftSize) / 2
        // 2·Σ cos(k·x) over k from 0 below `highest`, in closed form.
        let angle = turn * (place - Double(sample))
        let half = sin(angle / 2)
        let sum =
          abs(half) < 1e-9
          ? 2 * Double(highest) : 1 + sin((Double(highest) - 0.5) * angle) / half
        weights.append(Float(window[sample] * sum / Double(grid.fftSize)))
      }
    }
    resampler = Rows(Floats(weights), width: count)
  }

  /// The symmetric Hamming window.
  static func hamming(_ length: Int) -> [Double] {
    (0..<length).map { 0.54 - 0.46 * cos(2 * .pi * Double($0) / Double(length - 1)) }
  }

  /// The formants of the frames of a signal with these numbers.
  func find(_ samples: [Float], frames: [Int]) -> [Frame] {
    let windows = Rows(zeros: frames.count, width: grid.length)
    for (row, frame) in frames.enumerated() {
      windows.row(row).copy(samples[frame * grid.hop..<frame * grid.hop + grid.length])
    }
    let resampled = Rows(zeros: frames.count, width: resampler.width)
    GEMM.multiply(windows, resampler, into: resampled)
    return frames.indices.map { Self.frame(resampled.row($0).array) }
  }

  private static func frame(_ samples: [Float]) -> Frame {
    var frame = Frame()
    guard let prediction = prediction(samples) else { return frame }
    var found: [(hz: Double, bandwidth: Double)] = []
    for root in PolynomialRoots.roots(prediction) where root.y > 1e-9 {
      let hz = atan2(root.y, root.x) * rateHz / (2 * .pi)
      let bandwidth = -log((root.x * root.x + root.y * root.y).squareRoot()) * rateHz / .pi
      if rangeHz.contains(hz), bandwidth.isFinite { found.append((hz, bandwidth)) }
    }
    found.sort { $0.hz < $1.hz }
    for (index, formant) in found.prefix(3).enumerated() {
      frame.frequencies[index] = formant.hz
      frame.bandwidths[index] = formant.bandwidth
    }
    return frame
  }

  /// The coefficients a of x[n] ≈ Σ a[i]·x[n − i], by Levinson and Durbin; nil of silence.
  private static func prediction(_ samples: [Float]) -> [Double]? {
    let correlation = (0...order).map { delay in
      var sum = 0.0
      for index in 0..<samples.count - delay {
        sum += Double(samples[index]) * Double(samples[index + delay])
      }
      return sum
    }
    var error = correlation[0]
    if error <= 0 { return nil }
    var coefficients: [Double] = []
    for step in 0..<order {
      var rest = correlation[step + 1]
      for (index, value) in coefficients.enumerated() { rest -= value * correlation[step - index] }
      let reflection = rest / error
      let turned = coefficients.reversed()
      coefficients = zip(coefficients, turned).map { $0 - reflection * $1 }
      coefficients.append(reflection)
      error *= 1 - reflection * reflection
      // A signal that is predicted without error has no further coefficients.
      if error <= correlation[0] * 1e-12 { break }
    }
    return coefficients + [Double](repeating: 0, count: order - coefficients.count)
  }
}
