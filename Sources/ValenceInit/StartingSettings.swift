import ValenceAudio
import ValenceFeatures

/// The few settings that depend on the speech at hand; everything else is as in `Experiments/`.
struct StartingSettings {
  /// The rate that everything is brought to, the trimming and the length.
  var audio = AudioOptions()
  /// The frames and bands.
  var features = FeatureOptions()
  /// The fewest frames that the network of the written file pools into one.
  static let fewestFrames = 8

  /// Chooses for what `survey` found.
  init(_ survey: AudioSurvey) {
    audio.rateHz = Self.rateHz(survey.rates)
    audio.trimDb = 35
    audio.clipS = Self.clipS(survey)
    features.framing.windowMs = 32
    features.framing.hopMs = 16
    features.mel.highHz = Double(audio.rateHz / 2)
    // Narrow bands at a low rate may hold no frequency of the FFT.
    for bands in [64, 40, 26] {
      features.mel.bands = bands
      features.mfcc.coefficients = min(features.mfcc.coefficients, bands)
      if features.misfits(rateHz: audio.rateHz).isEmpty { break }
    }
  }

  /// The lowest rate that at least one file in twenty has, 16 kHz at the most: a band that only some
  /// recordings fill would tell recordings apart, not emotions.
  private static func rateHz(_ rates: [Int: Int]) -> Int {
    let all = rates.values.reduce(0, +)
    let common = rates.filter { $0.value * 20 >= all }.keys.min() ?? 16000
    return min(16000, max(common, AudioOptions.rateHzRange.lowerBound))
  }

  /// The length that nine of ten utterances hardly exceed, in halves of a second from 1 to 6.
  private static func clipS(_ survey: AudioSurvey) -> Double {
    let length = (survey.durationS(quantile: 0.9) ?? 3) - 0.1
    return min(6, max(1, (length * 2).rounded(.up) / 2))
  }

  /// The shortest clip whose frames outlast the pooling.
  var fewestS: Double {
    max(
      Double(Self.fewestFrames - 1) * features.framing.hopMs, features.framing.windowMs) / 1000
  }
}
