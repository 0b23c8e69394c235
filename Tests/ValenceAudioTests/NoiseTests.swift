import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@Suite("White noise over speech")
struct NoiseTests {
  private func power(_ samples: some Collection<Float>) -> Double {
    samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }

  /// A tone of half of full scale between two seconds of faint hum.
  private let speech = Waveform(
    samples: tone(50, samples: 16000).map { $0 * 1e-3 } + tone(800, samples: 16000)
      + tone(50, samples: 16000).map { $0 * 1e-3 }, rateHz: 16000)

  @Test("active power is that of the speech, however much silence lies around it")
  func active() {
    #expect(abs(speech.activePower / 0.125 - 1) < 1e-4)
    #expect(abs(power(speech.samples) / (0.125 / 3) - 1) < 1e-4)
    // A softer half counts down to 30 dB below the louder one, and not any further.
    for (db, expected) in [(-29.0, 0.125 * (1 + pow(10, -2.9)) / 2), (-31, 0.125)] {
      let soft = tone(800, samples: 16000).map { $0 * Float(pow(10, db / 20)) }
      let both = Waveform(samples: soft + tone(800, samples: 16000), rateHz: 16000)
      #expect(abs(both.activePower / expected - 1) < 1e-4, "\(db) dB")
    }
    #expect(Waveform(samples: [], rateHz: 16000).activePower == 0)
    #expect(Waveform(samples: [0.5], rateHz: 10).activePower == 0.25)
  }

  @Test("the noise lies as far below the active power as is said", arguments: [-5.0, 10, 30])
  func ratio(snrDb: Double) {
    var random = RandomStream(seed: 1, "noise")
    let noisy = speech.addingWhiteNoise(snrDb: snrDb, random: &random)
    let noise = zip(noisy.samples, speech.samples).map { $0 - $1 }
    // 48 000 uniform squares: a relative standard deviation of √0.8 / √48000, which is 0.4 %.
    #expect(abs(10 * log10(0.125 / power(noise)) - snrDb) < 0.07)
    #expect(noisy.samples.count == speech.samples.count)
  }

  @Test("the noise is white: no correlation from sample to sample, no mean, nothing of the speech")
  func white() {
    var random = RandomStream(seed: 2, "noise")
    let noisy = speech.addingWhiteNoise(snrDb: 0, random: &random)
    let noise = zip(noisy.samples, speech.samples).map { Double($0) - Double($1) }
    let scale = noise.reduce(0) { $0 + $1 * $1 }
    let limit = 4 / Double(noise.count).squareRoot()
    for lag in 1...20 {
      let sum = zip(noise, noise.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(sum / scale) < limit, "lag \(lag)")
    }
    let mean = noise.reduce(0, +) / Double(noise.count)
    #expect(abs(mean) < limit * (scale / Double(noise.count)).squareRoot())
  }

  @Test("the stream alone decides what the noise is")
  func seeded() {
    func noisy(_ seed: UInt64) -> Waveform {
      var random = RandomStream(seed: seed, "noise")
      return speech.addingWhiteNoise(snrDb: 10, random: &random)
    }
    #expect(noisy(1) == noisy(1))
    #expect(noisy(1) != noisy(2))
  }
}
