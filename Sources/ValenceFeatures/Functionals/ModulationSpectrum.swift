import Foundation
import Synchronization
import ValenceKernels

/// How strongly contours move at rates that speech has: syllables are at 2 to 8 Hz.
final class ModulationSpectrum: Sendable {
  /// The edges of the bands.
  private static let edgesHz = [0.7, 2, 4, 8, 16, 32]
  static var bands: Int { edgesHz.count - 1 }
  /// What is added to a power: bands without a frequency or movement are at −2.
  private static let floor = 1e-4

  private let hopS: Double
  /// The transforms by their size, each planned when the first clip of that length comes.
  private let transforms = Mutex<[Int: PowerSpectra]>([:])

  init(hopS: Double) { self.hopS = hopS }

  /// The levels of all contours: `[contours, bands]`.
  ///
  /// - Parameter contours: `[contours, frames]`.
  func levels(_ contours: [Double], frames: Int) -> [Double] {
    let count = contours.count / frames
    var size = 256
    while size < frames { size *= 2 }
    let transform = transforms.withLock { known in
      let transform = known[size] ?? PowerSpectra(size: size)
      known[size] = transform
      return transform
    }
    let power = Floats(zeros: count * transform.bins)
    transform.write(
      of: centered(contours, frames: frames), window: Self.window(frames), hop: frames,
      count: count, into: power)
    let values = power.array
    let bands = zip(Self.edgesHz, Self.edgesHz.dropFirst()).map { lowHz, highHz in
      func bin(_ hz: Double) -> Int {
        min(transform.bins, Int((hz * Double(size) * hopS).rounded(.up)))
      }
      return bin(lowHz)..<max(bin(lowHz), bin(highHz))
    }
    var levels: [Double] = []
    levels.reserveCapacity(count * bands.count)
    for contour in 0..<count {
      for band in bands {
        var sum = 0.0
        for bin in band { sum += Double(values[contour * transform.bins + bin]) }
        let mean = band.isEmpty ? 0 : sum / Double(band.count) / Double(frames)
        levels.append(0.5 * log10(mean + Self.floor))
      }
    }
    return levels
  }

  private func centered(_ contours: [Double], frames: Int) -> Floats {
    var values = [Float](repeating: 0, count: contours.count)
    for start in stride(from: 0, to: contours.count, by: frames) {
      var sum = 0.0
      for t in start..<start + frames { sum += contours[t] }
      let mean = sum / Double(frames)
      for t in start..<start + frames { values[t] = Float(contours[t] - mean) }
    }
    return Floats(values)
  }

  /// The symmetric Hann window; none for clips of up to four frames, which it would leave nothing of.
  private static func window(_ frames: Int) -> Floats {
    if frames <= 4 { return Floats([Float](repeating: 1, count: frames)) }
    return Floats(
      (0..<frames).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(frames - 1))) })
  }
}
