import Foundation
import ValenceKernels

/// Zero crossings and peaks of the signal itself, frame by frame.
struct SoundLevels: Sendable {
  private let framer: Framer

  init(_ framer: Framer) { self.framer = framer }

  /// The share of a frame's samples at which the sign changes; to or from zero counts half.
  func crossings(_ spectra: CenteredSpectra) -> [Float] {
    let signal = spectra.signal.array
    let length = framer.windowSamples
    func sign(_ n: Int) -> Int {
      guard n < signal.count, signal[n] != 0 else { return 0 }
      return signal[n] > 0 ? 1 : -1
    }
    let reach = (spectra.frames - 1) * framer.hopSamples + length
    // Twice the crossings before each sample.
    var sums = [Int32](repeating: 0, count: reach + 1)
    var last = sign(0)
    for n in 0..<reach {
      let next = sign(n + 1)
      sums[n + 1] = sums[n] + Int32(abs(next - last))
      last = next
    }
    return (0..<spectra.frames).map { frame in
      let start = frame * framer.hopSamples
      return Float(Double(sums[start + length] - sums[start]) / 2 / Double(length))
    }
  }

  /// The level of the greatest magnitude of each frame in dB.
  func peaks(_ spectra: CenteredSpectra) -> [Float] {
    let signal = spectra.signal.array
    let samples = signal.span
    return (0..<spectra.frames).map { frame in
      let start = frame * framer.hopSamples
      var greatest: Float = 0
      for n in start..<start + framer.windowSamples { greatest = max(greatest, abs(samples[n])) }
      return Float(20 * log10(Double(greatest) + 1e-5))
    }
  }
}
