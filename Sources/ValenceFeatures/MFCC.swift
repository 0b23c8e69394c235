import Foundation
import ValenceKernels

/// Mel-frequency cepstral coefficients: the orthonormal DCT-II of log-mel bands, with their deltas.
///
/// c[k] = s[k]·Σ m[b]·cos(πk(b + ½)/B) with s[0] = √(1/B) and s[k] = √(2/B). No liftering. Source:
/// librosa's `feature.mfcc(S=log_mel, dct_type=2, norm="ortho")`.
package struct MFCC: Sendable {
  /// The number of coefficients and orders of deltas.
  package let options: MFCCOptions

  /// The cosines, `[bands, coefficients]`.
  private let transform: Floats
  private let bands: Int

  /// Plans the transform of `bands` log-mel bands; there are no more coefficients than bands.
  package init(_ options: MFCCOptions, bands: Int) {
    precondition(
      options.coefficients <= bands, "\(options.coefficients) coefficients of \(bands) bands")
    self.options = options
    self.bands = bands
    transform = Floats(
      (0..<bands).flatMap { band in
        (0..<options.coefficients).map { k in
          let scale = ((k == 0 ? 1 : 2) / Double(bands)).squareRoot()
          return Float(scale * cos(.pi * Double(k) * (Double(band) + 0.5) / Double(bands)))
        }
      })
  }

  /// The coefficients of log-mel bands `[T, bands]`: `[T, coefficients · (1 + deltas)]`.
  func extract(_ logMel: Floats, frames: Int) -> FeatureMatrix {
    let cepstra = Rows(zeros: frames, width: options.coefficients)
    GEMM.multiply(
      Rows(logMel, count: frames, width: bands), Rows(transform, width: options.coefficients),
      into: cepstra)
    let matrix = FeatureMatrix(
      frames: frames, bins: options.coefficients, values: cepstra.floats.array)
    return options.deltas == 0 ? matrix : Delta.append(orders: options.deltas, to: matrix)
  }
}
