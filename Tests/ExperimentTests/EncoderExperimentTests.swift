import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceEncoders
import ValenceEvaluation
import ValenceFeatures
import ValencePlan
import ValenceStore
import ValenceTestSupport
import ValenceTraining

@testable import ValenceData
@testable import ValencePredict

@Suite("Experiments over a frozen encoder")
struct EncoderExperimentTests {
  private static let head = [
    "audio.rate_hz=16000", "training.epochs=2", "model.projection.width=6", "model.rnn=none",
    "model.pooling=mean", "model.head.hidden=[]",
  ]

  /// An encoder alone, under a head of dense layers.
  private func alone(_ laboratory: Laboratory, _ more: String...) -> [String] {
    Self.head + ["features.fusion=encoder", "features.encoder.path=tiny-whisper"] + more
  }

  private func with<Result>(_ body: (Laboratory) throws -> Result) throws -> Result {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      _ = try TinyEncoder(in: laboratory.url(""))
      return try body(laboratory)
    }
  }

  @Test("the same bytes with 1 and 2 jobs, with a new and with an old cache")
  func sameBytes() throws {
    try with { laboratory in
      let sweep =
        "sweep={grid: {features.encoder.layer: [0, 1, last, weighted], features.fusion: "
        + "[encoder, branches]}}"
      let lines = Self.head + ["features.encoder.path=tiny-whisper", sweep]
      var all: [[String: Data]] = []
      for (name, cache, jobs, cores) in [
        ("first", "cache", 1, 1), ("warm", "cache", 2, 2), ("second", "new", 2, 4),
      ] {
        let summary = try laboratory.run(
          laboratory.plan(), lines,
          .init(results: name, cache: cache, jobs: jobs, cores: cores))
        #expect(summary.failures.isEmpty, "\(summary.failures)")
        all.append(try laboratory.files(name))
      }
      expectSame(all[0], all[1])
      expectSame(all[0], all[2])
      let floats = try laboratory.files("cache").keys.filter { $0.hasSuffix(".floats") }
      #expect(floats.count == 36 * (4 + 2), "four layers, mel and mfcc of each clip, each once")
    }
  }

  @Test(
    "files of the test fold get the probabilities of the stored predictions",
    arguments: ["encoder", "branches", "gated", "late"])
  func predicts(fusion: String) throws {
    try with { laboratory in
      try laboratory.run(
        laboratory.plan(),
        Self.head + [
          "features.encoder={path: tiny-whisper, layer: weighted}", "features.fusion=\(fusion)",
        ], .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      #expect(
        record.warnings.map(\.rawValue).contains { $0.contains("tiny-whisper (whisper-2x8-") })
      let stored = try store.predictions(of: record, on: "one")
      let predictor = try Predictor(
        models: [store.trialFolder(record.key)], encoder: laboratory.url("tiny-whisper"),
        threads: 2)
      let answers = predictor.predict(
        stored.map { laboratory.url("one/\($0.segment.file)") }, windows: nil
      ).flatMap(\.answers)
      #expect(answers.count == stored.count)
      for (answer, prediction) in zip(answers, stored) {
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          let given = try #require(answer.probabilities[name])
          #expect(abs(given - expected) <= 1e-6, "\(given) against \(expected)")
        }
      }
    }
  }

  @Test("a network asks for the encoder that it was trained with, and takes no other")
  func otherEncoder() throws {
    try with { laboratory in
      try laboratory.run(
        laboratory.plan(), alone(laboratory), .init(only: { $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      let model = laboratory.store().trialFolder(record.key)
      let other = try TinyEncoder(in: laboratory.url(""), name: "other", seed: 2).folder
      let refused = laboratory.sentence {
        _ = try Predictor(models: [model], encoder: other, threads: 1)
      }
      #expect(refused?.contains("other: this is whisper-2x8-") == true, "\(refused ?? "")")
      let missing = laboratory.sentence { _ = try Predictor(models: [model], threads: 1) }
      #expect(missing?.contains("VALENCE_ENCODERS") == true, "\(missing ?? "")")
    }
  }

  @Test("the report says what the file says now of what the encoder has heard")
  func heardLater() throws {
    try with { laboratory in
      let report = "report={figures: []}"
      try laboratory.run(laboratory.plan(), alone(laboratory, report))
      let before = try laboratory.text("Results/study/summary.md")
      #expect(before.contains("what it has heard is not stated"))
      let lines = alone(
        laboratory, report, "features.encoder.heard=[one]", "protocol.allow=[heard]")
      let summary = try laboratory.run(laboratory.plan(), lines)
      #expect(summary.trained == 0)
      let after = try laboratory.text("Results/study/summary.md")
      #expect(after.contains("it has heard one") && !after.contains("is not stated"))
    }
  }

  @Test("weights that change after the plan was read end the run, and no clip is left out for it")
  func changed() throws {
    try with { laboratory in
      let experiment = try laboratory.experiment(
        laboratory.plan(), alone(laboratory, "audio.unreadable=drop"))
      _ = try TinyEncoder(in: laboratory.url(""), seed: 3)
      let said = laboratory.sentence { _ = try laboratory.run(experiment) }
      #expect(
        said?.contains("tiny-whisper: the encoder is not whisper-2x8-") == true, "\(said ?? "")")
    }
  }

  @Test("windows of a long recording are those of the whole, however it is cut into blocks")
  func blocks() throws {
    try with { laboratory in
      var random = RandomStream(seed: 4, "long")
      let samples = (0..<100 * ToneCorpus.rateHz).map { index in
        Float(0.3 * sin(Double(index) * 0.3) + 0.05 * random.normal())
      }
      let file = laboratory.url("long.wav")
      try ToneCorpus.wav(samples).write(to: file)
      for fusion in ["encoder", "branches"] {
        let settings = try laboratory.experiment(
          laboratory.plan(),
          [
            "features.encoder.path=tiny-whisper", "features.fusion=\(fusion)",
            "audio.rate_hz=16000",
            "audio.clip_s=2", "features.hop_ms=20", "audio.long_clips=windows",
          ]
        ).plan.base
        func windows(_ blockS: Double) throws -> [RecordingReader.Window] {
          var all: [RecordingReader.Window] = []
          try RecordingReader(settings, blockS: blockS).read(file) { all += $0 }
          return all
        }
        let (whole, blocks) = (try windows(1000), try windows(13))
        #expect(whole.count == blocks.count && whole.count > 80)
        for (one, other) in zip(whole, blocks) {
          #expect(one.startS == other.startS && one.endS == other.endS)
          let states = try #require(other.features?[.encoder]?.values)
          // Resampling rounds in another way where it begins elsewhere.
          let deviation = Deviation(
            states, from: try #require(one.features?[.encoder]?.values), absolute: 1e-4,
            relative: 0)
          #expect(deviation.isWithin, "\(fusion) at \(one.startS) s: \(deviation)")
        }
      }
    }
  }

  @Test("the plan says what encoding will take")
  func estimate() throws {
    try with { laboratory in
      let lines = alone(laboratory, "sweep={grid: {features.encoder.layer: [1, weighted]}}")
      let experiment = try laboratory.experiment(laboratory.plan(), lines)
      let estimates = try EncodingEstimate.all(of: experiment)
      #expect(estimates.map(\.layers) == [["1", "weighted"]])
      #expect(estimates.map(\.clips) == [36])
      // Half a second has 25 frames of 8 values in 1 and in 3 states.
      #expect(estimates.map(\.cacheBytes) == [36 * 25 * 8 * 4 * (1 + 3)])
    }
  }
}
