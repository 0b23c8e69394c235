import CFFTW
import CKernels
import Synchronization

/// Fourier transforms of real frames of one size, in single precision by FFTW.
///
/// Unchecked: the plan is only read after `init`, and FFTW executes one plan from any number of
/// threads as long as each brings its own buffers, which every call here does.
@safe
public final class RealFFT: @unchecked Sendable {
  /// The number of samples of a frame, `N`.
  public let size: Int
  /// The number of frequencies from 0 to half the rate, `N/2 + 1`.
  public var bins: Int { size / 2 + 1 }

  private let plan: fftwf_plan
  /// FFTW's planner keeps its state in globals, so plans are made and freed one at a time.
  private static let planner = Mutex(())

  /// Plans transforms of `size` samples.
  ///
  /// The plan is estimated, never measured: a measured one may differ from run to run, and with it
  /// the last bits of every feature.
  public init(size: Int) {
    precondition(size >= 2 && size <= 1 << 24, "a Fourier transform of \(size) samples")
    self.size = size
    let buffers = Buffers(size: size)
    let made = unsafe Self.planner.withLock { _ in
      // FFTW_ESTIMATE is a macro with a shift, which Swift does not import: bit 6.
      unsafe fftwf_plan_dft_r2c_1d(
        CInt(size), buffers.frame.pointer, buffers.complexSpectrum, 1 << 6)
    }
    guard let made = unsafe made else {
      preconditionFailure("FFTW makes no plan for \(size) samples")
    }
    unsafe plan = made
  }

  deinit {
    Self.planner.withLock { _ in unsafe fftwf_destroy_plan(plan) }
  }

  /// Transforms `count` frames: X[k] = Σ x[n]·exp(−2πi·kn/N).
  ///
  /// - Parameters:
  ///   - frames: `[count, size]`.
  ///   - spectra: `[count, bins, 2]`, real and imaginary parts.
  public func forward(_ frames: Floats, count: Int, into spectra: Floats) {
    precondition(
      frames.count >= count * size && spectra.count >= count * bins * 2,
      "\(count) frames of \(size) in \(frames.count), \(spectra.count) floats")
    let buffers = Buffers(size: size)
    for index in 0..<count {
      unsafe buffers.frame.pointer.update(from: frames.pointer + index * size, count: size)
      execute(buffers)
      unsafe (spectra.pointer + index * bins * 2).update(
        from: buffers.spectrum.pointer, count: bins * 2)
    }
  }

  /// Power spectra of the windowed frames of a signal: |X[k]|².
  ///
  /// Frame `t` is `signal[t·hop ..< t·hop + window.count]` times the window, followed by zeros up to
  /// `size`; all of them must lie inside of `signal`.
  ///
  /// - Parameter power: `[count, bins]`.
  public func powerSpectra(
    of signal: Floats, window: Floats, hop: Int, count: Int, into power: Floats
  ) {
    precondition(
      window.count <= size && hop > 0 && power.count >= count * bins
        && (count == 0 || (count - 1) * hop + window.count <= signal.count),
      "\(count) frames of \(window.count) every \(hop) of \(signal.count) samples")
    let buffers = Buffers(size: size)
    // Taken once: within the loops each would be loaded anew, as a store might have changed it.
    let (frame, weights, length) = unsafe (buffers.frame.pointer, window.pointer, window.count)
    let spectrum = unsafe UnsafeMutableRawPointer(buffers.spectrum.pointer)
      .assumingMemoryBound(to: SIMD2<Float>.self)
    for index in 0..<count {
      let samples = unsafe signal.pointer + index * hop
      for n in 0..<length { unsafe frame[n] = samples[n] * weights[n] }
      execute(buffers)
      let row = unsafe power.pointer + index * bins
      for k in 0..<bins {
        let squares = unsafe spectrum[k] * spectrum[k]
        unsafe row[k] = squares.x + squares.y
      }
    }
  }

  /// Autocorrelations of the frames of a signal: Σ x[j]·x[j + τ] over each frame.
  ///
  /// Frame `t` is `signal[t·hop ..< t·hop + length]`; `length` and the longest delay must fit the size
  /// together, as the transform is circular. The power spectrum is even, so that transforming it
  /// forward is transforming it back.
  ///
  /// - Parameter sums: `[count, delays]`, from the delay 0 on.
  public func autocorrelations(
    of signal: Floats, length: Int, hop: Int, count: Int, delays: Int, into sums: Floats
  ) {
    precondition(
      size.isMultiple(of: 2) && delays >= 1 && length + delays - 1 <= size && hop > 0
        && sums.count >= count * delays
        && (count == 0 || (count - 1) * hop + length <= signal.count),
      "\(delays) delays of \(count) frames of \(length) every \(hop) of \(signal.count) samples")
    let buffers = Buffers(size: size)
    let frame = unsafe buffers.frame.pointer
    let spectrum = unsafe UnsafeMutableRawPointer(buffers.spectrum.pointer)
      .assumingMemoryBound(to: SIMD2<Float>.self)
    let scale = 1 / Float(size)
    for index in 0..<count {
      unsafe frame.update(from: signal.pointer + index * hop, count: length)
      unsafe (frame + length).update(repeating: 0, count: size - length)
      execute(buffers)
      for k in 0..<bins {
        let squares = unsafe spectrum[k] * spectrum[k]
        unsafe frame[k] = squares.x + squares.y
      }
      for k in 1..<bins { unsafe frame[size - k] = frame[k] }
      execute(buffers)
      let row = unsafe sums.pointer + index * delays
      for delay in 0..<delays {
        unsafe row[delay] = scale * spectrum[delay < bins ? delay : size - delay].x
      }
    }
  }

  /// Aligned memory for one transform, which the plan was made for; all zero at first.
  ///
  /// An out-of-place transform leaves its input as it is, so zeros after the window stay zeros.
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
    if KernelSetup.isPlainHere {
      unsafe valence_fourier_plain(size, buffers.frame.pointer, buffers.spectrum.pointer)
      return
    }
    unsafe fftwf_execute_dft_r2c(plan, buffers.frame.pointer, buffers.complexSpectrum)
  }
}
