import Foundation
package import ValenceCore

extension FeatureOptions {
  /// A field that options of features may contradict each other in.
  package enum Field: Hashable, Sendable, CaseIterable {
    case windowMs, hopMs
    case melBands, melLowHz, melHighHz
    case mfccCoefficients
    case prosody, prosodyLowHz, prosodyHighHz
    case spectral
    case functionals, functionalsMelBands
    case encoder, encoderLayer, encoderPadS
    case fusion
    /// The sampling rate, which belongs to the audio.
    case rateHz
  }

  /// Contradictions between these options at a sampling rate.
  ///
  /// Runs on each variant's settings before any audio is decoded (`SettingsCheck`), and again in
  /// `FeatureExtractor.init`. Each value is within its range, which the reader of the file has checked;
  /// options of features that the fusion does not use are not looked at.
  package func misfits(rateHz: Int) -> [Misfit<Field>] {
    let sections = sections
    return framing.misfits()
      + (sections.contains(.mel) ? mel.misfits(framing, rateHz: rateHz) : [])
      + (sections.contains(.mfcc) ? cepstralMisfits() : [])
      + (sections.contains(.prosody) ? prosodyMisfits(rateHz: rateHz) : [])
      + (sections.contains(.spectral) ? spectralMisfits(rateHz: rateHz) : [])
      + (sections.contains(.functionals) ? functionalsMisfits(rateHz: rateHz) : [])
      + (sections.contains(.encoder) ? encoderMisfits(rateHz: rateHz) : [])
  }

  private func cepstralMisfits() -> [Misfit<Field>] {
    let (coefficients, bands) = (mfcc.coefficients, mel.bands)
    if coefficients > bands {
      return [
        Misfit(
          .mfccCoefficients,
          """
          \(coefficients) coefficients cannot come from \(bands) mel bands (\(field: .melBands)); use at \
          most \(bands).
          """)
      ]
    }
    if fusion == .stack, coefficients != bands {
      return [
        Misfit(
          .fusion,
          """
          'stack' lays features over each other, which needs as many coefficients \
          (\(field: .mfccCoefficients) is \(coefficients)) as bands (\(field: .melBands) is \(bands)); \
          set both to \(bands) or fuse by concat or branches.
          """)
      ]
    }
    return []
  }

  private func prosodyMisfits(rateHz: Int) -> [Misfit<Field>] {
    let bins = bins(of: .prosody)
    // For functionals alone there is no image to lay it over.
    if fusion == .stack, kinds.contains(.prosody), !bins.isMultiple(of: mel.bands) {
      return [
        Misfit(
          .fusion,
          """
          'stack' lays features over each other, but prosody has \(bins) bins a frame and \
          \(field: .melBands) is \(mel.bands); fuse by concat or branches, or set \(field: .prosody) \
          to false.
          """)
      ]
    }
    return (prosody ?? .init()).misfits(rateHz: rateHz)
  }
}

extension ProsodyOptions {
  fileprivate func misfits(rateHz: Int) -> [Misfit<FeatureOptions.Field>] {
    if lowHz * 2 > highHz {
      return [
        Misfit(
          .prosodyLowHz,
          """
          \(text(lowHz)) Hz leaves less than an octave up to the highest F0 (\(field: .prosodyHighHz) \
          is \(text(highHz))); use at most \(text(highHz / 2)).
          """)
      ]
    }
    // Four samples a period are the fewest whose trough a parabola can place.
    let highest = Double(rateHz) / 4
    if highHz <= highest { return [] }
    return [
      Misfit(
        .prosodyHighHz,
        """
        \(text(highHz)) Hz is above \(text(highest)) Hz, a quarter of \(field: .rateHz); set it to \
        \(text(highest)) or less.
        """)
    ]
  }
}

extension FramingOptions {
  fileprivate func misfits() -> [Misfit<FeatureOptions.Field>] {
    if hopMs <= windowMs { return [] }
    return [
      Misfit(
        .hopMs,
        """
        frames \(text(hopMs)) ms apart skip samples between windows of \(text(windowMs)) ms \
        (\(field: .windowMs)); use at most \(text(windowMs)).
        """)
    ]
  }
}

extension MelOptions {
  fileprivate func misfits(
    _ framing: FramingOptions, rateHz: Int
  ) -> [Misfit<FeatureOptions.Field>] {
    let highest = Double(rateHz) / 2
    if !(lowHz < highHz) {
      return [
        Misfit(
          .melLowHz,
          """
          the lowest edge, \(text(lowHz)) Hz, must be below the highest (\(field: .melHighHz) is \
          \(text(highHz))).
          """)
      ]
    }
    if highHz > highest {
      return [
        Misfit(
          .melHighHz,
          """
          \(text(highHz)) Hz\(highHz == MelOptions().highHz ? " (the default)" : "") is above \
          \(text(highest)) Hz, half of \(field: .rateHz); set it to \(text(highest)) or less.
          """)
      ]
    }
    return emptyBandMisfits(framing, rateHz: rateHz)
  }

  private func emptyBandMisfits(
    _ framing: FramingOptions, rateHz: Int
  ) -> [Misfit<FeatureOptions.Field>] {
    let fftSize = Framer(framing, rateHz: rateHz).fftSize
    func fits(_ bands: Int) -> Bool {
      var options = self
      options.bands = bands
      do {
        _ = try MelBank(options, rateHz: rateHz, fftSize: fftSize)
      } catch .emptyBand {
        return false
      } catch {
        // No misfit of this kind, so that the sentence below is not said of it.
      }
      return true
    }
    if fits(bands) { return [] }
    let fewest = Self.bandsRange.lowerBound
    let fitting = (fewest..<max(bands, fewest)).last(where: fits)
    let advice = fitting.map { "use at most \($0) bands or" } ?? "use"
    return [
      Misfit(
        .melBands,
        """
        of \(bands) bands between \(text(lowHz)) and \(text(highHz)) Hz some are so narrow that they \
        cover no frequency of the FFT of \(fftSize) points at \(rateHz) Hz; \(advice) a longer window \
        (\(field: .windowMs) is \(text(framing.windowMs))).
        """)
    ]
  }
}

/// A number without superfluous digits: 25, 12.5.
func text(_ value: Double) -> String { String(format: "%g", value) }
