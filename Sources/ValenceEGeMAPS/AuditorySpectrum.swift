import Foundation
import ValenceKernels

/// Loudness and cepstral coefficients: what is made of 26 mel bands of a 20 ms frame.
///
/// The bands are triangles, evenly spaced on the mel scale 1127·ln(1 + f / 700 Hz) from 20 Hz to 8 kHz
/// (half the rate, if that is lower), of height 1 on that scale, as in HTK (Young et al., 2006, section 5.4).
struct AuditorySpectrum: Sendable {
  /// The number of cepstral coefficients, from the first on.
  static let coefficients = 4
  private static let bands = 26
  private static let lowHz = 20.0
  private static let highHz = 8000.0
  /// The power that lower ones are raised to before they are compressed.
  private static let floorPower = 9.3e-10
  /// The exponent of loudness over power.
  private static let compression = 0.33
  private static let lifter = 22.0
  /// HTK's scale of samples, on which powers below 1 are raised to it before the logarithm.
  private static let fullScale = 32767.0

  private let bank: BandMatrix
  private let equalLoudness: [Double]
  /// `[coefficients][bands]`.
  private let cosines: [[Double]]

  /// Places the bands over the spectra of a grid.
  init(_ grid: FrameGrid) {
    let low = Self.mel(Self.lowHz)
    let step = (Self.mel(min(Self.highHz, Double(grid.rateHz) / 2)) - low) / Double(Self.bands + 1)
    let edges = (0..<Self.bands + 2).map { low + step * Double($0) }
    // HTK's rule for the first frequency, which leaves out those below the lowest edge and one more.
    let first = max(1, Int(Self.lowHz / grid.binHz + 2.5) - 1)
    bank = BandMatrix(
      rows: (0..<Self.bands).map { band in
        let inside = (first..<grid.bins).filter {
          let mel = Self.mel(Double($0) * grid.binHz)
          return mel > edges[band] && mel < edges[band + 2]
        }
        let weights = inside.map { bin in
          let mel = Self.mel(Double(bin) * grid.binHz)
          return Float(min(mel - edges[band], edges[band + 2] - mel) / step)
        }
        return BandMatrix.Row(first: inside.first ?? 0, weights: weights)
      }, columns: grid.bins)
    equalLoudness = edges.dropFirst().prefix(Self.bands).map {
      Self.equalLoudness(700 * (exp($0 / 1127) - 1))
    }
    cosines = (1...Self.coefficients).map { order in
      let lift = 1 + Self.lifter / 2 * sin(.pi * Double(order) / Self.lifter)
      return (0..<Self.bands).map {
        lift * (2 / Double(Self.bands)).squareRoot()
          * cos(.pi * Double(order) * (Double($0) + 0.5) / Double(Self.bands))
      }
    }
  }

  /// The loudness of each frame, and each coefficient over the frames, of power spectra `[count, bins]`.
  ///
  /// Loudness is the mean of the bands' powers, weighted by equal loudness and compressed: the auditory
  /// spectrum of perceptual linear prediction (Hermansky, 1990). The coefficients are HTK's, liftered.
  func contours(_ power: Floats, count: Int) -> (loudness: [Double], cepstra: [[Double]]) {
    let bands = Floats(zeros: count * Self.bands)
    bank.multiply(power, count: count, into: bands)
    let powers = bands.array
    var loudness = [Double](repeating: 0, count: count)
    var cepstra = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: Self.coefficients)
    for frame in 0..<count {
      for band in 0..<Self.bands {
        let power = Double(powers[frame * Self.bands + band])
        loudness[frame] += pow(
          max(power, Self.floorPower) * equalLoudness[band], Self.compression)
        let level = log(max(power * Self.fullScale * Self.fullScale, 1))
        for order in 0..<Self.coefficients {
          cepstra[order][frame] += cosines[order][band] * level
        }
      }
      loudness[frame] /= Double(Self.bands)
    }
    return (loudness, cepstra)
  }

  private static func mel(_ hz: Double) -> Double { 1127 * log(1 + hz / 700) }

  /// The weight of the power at a frequency: the curve of Hermansky (1990, equation 4) for 0 to 5 kHz,
  /// with the steeper fall above that openSMILE has in place of his factor (ω⁶ + 9.58·10²⁶).
  private static func equalLoudness(_ hz: Double) -> Double {
    let omega = 2 * Double.pi * hz
    let square = omega * omega
    let low = square * square * (square + 56.8e6)
    let high = (square + 6.3e6) * (square + 6.3e6) * (square + 0.38e9)
    return low / high * 1e32 / (pow(omega, 7) + 1.7e31)
  }
}
