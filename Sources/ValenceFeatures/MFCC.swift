import Foundation
import ValenceKernels

/// Mel-frequency cepstral coefficients: the orthonormal DCT-II of log-mel bands, with their deltas.
///
/// c[k] = s[k]·Σ m[b]·cos(πk(b + ½)/B) with s[0] = √(1/B) and s[k] = √(2/B). No liftering. Source:
/// librosa's `feature.mfcc(S=log_mel, dct_type=2, norm="ortho")`.
public struct MFCC: Sendable {
  /// The number of coefficients and orders of deltas.
  public let options: MFCCOptions

  private let transform: BandMatrix

  /// Plans the transform of `bands` log-mel bands; there are no more coefficients than bands.
  public init(_ options: MFCCOptions, bands: Int) {
    precondition(
      options.coefficients <= bands, "\(options.coefficients) coefficients of \(bands) bands")
    self.options = options
    let rows = (0..<options.coefficients).map { k in
      let scale = ((k == 0 ? 1 : 2) / Double(bands)).squareRoot()
      return BandMatrix.Row(
        first: 0,
        weights: (0..<bands).map { band in
          Float(scale * cos(.pi * Double(k) * (Double(band) + 0.5) / Double(bands)))
        })
    }
    transform = BandMatrix(rows: rows, columns: bands)
  }

  /// The coefficients of log-mel bands `[T, bands]`: `[T, coefficients · (1 + deltas)]`.
  public func extract(_ logMel: FeatureMatrix) -> FeatureMatrix {
    precondition(
      logMel.bins == transform.columns, "\(logMel.bins) bands for \(transform.columns)")
    return extract(Floats(logMel.values), frames: logMel.frames)
  }

  func extract(_ logMel: Floats, frames: Int) -> FeatureMatrix {
    let cepstra = Floats(zeros: frames * options.coefficients)
    transform.multiply(logMel, count: frames, into: cepstra)
    let matrix = FeatureMatrix(
      frames: frames, bins: options.coefficients, values: cepstra.array)
    return options.deltas == 0 ? matrix : Delta.append(orders: options.deltas, to: matrix)
  }
}
