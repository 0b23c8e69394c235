import Foundation
import ValenceEGeMAPS
import ValenceKernels

/// One vector for a whole clip: statistics of the contours of its features (`ContourStatistics`) and its timing
/// (`TimingStatistics`).
///
/// The contours are of frames of its own, with the framing of the others: MFCC of 64 mel bands between 50 and
/// 8000 Hz, mel bands of HTK between 20 and 8000 Hz (`MelBank.ofHTK`), prosody and spectral descriptors. So the
/// vector does not depend on how many bins a network beside it sees. All but F0 are smoothed over three
/// frames, the edge values repeated. eGeMAPS has frames and contours of its own (`EGeMAPS`).
struct Functionals: Sendable {
  static let cepstralBands = 64

  private let options: FunctionalsOptions
  private let framer: Framer
  private let prosody: Prosody
  private let analysis: CenteredSpectra.Analysis
  private let levels: SoundLevels
  private let cepstra: (mel: LogMel, mfcc: MFCC)?
  private let bank: MelBank?
  private let spectral: SpectralDescriptors?
  private let egemaps: EGeMAPS?
  private let modulation: ModulationSpectrum

  /// Plans the extraction.
  ///
  /// - Throws: `FeatureError.emptyBand` for windows too short for the bands.
  init(
    _ options: FunctionalsOptions, prosody: ProsodyOptions, framing: FramingOptions, rateHz: Int
  ) throws(FeatureError) {
    self.options = options
    framer = Framer(framing, rateHz: rateHz)
    self.prosody = Prosody(prosody, framing: framing, rateHz: rateHz)
    analysis = CenteredSpectra.Analysis(framer)
    levels = SoundLevels(framer)
    modulation = ModulationSpectrum(hopS: Double(framer.hopSamples) / Double(rateHz))
    if options.of.contains(.mfcc) {
      let mel = Self.cepstralMel(rateHz: rateHz)
      var mfcc = MFCCOptions()
      mfcc.coefficients = options.mfccCoefficients
      cepstra = (
        try LogMel(mel, rateHz: rateHz, fftSize: framer.fftSize), MFCC(mfcc, bands: mel.bands)
      )
    } else {
      cepstra = nil
    }
    bank =
      options.of.contains(.mel)
      ? try .ofHTK(bands: options.melBands, rateHz: rateHz, fftSize: framer.fftSize) : nil
    spectral = options.of.contains(.spectral) ? try SpectralDescriptors(analysis) : nil
    egemaps = options.of.contains(.egemaps) ? EGeMAPS(rateHz: rateHz) : nil
  }

  /// The mel bands that MFCC are made of.
  static func cepstralMel(rateHz: Int) -> MelOptions {
    var mel = MelOptions()
    (mel.bands, mel.lowHz, mel.highHz) = (cepstralBands, 50, min(8000, Double(rateHz) / 2))
    return mel
  }

  /// The vector of a clip, as its only frame.
  func extract(_ clip: inout ClipAnalysis) -> FeatureMatrix {
    var vector: [Float] = []
    vector.reserveCapacity(options.bins)
    if !options.isOfOwnFrames { appendContours(&clip, to: &vector) }
    if let egemaps { vector += egemaps.extract(clip.samples) }
    return FeatureMatrix(frames: 1, bins: vector.count, values: vector)
  }

  /// Appends the statistics of contours and timing.
  private func appendContours(_ clip: inout ClipAnalysis, to vector: inout [Float]) {
    let prosody = prosody.extract(clip.samples)
    let spectra = analysis(clip.samples)
    let voiced = Self.column(1, of: prosody).map { $0 > 0.5 }
    let (pitch, energy) = (Self.column(0, of: prosody), Self.smooth(Self.column(3, of: prosody)))
    var contours: [Double] = []
    for source in options.of {
      switch source {
      case .mfcc:
        guard let (mel, mfcc) = cepstra else { continue }
        let levels = mel.levels(clip.power, frames: clip.frames)
        Self.append(mfcc.extract(levels, frames: clip.frames), to: &contours)
      case .mel:
        guard let bank else { continue }
        Self.append(melLevels(spectra, bank), to: &contours)
      case .prosody: contours += pitch + energy + Self.smooth(Self.column(2, of: prosody))
      case .spectral:
        guard let spectral else { continue }
        Self.append(spectral.extract(spectra), to: &contours)
      case .timing, .egemaps: continue
      }
    }
    let hopS = Double(framer.hopSamples) / Double(framer.rateHz)
    append(contours, voiced: voiced, hopS: hopS, to: &vector)
    if options.of.contains(.timing) {
      let peaks = levels.peaks(spectra).map { Double($0) }
      TimingStatistics(voiced: voiced, pitch: pitch, energy: energy, peaks: peaks, hopS: hopS)
        .append(durationS: Double(clip.samples.count) / Double(framer.rateHz), to: &vector)
    }
  }

  /// Appends the statistics of contours that lie one after another.
  private func append(
    _ contours: [Double], voiced: [Bool], hopS: Double, to vector: inout [Float]
  ) {
    let frames = voiced.count
    var statistics = ContourStatistics(options.statistics, voiced: voiced, hopS: hopS)
    let bands = options.statistics.contains(.modulation) ? ModulationSpectrum.bands : 0
    let levels = bands == 0 ? [] : modulation.levels(contours, frames: frames)
    for contour in 0..<contours.count / frames {
      statistics.append(
        contours[contour * frames..<(contour + 1) * frames],
        modulation: levels[contour * bands..<(contour + 1) * bands], to: &vector)
    }
  }

  private func melLevels(_ spectra: CenteredSpectra, _ bank: MelBank) -> FeatureMatrix {
    let bands = Floats(zeros: spectra.frames * bank.bands)
    bank.weigh(spectra.power, count: spectra.frames, into: bands)
    Decibels.replace(bands, floor: LogMel.floorPower)
    return FeatureMatrix(frames: spectra.frames, bins: bank.bands, values: bands.array)
  }

  // MARK: - Contours

  /// One bin of all frames.
  private static func column(_ bin: Int, of matrix: FeatureMatrix) -> [Double] {
    (0..<matrix.frames).map { Double(matrix.values[$0 * matrix.bins + bin]) }
  }

  /// Appends all bins of a matrix, one after another, smoothed.
  private static func append(_ matrix: FeatureMatrix, to contours: inout [Double]) {
    contours.reserveCapacity(contours.count + matrix.values.count)
    let values = matrix.values.span
    let last = matrix.frames - 1
    for bin in 0..<matrix.bins {
      func value(_ frame: Int) -> Double { Double(values[frame * matrix.bins + bin]) }
      for t in 0...last {
        contours.append((value(max(0, t - 1)) + value(t) + value(min(last, t + 1))) / 3)
      }
    }
  }

  /// The mean of each frame and its neighbors; the first and last one are their own.
  private static func smooth(_ contour: [Double]) -> [Double] {
    contour.indices.map { t in
      (contour[max(0, t - 1)] + contour[t] + contour[min(contour.count - 1, t + 1)]) / 3
    }
  }
}
