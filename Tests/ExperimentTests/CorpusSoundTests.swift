import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport
@testable import ValenceTraining

@Suite("Sampling rates and effective bandwidths")
struct CorpusSoundTests {
  /// Noise of a second, made at one rate and converted to another.
  private func noise(madeAt: Int, rateHz: Int) -> Waveform {
    var random = RandomStream(seed: 4, "bandwidth")
    let samples = (0..<madeAt).map { _ in Float(0.1 * random.normal()) }
    return Resampler.resample(Waveform(samples: samples, rateHz: madeAt), toHz: rateHz)
  }

  @Test(
    "the bandwidth is that of the sound, whatever the rate of the file",
    arguments: [(8000, 8000), (8000, 16000), (8000, 44100), (16000, 16000), (16000, 48000)])
  func bandwidth(madeAt: Int, rateHz: Int) throws {
    let hz = try #require(EffectiveBandwidth.hz(of: noise(madeAt: madeAt, rateHz: rateHz)))
    #expect(abs(hz - Double(madeAt) / 2) <= 0.05 * Double(madeAt) / 2, "\(hz)")
  }

  @Test("sound below the 60 dB does not count, sound above it does, and silence has none")
  func depth() throws {
    let rateHz = 16000
    func tones(_ levelDb: Double) -> Waveform {
      let level = pow(10, levelDb / 20)
      let samples = (0..<rateHz).map { index -> Float in
        let time = Double(index) / Double(rateHz)
        return Float(0.5 * sin(2 * .pi * 500 * time) + 0.5 * level * sin(2 * .pi * 6050 * time))
      }
      return Waveform(samples: samples, rateHz: rateHz)
    }
    #expect(try #require(EffectiveBandwidth.hz(of: tones(-50))) >= 6000)
    #expect(try #require(EffectiveBandwidth.hz(of: tones(-75))) < 1500)
    #expect(EffectiveBandwidth.hz(of: Waveform(samples: [0, 0, 0], rateHz: rateHz)) == nil)
  }

  /// A corpus of tones beneath a little noise, which was made at one rate and is stored at another.
  private func write(_ name: String, madeAt: Int, to laboratory: Laboratory) throws {
    try laboratory.write(ToneCorpus(seed: UInt64(madeAt)), as: name)
    for (index, file) in ToneCorpus().rows.map(\.file).enumerated() {
      var random = RandomStream(seed: UInt64(index), name)
      let samples = (0..<madeAt / 2).map { at in
        Float(0.3 * sin(Double(at) * 3000 / Double(madeAt)) + 0.02 * random.normal())
      }
      let waveform = Resampler.resample(
        Waveform(samples: samples, rateHz: madeAt), toHz: 16000)
      try wav(waveform).write(to: laboratory.url("\(name)/\(file)"))
    }
  }

  private func wav(_ waveform: Waveform) -> Data {
    var bytes = [UInt8](ToneCorpus.wav(waveform.samples))
    for (at, number) in [(24, waveform.rateHz), (28, waveform.rateHz * 2)] {
      for index in 0..<4 { bytes[at + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    }
    return Data(bytes)
  }

  @Test("a comparison across bandwidths is remarked where the features reach beyond the lower one")
  func remarks() throws {
    try Laboratory.with { laboratory in
      try write("narrow", madeAt: 8000, to: laboratory)
      try write("wide", madeAt: 16000, to: laboratory)
      let plan = laboratory.plan(corpora: ["narrow", "wide"])
      func remarks(_ overrides: [String]) throws -> BandwidthRemarks {
        let experiment = try laboratory.experiment(
          plan, overrides + ["protocol.across=pairs"])
        let corpora = CorpusSummary.all(of: experiment)
        #expect(corpora.map(\.ratesHz) == [[16000: 36], [16000: 36]])
        #expect(corpora.map { ($0.bandwidth?.medianHz ?? 0) < 4300 } == [true, false])
        #expect(corpora[0].bandwidth?.files == 16)
        #expect(corpora == CorpusSummary.all(of: experiment), "the same twice")
        return BandwidthRemarks(spec: ReportSpec(experiment), corpora: corpora)
      }
      let whole = try remarks(["audio.rate_hz=16000", "features.mel.high_hz=8000"])
      let variant = try #require(whole.spec.variants.first)
      for (train, test) in [("narrow", "wide"), ("wide", "narrow")] {
        let text = try #require(whole.sentence(variant: variant, train: train, test: test))
        #expect(text.hasPrefix("Trained on \(train) ("), "\(text)")
        #expect(text.contains("tested on \(test) ("), "\(text)")
      }
      #expect(whole.sentence(variant: variant, train: "wide", test: "wide") == nil)
      let low = try remarks(["audio.rate_hz=16000", "features.mel.high_hz=4000"])
      #expect(low.sentence(variant: variant, train: "wide", test: "narrow") == nil)
      // The level of prosody is that of all sound.
      let level = try remarks(
        [
          "audio.rate_hz=16000", "features.mel.high_hz=4000", "features.fusion=concat",
          "features.prosody=true",
        ])
      #expect(level.sentence(variant: variant, train: "wide", test: "narrow") != nil)
    }
  }

  @Test("the remark stands beside the cells that it is about, in tables and the summary")
  func besideNumbers() throws {
    try Laboratory.with { laboratory in
      try write("narrow", madeAt: 8000, to: laboratory)
      try write("wide", madeAt: 16000, to: laboratory)
      try laboratory.run(
        laboratory.plan(corpora: ["narrow", "wide"]),
        [
          "audio.rate_hz=16000", "features.mel.high_hz=8000", "training.epochs=1",
          "protocol.across=pairs",
        ])
      let rows = try Table(
        contentsOf: laboratory.url("Results/study/results.csv")
      ).rows
      for row in rows {
        #expect(row[9].contains("effective bandwidths differ") == (row[1] != row[2]), "\(row)")
      }
      let summary = try String(
        contentsOf: laboratory.url("Results/study/summary.md"), encoding: .utf8)
      #expect(summary.contains("- narrow: sampling rate 16000 Hz; effective bandwidth 3.9 kHz"))
      #expect(summary.contains("- **Note:** Trained on narrow ("))
    }
  }
}
