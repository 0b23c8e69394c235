import CFFTW
import CKernels

/// Autocorrelations of frames by the Fourier transform of real numbers.
package final class Autocorrelation: Sendable {
  /// The number of samples that the transform takes, `N`.
  let size: Int

  private let plan: FourierPlan

  /// Plans transforms of `size` samples, which must be even.
  package init(size: Int) {
    precondition(
      size >= 2 && size <= 1 << 24 && size.isMultiple(of: 2), "a transform of \(size) samples")
    self.size = size
    let buffers = Buffers(size: size)
    plan = unsafe FourierPlan(size: size) {
      unsafe fftwf_plan_dft_r2c_1d(
        CInt(size), buffers.frame.pointer, buffers.complexSpectrum, FourierPlan.estimate)
    }
  }

  /// Sums Σ x[j]·x[j + τ] over each frame of a signal.
  ///
  /// Frame `t` is `signal[t·hop ..< t·hop + length]`; `length` and the longest delay must fit the size
  /// together, as the transform is circular. The power spectrum is even, so that transforming it
  /// forward is transforming it back.
  ///
  /// - Parameter sums: `[frames, delays]`, from the delay 0 on.
  package func write(of signal: Floats, length: Int, hop: Int, into sums: Rows) {
    let (count, delays) = (sums.count, sums.width)
    precondition(
      delays >= 1 && length + delays - 1 <= size && hop > 0
        && (count == 0 || (count - 1) * hop + length <= signal.count),
      "\(delays) delays of \(count) frames of \(length) every \(hop) of \(signal.count) samples")
    let bins = size / 2 + 1
    let buffers = Buffers(size: size)
    let frame = unsafe buffers.frame.pointer
    let spectrum = unsafe UnsafeMutableRawPointer(buffers.spectrum.pointer)
      .assumingMemoryBound(to: SIMD2<Float>.self)
    let scale = 1 / Float(size)
    let isPlain = KernelSetup.isPlainHere
    for index in 0..<count {
      let row = unsafe sums.pointer + index * sums.stride
      if isPlain {
        unsafe valence_autocorrelation_plain(length, delays, signal.pointer + index * hop, row)
        continue
      }
      unsafe frame.update(from: signal.pointer + index * hop, count: length)
      unsafe (frame + length).update(repeating: 0, count: size - length)
      execute(buffers)
      for k in 0..<bins {
        let squares = unsafe spectrum[k] * spectrum[k]
        unsafe frame[k] = squares.x + squares.y
      }
      for k in 1..<bins { unsafe frame[size - k] = frame[k] }
      execute(buffers)
      for delay in 0..<delays {
        unsafe row[delay] = scale * spectrum[delay < bins ? delay : size - delay].x
      }
    }
  }

  /// Aligned memory for one transform, which the plan was made for.
  @safe
  private struct Buffers {
    let frame: Floats
    let spectrum: Floats

    init(size: Int) {
      frame = Floats(zeros: size)
      spectrum = Floats(zeros: (size / 2 + 1) * 2)
    }

    @unsafe var complexSpectrum: UnsafeMutablePointer<fftwf_complex> {
      unsafe UnsafeMutableRawPointer(spectrum.pointer)
        .assumingMemoryBound(to: fftwf_complex.self)
    }
  }

  private func execute(_ buffers: Buffers) {
    unsafe fftwf_execute_dft_r2c(
      plan.pointer, buffers.frame.pointer, buffers.complexSpectrum)
  }
}
