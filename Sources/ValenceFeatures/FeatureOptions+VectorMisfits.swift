import ValenceCore

extension FeatureOptions {
  /// Contradictions of spectral descriptors.
  func spectralMisfits(rateHz: Int) -> [Misfit<Field>] {
    let bins = SpectralDescriptors.bins
    if fusion == .stack, !bins.isMultiple(of: mel.bands) {
      return [
        Misfit(
          .fusion,
          """
          'stack' lays features over each other, but spectral descriptors have \(bins) bins a frame and \
          \(field: .melBands) is \(mel.bands); fuse by concat or branches, or set \(field: .spectral) \
          to false.
          """)
      ]
    }
    return windowMisfits(bands: 26, of: .spectral, rateHz: rateHz) { bands, rateHz, fftSize in
      _ = try MelBank.ofHTK(bands: bands, rateHz: rateHz, fftSize: fftSize)
    }
  }

  /// Contradictions between functionals and the framing.
  func functionalsMisfits(rateHz: Int) -> [Misfit<Field>] {
    let options = functionals ?? .init()
    var found: [Misfit<Field>] = []
    if options.of.contains(.mfcc) {
      found += windowMisfits(
        bands: Functionals.cepstralBands, of: .functionals, rateHz: rateHz
      ) { _, rateHz, fftSize in
        let mel = Functionals.cepstralMel(rateHz: rateHz)
        _ = try MelBank(mel, rateHz: rateHz, fftSize: fftSize)
      }
    }
    if options.of.contains(.mel) {
      found += windowMisfits(
        bands: options.melBands, of: .functionalsMelBands, rateHz: rateHz
      ) { bands, rateHz, fftSize in
        _ = try MelBank.ofHTK(bands: bands, rateHz: rateHz, fftSize: fftSize)
      }
    }
    if options.of.contains(.spectral) {
      found += windowMisfits(
        bands: 26, of: .functionals, rateHz: rateHz
      ) { bands, rateHz, fftSize in
        _ = try MelBank.ofHTK(bands: bands, rateHz: rateHz, fftSize: fftSize)
      }
    }
    return Array(found.prefix(1))
  }

  /// A misfit where `make` cannot place mel bands for the windows.
  private func windowMisfits(
    bands: Int, of field: Field, rateHz: Int,
    _ make: (_ bands: Int, _ rateHz: Int, _ fftSize: Int) throws -> Void
  ) -> [Misfit<Field>] {
    let fftSize = Framer(framing, rateHz: rateHz).fftSize
    do {
      try make(bands, rateHz, fftSize)
      return []
    } catch {
      return [
        Misfit(
          field,
          """
          of the \(bands) mel bands some are so narrow that they cover no frequency of the FFT of \
          \(fftSize) points at \(rateHz) Hz; use a longer window (\(field: .windowMs) is \
          \(text(framing.windowMs))).
          """)
      ]
    }
  }
}
