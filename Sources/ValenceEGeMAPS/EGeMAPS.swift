import Foundation
import ValenceKernels

/// The extended Geneva Minimalistic Acoustic Parameter Set: 88 numbers of a recording of speech.
///
/// Source: Eyben et al. (2016), IEEE Transactions on Affective Computing 7(2), in the version that
/// openSMILE calls eGeMAPSv02. Where paper and openSMILE differ, the numbers are openSMILE's, since those are
/// what published results have: each such place says so where it is computed. What a parameter has in common
/// with openSMILE's is measured in the tests' `parity.csv`.
///
/// Contours are computed from frames of 20 ms (`AuditorySpectrum`, `SpectralBalance`, `Formants`) and
/// 60 ms (`SubharmonicSummation`, `PitchTrack`, `Harmonics`), every 10 ms; `Functionals` sums them up.
package struct EGeMAPS: Sendable {
  /// What samples are multiplied with: full scale is 32767 where it is 32768 in a file of 16 bits.
  private static let scale: Float = 32768 / 32767
  /// Samples beyond this are cut off, so that no input overflows.
  private static let loudest: Float = 1000
  /// The root mean square of a windowed frame up to which it has no pitch.
  private static let silence = 0.001

  private let short: FrameGrid
  private let long: FrameGrid
  private let shortSpectra: PowerSpectra
  private let longSpectra: PowerSpectra
  private let shortWindow: Floats
  private let longWindow: Floats
  private let auditory: AuditorySpectrum
  private let balance: SpectralBalance
  private let summation: SubharmonicSummation
  private let formants: Formants
  private let harmonics: Harmonics

  /// Plans the extraction: what all recordings of a rate share is computed here, once.
  package init(rateHz: Int) {
    precondition((1000...1_000_000).contains(rateHz), "eGeMAPS of \(rateHz) samples a second")
    short = FrameGrid(seconds: 0.02, rateHz: rateHz)
    long = FrameGrid(seconds: 0.06, rateHz: rateHz)
    shortSpectra = PowerSpectra(size: short.fftSize)
    longSpectra = PowerSpectra(size: long.fftSize)
    shortWindow = Floats(Formants.hamming(short.length).map { Float($0) })
    // A Gaussian with a standard deviation of 0.4 of half the frame.
    let middle = Double(long.length - 1) / 2
    longWindow = Floats(
      (0..<long.length).map { Float(exp(-0.5 * pow((Double($0) - middle) / (0.4 * middle), 2))) })
    auditory = AuditorySpectrum(short)
    balance = SpectralBalance(short)
    summation = SubharmonicSummation(long)
    formants = Formants(short)
    harmonics = Harmonics(long)
  }

  /// The 88 parameters, in the order of `names`; finite whatever the samples are.
  ///
  /// What has no value, as the pitch of a recording without voice, is 0, and a recording of less than 60 ms
  /// is taken as one with silence after it.
  package func extract(_ samples: [Float]) -> [Float] {
    var signal = samples.map {
      $0.isFinite ? max(-Self.loudest, min(Self.loudest, $0 * Self.scale)) : 0
    }
    if signal.count < long.length {
      signal += [Float](repeating: 0, count: long.length - signal.count)
    }
    let parameters = Functionals.parameters(of: descriptors(signal))
    return parameters.map { $0.isFinite ? Float($0) : 0 }
  }

  /// The contours of a signal of at least 60 ms.
  private func descriptors(_ signal: [Float]) -> Descriptors {
    let floats = Floats(signal)
    let count = short.frames(samples: signal.count)
    let power = Floats(zeros: count * short.bins)
    shortSpectra.write(
      of: floats, window: shortWindow, hop: short.hop, count: count, into: power)
    let (loudness, cepstra) = auditory.contours(power, count: count)
    var descriptors = Descriptors(
      loudness: loudness, cepstra: cepstra, balance: balance.contours(power.array, count: count))
    descriptors.meanSquare = meanSquare(signal, count: count)
    addVoice(to: &descriptors, signal: signal, floats: floats)
    return descriptors
  }

  /// Adds what depends on pitch.
  private func addVoice(to descriptors: inout Descriptors, signal: [Float], floats: Floats) {
    let count = long.frames(samples: signal.count)
    let power = Floats(zeros: count * long.bins)
    longSpectra.write(of: floats, window: longWindow, hop: long.hop, count: count, into: power)
    let powers = power.array
    let magnitudes = (0..<count).map { frame in
      powers[frame * long.bins..<(frame + 1) * long.bins].map { Double($0.squareRoot()) }
    }
    var f0Hz = PitchTrack.decode(magnitudes.map(summation.candidates))
    for frame in f0Hz.indices where rootMeanSquare(magnitudes[frame]) <= Self.silence {
      f0Hz[frame] = 0
    }
    descriptors.periods = Periods(signal.map { Double($0) }).contours(f0Hz: f0Hz, grid: long)
    descriptors.f0Hz = f0Hz
    descriptors.formants = [Formants.Frame](repeating: .init(), count: count)
    descriptors.harmonics = [Harmonics.Frame](repeating: .init(), count: count)
    let voiced = f0Hz.indices.filter { f0Hz[$0] > 0 }
    for (frame, found) in zip(voiced, formants.find(signal, frames: voiced)) {
      descriptors.formants[frame] = found
      descriptors.harmonics[frame] = harmonics.frame(
        magnitudes[frame], f0Hz: f0Hz[frame], formants: found)
    }
  }

  /// The root mean square of a windowed frame, of its spectrum.
  private func rootMeanSquare(_ magnitudes: [Double]) -> Double {
    var sum = 0.0
    for (bin, magnitude) in magnitudes.enumerated() {
      sum += magnitude * magnitude * (bin == 0 || bin == magnitudes.count - 1 ? 1 : 2)
    }
    return (sum / Double(long.fftSize) / Double(long.length)).squareRoot()
  }

  /// The mean over the 20 ms frames of their mean squares.
  private func meanSquare(_ signal: [Float], count: Int) -> Double {
    var sum = 0.0
    for frame in 0..<count {
      var square = 0.0
      for at in frame * short.hop..<frame * short.hop + short.length {
        square += Double(signal[at]) * Double(signal[at])
      }
      sum += square / Double(short.length)
    }
    return sum / Double(max(1, count))
  }
}
