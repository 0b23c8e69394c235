import CFFTW

/// Power spectra of windowed frames of one size, transformed in double precision: |X[k]|² for 0 ≤ k ≤ N/2.
///
/// In single precision a transform loses what lies some 140 dB below a frame's strongest bin, and bins near
/// that a digit or more each 20 dB. `PowerSpectra` is faster, and good for features that are averaged;
/// this one is for what a deep network takes up value by value.
package final class PrecisePowerSpectra: Sendable {
  /// The number of samples of a frame, `N`.
  package let size: Int
  /// The number of frequencies from 0 to half the rate, `N/2 + 1`.
  package var bins: Int { size / 2 + 1 }

  private let window: [Double]
  private let plan: FourierPlan

  /// Plans spectra of frames that are as long as their window.
  package init(window: [Double]) {
    precondition(
      window.count >= 2 && window.count <= 1 << 24 && window.count.isMultiple(of: 2),
      "spectra of \(window.count) samples")
    self.window = window
    size = window.count
    let buffers = Buffers(size: size)
    let count = CInt(size)
    plan = unsafe FourierPlan(size: size, .double) {
      unsafe fftw_plan_dft_r2c_1d(
        count, buffers.frame, buffers.spectrum,
        FourierPlan.estimate | FourierPlan.preserveInput)
    }
  }

  /// Writes the spectra of the frames of a signal, each `signal[t·hop ..< t·hop + size]` times the window.
  ///
  /// - Parameter power: `[count, bins]`.
  package func write(of signal: Floats, hop: Int, count: Int, into power: Floats) {
    precondition(
      hop > 0 && power.count >= count * bins
        && (count == 0 || (count - 1) * hop + size <= signal.count),
      "\(count) frames of \(size) every \(hop) of \(signal.count) samples")
    let buffers = Buffers(size: size)
    let (frame, spectrum) = unsafe (buffers.frame, buffers.spectrum)
    for index in 0..<count {
      let samples = unsafe UnsafePointer(signal.pointer + index * hop)
      let row = unsafe power.pointer + index * bins
      for place in 0..<size { unsafe frame[place] = Double(samples[place]) * window[place] }
      unsafe fftw_execute_dft_r2c(plan.pointer, frame, spectrum)
      for bin in 0..<bins {
        let (re, im) = unsafe spectrum[bin]
        unsafe row[bin] = Float(re * re + im * im)
      }
    }
  }

  /// Memory for one transform, aligned as FFTW wants it.
  @safe
  private final class Buffers {
    let frame: UnsafeMutablePointer<Double>
    let spectrum: UnsafeMutablePointer<fftw_complex>

    init(size: Int) {
      unsafe frame = fftw_alloc_real(size)
      unsafe spectrum = fftw_alloc_complex(size / 2 + 1)
    }

    deinit {
      unsafe fftw_free(frame)
      unsafe fftw_free(spectrum)
    }
  }
}
