import Foundation

/// The contours of a recording, of which the parameters are functionals.
struct Descriptors: Sendable {
  /// Of 20 ms frames.
  var loudness: [Double]
  var cepstra: [[Double]]
  var balance: SpectralBalance.Contours
  /// The mean square of the signal.
  var meanSquare = 0.0
  /// Of 60 ms frames, which are fewer; what is 0 in unvoiced ones is so here.
  var f0Hz: [Double] = []
  var periods = Periods.Contours(jitter: [], shimmer: [])
  var formants: [Formants.Frame] = []
  var harmonics: [Harmonics.Frame] = []

  init(loudness: [Double], cepstra: [[Double]], balance: SpectralBalance.Contours) {
    (self.loudness, self.cepstra, self.balance) = (loudness, cepstra, balance)
  }
}

/// The parameters of the contours.
///
/// Contours are smoothed over three frames first. Those of voiced or unvoiced frames count where they
/// are not 0, and without their last frame, whose smoothing would need another, as in openSMILE.
enum Functionals {
  /// F0 of 0 semitones, and the least number of semitones that a voiced frame has.
  private static let referenceHz = 27.5
  private static let leastSemitones = 1.0
  /// The mean square that a lower one is raised to.
  private static let floorPower = 1e-12

  /// The 88 parameters, in the order of `EGeMAPS.names`.
  static func parameters(of contours: Descriptors) -> [Double] {
    let semitones = contours.f0Hz.map {
      $0 > 0 ? max(leastSemitones, 12 * log2($0 / referenceHz)) : 0
    }
    let pitch = [Double](Contour.smoothedWithoutZeros(semitones).dropLast())
    let loudness = Contour.smoothed(contours.loudness)
    let loud = ContourPeaks(loudness)
    let sounding = pitch.filter { $0 != 0 }
    var parameters = Contour.moments(sounding) + Contour.percentiles(sounding)
    parameters += ContourPeaks(sounding).slopes
    parameters += Contour.moments(loudness) + Contour.percentiles(loudness) + loud.slopes
    for contour in [contours.balance.flux] + contours.cepstra {
      parameters += Contour.moments(Contour.smoothed(contour))
    }
    parameters += voice(contours)
    parameters += spectra(contours)
    parameters.append(Double(loud.count) / (Double(loudness.count) * FrameGrid.hopS))
    parameters += stretches(pitch)
    parameters.append(10 * log10(max(floorPower, contours.meanSquare)))
    return parameters
  }

  /// Jitter, shimmer, harmonics and formants.
  private static func voice(_ contours: Descriptors) -> [Double] {
    var found = [contours.periods.jitter, contours.periods.shimmer]
    found.append(contours.harmonics.map(\.noiseRatio))
    for index in 0..<2 { found.append(contours.harmonics.map { $0.differences[index] }) }
    for formant in 0..<3 {
      found.append(contours.formants.map { $0.frequencies[formant] })
      found.append(contours.formants.map { $0.bandwidths[formant] })
      found.append(contours.harmonics.map { $0.formantLevels[formant] })
    }
    return found.flatMap { Contour.moments(counted($0)) }
  }

  /// Balance and cepstra of voiced frames, then the means of the balance of the others.
  private static func spectra(_ contours: Descriptors) -> [Double] {
    let balance = contours.balance
    let spectral = [
      balance.alphaRatio, balance.hammarbergIndex, balance.slopeTo500, balance.slopeTo1500,
      balance.flux,
    ]
    let isVoiced = contours.f0Hz.map { $0 > 0 }
    let voiced = (spectral + contours.cepstra).flatMap { contour in
      Contour.moments(counted(zip(contour, isVoiced).map { $1 ? $0 : 0 }))
    }
    return voiced
      + spectral.map { contour in
        Contour.moments(counted(zip(contour, isVoiced).map { $1 ? 0 : $0 }))[0]
      }
  }

  /// The voiced stretches a second, then the mean length of voiced and of unvoiced ones, with deviations.
  private static func stretches(_ pitch: [Double]) -> [Double] {
    let voiced = Contour.stretches(pitch.map { $0 != 0 })
    let unvoiced = Contour.stretches(pitch.map { $0 == 0 })
    let seconds = Double(pitch.count) * FrameGrid.hopS
    return [seconds > 0 ? Double(voiced.count) / seconds : 0]
      + [voiced, unvoiced].flatMap { lengths in
        // A stretch lasts from its first frame to its last.
        let (mean, deviation) = Contour.meanAndDeviation(
          lengths.map { Double($0 - 1) * FrameGrid.hopS })
        return [mean, deviation]
      }
  }

  private static func counted(_ contour: [Double]) -> [Double] {
    Contour.smoothedWithoutZeros(contour).dropLast().filter { $0 != 0 }
  }
}
