import Foundation
package import ValenceCore
package import ValenceEncoders

/// Why features cannot be extracted.
package enum FeatureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A mel triangle falls between two frequencies of the FFT: band number, from 1, and its edges.
  case emptyBand(band: Int, bands: Int, lowHz: Double, highHz: Double, fftSize: Int)
  /// Options that contradict each other: the first contradiction.
  case options(Misfit<FeatureOptions.Field>)
  /// A clip is shorter than one window.
  case tooShort(samples: Int, windowSamples: Int, rateHz: Int)
  /// The encoder refuses a clip, for this reason.
  case notEncoded(String)
  /// The encoder's weights cannot be read; no fault of the clip.
  case encoder(EncoderError)

  package var description: String {
    switch self {
    case .emptyBand(let band, let bands, let lowHz, let highHz, let fftSize):
      return String(
        format: "mel band %d of %d (%.1f to %.1f Hz) covers no frequency of an FFT of %d points; "
          + "use fewer bands or a longer window.", band, bands, lowHz, highHz, fftSize)
    case .options(let misfit): return misfit.description
    case .tooShort(let samples, let windowSamples, let rateHz):
      return
        "the clip is too short: \(samples) samples at \(rateHz) Hz are less than one window of "
        + "\(windowSamples); leave it out or use a shorter window."
    case .notEncoded(let reason): return reason
    case .encoder(let error): return error.description
    }
  }
}
