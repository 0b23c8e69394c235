extension EGeMAPS {
  /// The number of parameters.
  package static let count = 88

  /// What openSMILE calls the parameters, which is what tables and tools know them by.
  package static let names: [String] =
    functionals(of: "F0semitoneFrom27.5Hz_sma3nz", ranges)
    + functionals(of: "loudness_sma3", ranges)
    + ["spectralFlux", "mfcc1", "mfcc2", "mfcc3", "mfcc4"].flatMap {
      functionals(of: "\($0)_sma3", moments)
    } + voice.flatMap { functionals(of: "\($0)_sma3nz", moments) }
    + voiced.flatMap { functionals(of: "\($0)_sma3nz", moments) }
    + unvoiced.flatMap { functionals(of: "\($0)_sma3nz", ["amean"]) }
    + [
      "loudnessPeaksPerSec", "VoicedSegmentsPerSec", "MeanVoicedSegmentLengthSec",
      "StddevVoicedSegmentLengthSec", "MeanUnvoicedSegmentLength", "StddevUnvoicedSegmentLength",
      "equivalentSoundLevel_dBp",
    ]

  private static let moments = ["amean", "stddevNorm"]
  private static let ranges =
    moments + [
      "percentile20.0", "percentile50.0", "percentile80.0", "pctlrange0-2", "meanRisingSlope",
      "stddevRisingSlope", "meanFallingSlope", "stddevFallingSlope",
    ]
  private static let voice =
    ["jitterLocal", "shimmerLocaldB", "HNRdBACF", "logRelF0-H1-H2", "logRelF0-H1-A3"]
    + (1...3).flatMap { ["F\($0)frequency", "F\($0)bandwidth", "F\($0)amplitudeLogRelF0"] }
  private static let voiced =
    ["alphaRatioV", "hammarbergIndexV", "slopeV0-500", "slopeV500-1500", "spectralFluxV"]
    + (1...4).map { "mfcc\($0)V" }
  private static let unvoiced = [
    "alphaRatioUV", "hammarbergIndexUV", "slopeUV0-500", "slopeUV500-1500", "spectralFluxUV",
  ]

  private static func functionals(of contour: String, _ suffixes: [String]) -> [String] {
    suffixes.map { "\(contour)_\($0)" }
  }
}
