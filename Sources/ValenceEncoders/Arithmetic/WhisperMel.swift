import Foundation
import ValenceKernels

/// Whisper's log-mel spectrogram (Radford et al., 2023): Hann windows of 25 ms every 10 ms, centered on
/// their samples by mirroring the clip's ends; Slaney's filters from 0 to 8000 Hz; log₁₀, cut off 8 below
/// the clip's peak, then moved by 4 and divided by 4.
struct WhisperMel: Sendable {
  /// Samples of a window.
  static let window = 400
  /// Samples from window to window.
  static let hop = 160

  let bands: Int
  /// In double precision: a band 80 dB below the peak still counts, and the error that single precision
  /// makes there grows to 1.8e-5 of the largest value by the third layer of Whisper base.
  private let spectra = PrecisePowerSpectra(
    window: (0..<window).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window)) })
  private let filters: BandMatrix

  init(bands: Int) {
    self.bands = bands
    filters = Self.filters(bands)
  }

  /// How many windows a clip has.
  static func frames(samples: Int) -> Int { samples / hop }

  /// Writes the windows of a clip, `[frames, bands]`, whose rows adjoin.
  func write(_ samples: [Float], into out: Rows, workers: Workers, pool: FloatPool) {
    let signal = Floats(Self.mirrored(samples))
    let parts = (out.count + 63) / 64
    let all = out.floats
    workers.forEach(parts: parts) { part in
      let range = Part(part, of: parts).range(of: out.count)
      let target = out[range].floats
      pool.lend(range.count * spectra.bins) { power in
        spectra.write(
          of: signal.dropFirst(range.lowerBound * Self.hop), hop: Self.hop, count: range.count,
          into: power)
        filters.multiply(power, count: range.count, into: target)
      }
      Decibels.replace(target, floor: 1e-10)
    }
    let values = all.array
    let floor = (values.max() ?? 0) / 10 - 8
    all.copy(values.map { (max($0 / 10, floor) + 4) / 4 })
  }

  /// The clip with half a window before and behind, mirrored at its first and last sample.
  private static func mirrored(_ samples: [Float]) -> [Float] {
    let half = window / 2
    let end = samples.count - 1
    return samples[1...half].reversed() + samples + samples[end - half..<end].reversed()
  }

  /// Triangles evenly spaced on Slaney's mel scale (1998), each of unit area; as librosa's.
  private static func filters(_ bands: Int) -> BandMatrix {
    func mel(_ hz: Double) -> Double {
      hz < 1000 ? 3 * hz / 200 : 15 + log(hz / 1000) * 27 / log(6.4)
    }
    func hz(_ mel: Double) -> Double {
      mel < 15 ? 200 * mel / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    }
    let half = Double(EncoderShape.rateHz) / 2
    let edges = (0..<bands + 2).map { hz(mel(half) * Double($0) / Double(bands + 1)) }
    let bins = window / 2 + 1
    return BandMatrix(
      rows: (0..<bands).map { band in
        let (low, center, high) = (edges[band], edges[band + 1], edges[band + 2])
        let weights = (0..<bins).map { bin in
          let frequency = half * Double(bin) / Double(bins - 1)
          let slope = min((frequency - low) / (center - low), (high - frequency) / (high - center))
          return Float(max(0, slope) * 2 / (high - low))
        }
        let first = weights.firstIndex { $0 > 0 } ?? 0
        let last = weights.lastIndex { $0 > 0 } ?? first
        return BandMatrix.Row(first: first, weights: Array(weights[first...last]))
      }, columns: bins)
  }
}
