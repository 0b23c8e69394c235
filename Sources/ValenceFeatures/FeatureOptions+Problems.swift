import Foundation
package import ValenceCore

extension FeatureOptions {
  /// What contradicts itself in these options at a sampling rate, each with its key.
  ///
  /// Needs no audio: a plan is checked by it before anything is decoded. Options of features that the
  /// fusion does not use are not looked at.
  package func problems(rateHz: Int) -> [Problem] {
    let outside = rangeProblems()
    if !outside.isEmpty { return outside }
    let sections = sections
    return framing.problems()
      + (sections.contains(.mel) ? mel.problems(framing, rateHz: rateHz) : [])
      + (sections.contains(.mfcc) ? cepstralProblems() : [])
      + (sections.contains(.prosody) ? prosodyProblems(rateHz: rateHz) : [])
  }

  /// Values outside of their ranges, for which the other checks make no sense.
  private func rangeProblems() -> [Problem] {
    func number(
      _ key: String, _ value: Double, _ range: ClosedRange<Double>
    ) -> Problem? {
      if range.contains(value) { return nil }
      let bounds = "\(text(range.lowerBound)) to \(text(range.upperBound))"
      return Problem("\(text(value)) is outside \(bounds).", key: key)
    }
    func count(_ key: String, _ value: Int, _ range: ClosedRange<Int>) -> Problem? {
      number(key, Double(value), Double(range.lowerBound)...Double(range.upperBound))
    }
    return [
      number("features.window_ms", framing.windowMs, FramingOptions.windowMsRange),
      number("features.hop_ms", framing.hopMs, FramingOptions.hopMsRange),
      count("features.mel.bands", mel.bands, MelOptions.bandsRange),
      count(
        "features.mfcc.coefficients", mfcc.coefficients, MFCCOptions.coefficientsRange),
      count("features.mfcc.deltas", mfcc.deltas, MFCCOptions.deltasRange),
      prosody.flatMap {
        number("features.prosody.low_hz", $0.lowHz, ProsodyOptions.lowHzRange)
      },
      prosody.flatMap {
        number("features.prosody.high_hz", $0.highHz, ProsodyOptions.highHzRange)
      },
    ].compactMap(\.self)
  }

  private func cepstralProblems() -> [Problem] {
    let (coefficients, bands) = (mfcc.coefficients, mel.bands)
    if coefficients > bands {
      return [
        Problem(
          "\(coefficients) coefficients cannot come from \(bands) mel bands (features.mel.bands); "
            + "use at most \(bands).", key: "features.mfcc.coefficients")
      ]
    }
    if fusion == .stack, coefficients != bands {
      return [
        Problem(
          "'stack' lays features over each other, which needs as many coefficients "
            + "(features.mfcc.coefficients is \(coefficients)) as bands (features.mel.bands is "
            + "\(bands)); set both to \(bands) or fuse by concat or branches.",
          key: "features.fusion")
      ]
    }
    return []
  }
}

extension FeatureOptions {
  private func prosodyProblems(rateHz: Int) -> [Problem] {
    let bins = bins(of: .prosody)
    if fusion == .stack, !bins.isMultiple(of: mel.bands) {
      return [
        Problem(
          "'stack' lays features over each other, but prosody has \(bins) bins a frame and "
            + "features.mel.bands is \(mel.bands); fuse by concat or branches, or set "
            + "features.prosody to false.", key: "features.fusion")
      ]
    }
    return (prosody ?? .init()).problems(rateHz: rateHz)
  }
}

extension ProsodyOptions {
  fileprivate func problems(rateHz: Int) -> [Problem] {
    if lowHz * 2 > highHz {
      return [
        Problem(
          "\(text(lowHz)) Hz leaves less than an octave up to the highest F0 "
            + "(features.prosody.high_hz is \(text(highHz))); use at most \(text(highHz / 2)).",
          key: "features.prosody.low_hz")
      ]
    }
    // Four samples a period are the fewest whose trough a parabola can place.
    let highest = Double(rateHz) / 4
    if highHz <= highest { return [] }
    return [
      Problem(
        "\(text(highHz)) Hz is above \(text(highest)) Hz, a quarter of audio.rate_hz; set it to "
          + "\(text(highest)) or less.", key: "features.prosody.high_hz")
    ]
  }
}

extension FramingOptions {
  fileprivate func problems() -> [Problem] {
    if hopMs <= windowMs { return [] }
    return [
      Problem(
        "frames \(text(hopMs)) ms apart skip samples between windows of \(text(windowMs)) ms "
          + "(features.window_ms); use at most \(text(windowMs)).", key: "features.hop_ms")
    ]
  }
}

extension MelOptions {
  fileprivate func problems(_ framing: FramingOptions, rateHz: Int) -> [Problem] {
    let highest = Double(rateHz) / 2
    if !(lowHz >= 0) || !(lowHz < highHz) {
      return [
        Problem(
          "the lowest edge, \(text(lowHz)) Hz, must lie between 0 and the highest "
            + "(features.mel.high_hz is \(text(highHz))).", key: "features.mel.low_hz")
      ]
    }
    if highHz > highest {
      return [
        Problem(
          "\(text(highHz)) Hz\(highHz == MelOptions().highHz ? " (the default)" : "") is above "
            + "\(text(highest)) Hz, half of audio.rate_hz; set it to \(text(highest)) or less.",
          key: "features.mel.high_hz")
      ]
    }
    return emptyBandProblems(framing, rateHz: rateHz)
  }

  private func emptyBandProblems(_ framing: FramingOptions, rateHz: Int) -> [Problem] {
    let fftSize = Framer(framing, rateHz: rateHz).fftSize
    func fits(_ bands: Int) -> Bool {
      var options = self
      options.bands = bands
      return (try? MelBank(options, rateHz: rateHz, fftSize: fftSize)) != nil
    }
    if fits(bands) { return [] }
    let fewest = Self.bandsRange.lowerBound
    let fitting = (fewest..<max(bands, fewest)).last(where: fits)
    let advice = fitting.map { "use at most \($0) bands or" } ?? "use"
    return [
      Problem(
        "of \(bands) bands between \(text(lowHz)) and \(text(highHz)) Hz some are so narrow that "
          + "they cover no frequency of the FFT of \(fftSize) points at \(rateHz) Hz; "
          + "\(advice) a longer window (features.window_ms is \(text(framing.windowMs))).",
        key: "features.mel.bands")
    ]
  }
}

/// A number without superfluous digits: 25, 12.5.
private func text(_ value: Double) -> String { String(format: "%g", value) }
