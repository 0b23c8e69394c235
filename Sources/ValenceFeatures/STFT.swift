import Foundation
import ValenceKernels

/// Power spectra of Hann-windowed frames.
///
/// |Σ w[n]·x[n]·exp(−2πi·kn/N)|² with the periodic Hann window w[n] = ½ − ½·cos(2πn/L) of `L` samples,
/// zero-padded to `N` points. Equals librosa's `stft(center=True, pad_mode="constant")` squared.
package struct STFT: Sendable {
  /// The positions of the frames.
  package let framer: Framer
  /// The number of frequencies, `fftSize/2 + 1`; number k is k · rate / fftSize Hz.
  package var bins: Int { transform.bins }

  private let transform: PowerSpectra
  private let window: Floats

  /// Plans the transforms of a framing.
  package init(_ framer: Framer) {
    self.framer = framer
    transform = PowerSpectra(size: framer.fftSize)
    let length = Double(framer.windowSamples)
    window = Floats(
      (0..<framer.windowSamples).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / length)) })
  }

  /// The power spectra of a signal: `[T, bins]`.
  package func power(_ samples: [Float]) -> FeatureMatrix {
    FeatureMatrix(
      frames: framer.frames(samples: samples.count), bins: bins, values: spectra(samples).array)
  }

  func spectra(_ samples: [Float]) -> Floats {
    let frames = framer.frames(samples: samples.count)
    let power = Floats(zeros: frames * bins)
    transform.write(
      of: framer.padded(samples), window: window, hop: framer.hopSamples, count: frames,
      into: power)
    return power
  }
}
