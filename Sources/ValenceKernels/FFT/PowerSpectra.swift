import CFFTW
import CKernels
import Foundation

/// Power spectra of windowed frames of one size: |X[k]|² for 0 ≤ k ≤ N/2.
///
/// A real frame of N samples is transformed as N/2 complex ones, its even samples as real and its odd
/// ones as imaginary parts, which takes FFTW a third of the time of its transform of real numbers.
package final class PowerSpectra: Sendable {
  /// The number of samples of a frame, `N`.
  package let size: Int
  /// The number of frequencies from 0 to half the rate, `N/2 + 1`.
  package var bins: Int { half + 1 }

  private let half: Int
  private let plan: FourierPlan
  private let cosine: Floats
  private let sine: Floats

  /// Plans spectra of frames of `size` samples, which must be even.
  package init(size: Int) {
    precondition(
      size >= 2 && size <= 1 << 24 && size.isMultiple(of: 2), "spectra of \(size) samples")
    self.size = size
    half = size / 2
    let buffers = Buffers(half: half)
    let count = half
    plan = unsafe FourierPlan(size: count) {
      var extent = fftwf_iodim(n: CInt(count), is: 1, os: 1)
      return unsafe fftwf_plan_guru_split_dft(
        1, &extent, 0, nil, buffers.even.pointer, buffers.odd.pointer, buffers.re.pointer,
        buffers.im.pointer, FourierPlan.estimate)
    }
    let angles = (0...half).map { 2 * Double.pi * Double($0) / Double(size) }
    cosine = Floats(angles.map { Float(cos($0)) })
    sine = Floats(angles.map { Float(sin($0)) })
  }

  /// Writes the spectra of the frames of a signal.
  ///
  /// Frame `t` is `signal[t·hop ..< t·hop + window.count]` times the window, followed by zeros up to
  /// `size`; all of them must be inside of `signal`.
  ///
  /// - Parameter power: `[count, bins]`.
  package func write(
    of signal: Floats, window: Floats, hop: Int, count: Int, into power: Floats
  ) {
    precondition(
      window.count <= size && hop > 0 && power.count >= count * bins
        && (count == 0 || (count - 1) * hop + window.count <= signal.count),
      "\(count) frames of \(window.count) every \(hop) of \(signal.count) samples")
    let buffers = Buffers(half: half)
    // Taken once: within the loop each would be loaded anew, as a store might have changed it.
    let (even, odd) = unsafe (buffers.even.pointer, buffers.odd.pointer)
    let (re, im) = unsafe (buffers.re.pointer, buffers.im.pointer)
    let isPlain = KernelSetup.isPlainHere
    for index in 0..<count {
      let samples = unsafe UnsafePointer(signal.pointer + index * hop)
      let row = unsafe power.pointer + index * bins
      if isPlain {
        unsafe valence_window_halves_plain(window.count, samples, window.pointer, even, odd)
        unsafe valence_fourier_plain(half, even, odd, re, im)
      } else {
        unsafe valence_window_halves(window.count, samples, window.pointer, even, odd)
        unsafe fftwf_execute_split_dft(plan.pointer, even, odd, re, im)
      }
      unsafe re[half] = re[0]
      unsafe im[half] = im[0]
      if isPlain {
        unsafe valence_half_power_plain(half, re, im, cosine.pointer, sine.pointer, row)
      } else {
        unsafe valence_half_power(half, re, im, cosine.pointer, sine.pointer, row)
      }
    }
  }

  /// Aligned memory for one transform, which the plan was made for; all zero at first.
  ///
  /// An out-of-place transform leaves its input as it is, so zeros after the window stay zeros. FFTW asks
  /// that imaginary parts are as far behind the real ones as when it planned, so each pair is one block.
  private struct Buffers {
    let even: Floats
    let odd: Floats
    /// One number more than the transform, for its mirror.
    let re: Floats
    let im: Floats

    init(half: Int) {
      let distance = (half + 1 + 15) / 16 * 16
      let (input, output) = (Floats(zeros: 2 * distance), Floats(zeros: 2 * distance))
      even = input[0..<half]
      odd = input[distance..<distance + half]
      re = output[0..<half + 1]
      im = output[distance..<distance + half + 1]
    }
  }
}
