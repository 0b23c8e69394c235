import Foundation
package import ValenceKernels

/// Triangular filters that overlap by half, evenly spaced on the mel scale, each of unit area.
///
/// Band b rises from edge b to edge b + 1 and falls to edge b + 2 of `bands + 2` edges, and is
/// scaled by 2 / (its width in Hz). Source: Slaney (1998), Auditory Toolbox; equals librosa's
/// `filters.mel(htk=False, norm="slaney")`.
package struct MelBank: Sendable {
  package var bands: Int { matrix.rows }
  /// The number of frequencies of the power spectra that it weighs.
  package var bins: Int { matrix.columns }

  private let matrix: BandMatrix

  /// Places the bands.
  ///
  /// - Throws: `FeatureError.emptyBand` if a triangle covers no frequency of the FFT: its feature
  ///   would be a constant.
  package init(_ options: MelOptions, rateHz: Int, fftSize: Int) throws(FeatureError) {
    try self.init(
      edgesHz: Self.edgesHz(options), ofUnitArea: true, rateHz: rateHz, fftSize: fftSize)
  }

  /// Places the bands of some edges, two more than bands.
  ///
  /// - Parameter ofUnitArea: whether triangles have an area of 1, or else a height of 1.
  /// - Throws: as above.
  init(
    edgesHz edges: [Double], ofUnitArea: Bool, rateHz: Int, fftSize: Int
  ) throws(FeatureError) {
    var rows: [BandMatrix.Row] = []
    let bands = edges.count - 2
    for band in 0..<bands {
      let triangle = edges[band...(band + 2)]
      guard
        let row = Self.triangle(triangle, ofUnitArea: ofUnitArea, rateHz: rateHz, fftSize: fftSize)
      else {
        throw .emptyBand(
          band: band + 1, bands: bands, lowHz: edges[band], highHz: edges[band + 2],
          fftSize: fftSize)
      }
      rows.append(row)
    }
    matrix = BandMatrix(rows: rows, columns: fftSize / 2 + 1)
  }

  /// Weighs `count` power spectra `[count, bins]` and writes the powers of the bands, `[count, bands]`.
  package func weigh(_ power: Floats, count: Int, into bands: Floats) {
    matrix.multiply(power, count: count, into: bands)
  }

  /// The `bands + 2` edges of the triangles in Hz, evenly spaced in mel.
  static func edgesHz(_ options: MelOptions) -> [Double] {
    let low = MelScale.mel(fromHz: options.lowHz)
    let step = (MelScale.mel(fromHz: options.highHz) - low) / Double(options.bands + 1)
    return (0..<options.bands + 2).map { MelScale.hz(fromMel: low + step * Double($0)) }
  }

  /// The weights of a triangle; nil where all are zero.
  private static func triangle(
    _ edges: ArraySlice<Double>, ofUnitArea: Bool, rateHz: Int, fftSize: Int
  ) -> BandMatrix.Row? {
    let (low, center, high) = (
      edges[edges.startIndex], edges[edges.startIndex + 1], edges[edges.startIndex + 2]
    )
    let binHz = Double(rateHz) / Double(fftSize)
    let first = max(0, Int((low / binHz).rounded(.down)))
    let last = min(fftSize / 2, Int((high / binHz).rounded(.up)))
    if first > last { return nil }
    let weights = (first...last).map { bin in
      let hz = Double(bin) * binHz
      let slope = min((hz - low) / (center - low), (high - hz) / (high - center))
      return Float(max(0, slope) * (ofUnitArea ? 2 / (high - low) : 1))
    }
    guard let start = weights.firstIndex(where: { $0 > 0 }),
      let end = weights.lastIndex(where: { $0 > 0 })
    else { return nil }
    return BandMatrix.Row(first: first + start, weights: Array(weights[start...end]))
  }
}

/// The mel scale of Slaney (1998): linear below 1000 Hz, logarithmic above.
package enum MelScale {
  private static let linearHz = 200.0 / 3
  private static let breakHz = 1000.0
  private static let breakMel = 15.0
  private static let logStep = log(6.4) / 27

  /// A frequency on the mel scale; 15 mel are 1000 Hz.
  package static func mel(fromHz hz: Double) -> Double {
    hz < breakHz ? hz / linearHz : breakMel + log(hz / breakHz) / logStep
  }

  /// A point of the mel scale as a frequency.
  package static func hz(fromMel mel: Double) -> Double {
    mel < breakMel ? mel * linearHz : breakHz * exp(logStep * (mel - breakMel))
  }
}
