import Foundation
import ValenceKernels

/// A clip without its offset, and its power spectra: what spectral descriptors and functionals are made of.
///
/// An offset of the recording is no sound; as in `Prosody`, the mean of the clip is taken off first.
struct CenteredSpectra {
  /// The number of frames `T`.
  let frames: Int
  /// The signal between zeros: frame `t` begins at sample `t · hop`.
  let signal: Floats
  /// The mean power of each frequency: `[T, fftSize/2 + 1]`, |X[k]|² / Σ w², w the Hann window.
  let power: Floats

  /// Plans of centered spectra: what all clips share.
  struct Analysis: Sendable {
    let framer: Framer
    /// The Hann window.
    let window: [Float]
    private let transform: PowerSpectra
    private let scale: Float

    init(_ framer: Framer) {
      self.framer = framer
      transform = PowerSpectra(size: framer.fftSize)
      let length = Double(framer.windowSamples)
      let exact = (0..<framer.windowSamples).map {
        0.5 - 0.5 * cos(2 * .pi * Double($0) / length)
      }
      window = exact.map(Float.init)
      scale = Float(1 / exact.reduce(0) { $0 + $1 * $1 })
    }

    /// The number of frequencies.
    var bins: Int { transform.bins }

    /// Analyzes a signal.
    func callAsFunction(_ samples: [Float]) -> CenteredSpectra {
      let mean = Float(samples.reduce(0.0) { $0 + Double($1) } / Double(max(1, samples.count)))
      let frames = framer.frames(samples: samples.count)
      let signal = framer.padded(samples.map { $0 - mean })
      let power = Floats(zeros: frames * bins)
      transform.write(
        of: signal, window: Floats(window.map { $0 * scale.squareRoot() }), hop: framer.hopSamples,
        count: frames, into: power)
      return CenteredSpectra(frames: frames, signal: signal, power: power)
    }
  }
}
