import Foundation
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValencePlan

extension Bench {
  /// Times the extraction of features from waveforms in memory; nothing is decoded.
  ///
  /// - Throws: `Problems` if the options do not fit, or the features are not plain C's.
  package static func features(_ options: BenchOptions) throws -> BenchResult {
    let settings = try options.settings(of: ["features"])
    let (audio, features) = (settings.audio, settings.features)
    let difference = try checkFeatures(features, audio: audio)
    let extractor = try FeatureExtractor(features, rateHz: audio.rateHz)
    let waveforms = (0..<min(options.batch, voices)).map { voice(number: $0, audio) }
    let workers = Workers(threads: options.threads)
    var result = result(of: "features", options, difference: difference) {
      workers.forEach(parts: options.batch) { clip in
        _ = try? extractor.extract(waveforms[clip % voices])  // the check has thrown if it does
      }
    }
    result.size = nil
    result.timesRealTime = result.clipsPerS * audio.clipS
    return result
  }

  /// Extracts the features of a synthetic clip, by plain C too.
  static func checkFeatures(_ features: FeatureOptions, audio: AudioOptions) throws -> Double {
    try check("features") { _ in
      let clip = try FeatureExtractor(features, rateHz: audio.rateHz)
        .extract(voice(number: 0, audio))
      return features.kinds.flatMap { clip[$0]?.values ?? [] }
    }
  }

  /// How many clips differ; more only make the bench slow to begin.
  private static let voices = 8

  /// A voice whose pitch glides, in a little noise.
  private static func voice(number: Int, _ audio: AudioOptions) -> Waveform {
    var random = RandomStream(seed: UInt64(number), "bench", "voice")
    let rate = Double(audio.rateHz)
    let lowest = 90 + 120 * random.uniform()
    var phase = 0.0
    let samples = (0..<Int(audio.clipS * rate)).map { index -> Float in
      let hz = lowest * (1.25 + 0.25 * sin(2 * .pi * 0.7 * Double(index) / rate))
      phase += 2 * .pi * hz / rate
      let voiced = (1...12).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) }
      return Float(0.1 * voiced + 0.003 * random.normal())
    }
    return Waveform(samples: samples, rateHz: audio.rateHz)
  }
}
