import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict
@testable import ValenceTraining

@Suite("Augmentation")
struct AugmentationTests {
  private static let speed = "training.augmentation.speed=[0.8, 1.0, 1.25]"
  private static let mixup = "training.augmentation.mixup=0.4"
  private static let noise = "training.augmentation.noise.snr_db=[0, 10]"
  static let keys = [speed, mixup, noise]
  private static let short = ["training.epochs=2", "audio.clip_s=1"]

  private func library(_ laboratory: Laboratory, _ overrides: [String]) throws
    -> (experiment: Experiment, library: FeatureLibrary)
  {
    let experiment = try laboratory.experiment(laboratory.plan(), Self.short + overrides)
    let library = try FeatureLibrary.load(
      experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
      control: RunControl { _ in })
    return (experiment, library)
  }

  private func source(_ laboratory: Laboratory, _ overrides: [String]) throws -> ClipSource {
    let (experiment, library) = try library(laboratory, overrides)
    return try ClipSource(
      [experiment.corpora[0]], variant: experiment.plan.variants[0], library: library, training: nil
    )
  }

  @Test("all of it together gives the same bytes on any number of jobs and threads")
  func sameBytes() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      func files(_ name: String, jobs: Int, cores: Int, cache: String) throws -> [String: Data] {
        let way = Laboratory.Way(results: name, cache: cache, jobs: jobs, cores: cores)
        let summary = try laboratory.run(laboratory.plan(), Self.short + Self.keys, way)
        #expect(summary.trained == 2)
        return try laboratory.files(name)
      }
      let first = try files("a", jobs: 1, cores: 1, cache: "cold")
      expectSame(first, try files("b", jobs: 1, cores: 2, cache: "cold"))
      expectSame(first, try files("c", jobs: 2, cores: 4, cache: "fresh"))
    }
  }

  @Test("each key changes training, but no statistics", arguments: keys)
  func changesTraining(key: String) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      func trial(_ results: String, _ overrides: [String]) throws -> (String, Safetensors) {
        try laboratory.run(
          laboratory.plan(), Self.short + overrides, .init(results: results))
        let store = laboratory.store(in: results)
        let record = try #require(try store.records().first)
        let folder = store.trialFolder(record.key)
        return (
          try String(contentsOf: folder.appending(path: "history.csv"), encoding: .utf8),
          try store.model(of: record)
        )
      }
      let (plain, altered) = (try trial("plain", []), try trial("altered", [key]))
      #expect(plain.0 != altered.0)
      for part in ["means", "deviations"] {
        let name = "normalization.mel.\(part)"
        #expect(plain.1.arrays[name] != nil)
        #expect(plain.1.arrays[name] == altered.1.arrays[name])
      }
    }
  }

  @Test("clips as they are, and so all of validation and test, keep their bits", arguments: keys)
  func keepsOthers(key: String) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      for normalization in ["none", "corpus", "speaker"] {
        let way = ["features.normalization=\(normalization)"]
        let plain = try source(laboratory, way)
        let altered = try source(laboratory, way + [key])
        for index in 0..<ToneCorpus().rows.count {
          #expect(try plain.features(of: index) == altered.features(of: index))
        }
      }
    }
  }

  @Test("what a network says of test clips is what it says of the files themselves")
  func predictsFiles() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan(), Self.short + Self.keys)
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 1)
      let stored = try store.predictions(of: record, on: "one")
      #expect(stored.count > 10)
      let answers = predictor.predict(
        stored.map { laboratory.url("one/\($0.segment.file)") }, windows: nil
      ).flatMap(\.answers)
      for (answer, prediction) in zip(answers, stored) {
        let theirs = predictor.classes.compactMap { answer.probabilities[$0] }
        let far = Deviation(prediction.probabilities, from: theirs, absolute: 1e-5, relative: 0)
        #expect(far.isWithin, "\(prediction.segment.file): \(far)")
      }
    }
  }

  @Test("clips at other speeds have other lengths and an entry of the cache of their own")
  func speeds() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 2, seed: 2), as: "two")
      func entries() throws -> Int {
        try laboratory.files("cache").keys.count { $0.hasSuffix(".floats") }
      }
      let plain = try source(laboratory, [])
      #expect(try entries() == 36)
      let altered = try source(laboratory, [Self.speed])
      #expect(try entries() == 3 * 36, "factor 1 is the clip as it is")
      #expect(plain.frames(of: 0) == 1 + 4000 / 160)
      #expect(altered.frames(of: 0, as: ClipView(speed: 1)) == 1 + 4000 / 160)
      #expect(altered.frames(of: 0, as: ClipView(speed: 0.8)) == 1 + 5000 / 160)
      #expect(altered.frames(of: 0, as: ClipView(speed: 1.25)) == 1 + 3200 / 160)
      // What is only tested on is played as it is.
      let text = laboratory.plan(corpora: ["one", "two"])
      let experiment = try laboratory.experiment(
        text, Self.short + ["train_on=[one]", Self.speed])
      _ = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      #expect(try entries() == 3 * 36 + 18)
    }
  }

  @Test("a clip that is too short at another speed is played as it is, and is no fault")
  func tooShort() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let samples = (0..<1120).map { Float(0.4 * sin(Double($0))) }
      try ToneCorpus.wav(samples).write(to: laboratory.url("one/high-s1-0.wav"))
      let way = ["model.cnn.pool=[8]", "training.augmentation.speed=[0.8, 1.25]"]
      let source = try source(laboratory, way)
      #expect(source.frames(of: 0) == 8)
      #expect(source.frames(of: 0, as: ClipView(speed: 0.8)) == 9)
      #expect(source.frames(of: 0, as: ClipView(speed: 1.25)) == 8)
      #expect(
        try source.features(of: 0, as: ClipView(speed: 1.25)) == source.features(of: 0))
      #expect(try library(laboratory, way).library.faults.isEmpty)
    }
  }

  @Test("a batch is filled with clips as they are played in the epoch, mixed with their partners")
  func fills() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let overrides = [
        Self.speed, Self.noise, Self.mixup, "training.augmentation.specaugment=none",
      ]
      let (experiment, library) = try library(laboratory, overrides)
      let variant = experiment.plan.variants[0]
      let source = try ClipSource(
        [experiment.corpora[0]], variant: variant, library: library, training: nil)
      let settings = variant.settings
      let assembler = BatchAssembler(
        input: settings.networkInput(frames: settings.frames), clips: 8,
        workers: Workers(threads: 2))
      let augmentation = EpochAugmentation(
        options: settings.training.augmentation, seed: 3, epoch: 2)
      let indices = [7, 30, 1, 12, 35, 4, 20, 9]
      let mixup = try #require(augmentation.mixup(batch: 0, clips: 8))
      let clips = try indices.map { try source.features(of: $0, as: augmentation.view(of: $0)) }
      let shape = try assembler.fill(
        indices, as: indices.map(augmentation.view), from: source, mixup: mixup)
      #expect(shape.frames == clips.map(\.frames))
      #expect(Set(shape.frames).count == 3)
      let size = settings.frames * 12
      for (slot, clip) in clips.enumerated() {
        let own = try #require(clip[.mel]).values
        let partner = mixup.partners[slot]
        let other = try #require(clips[partner][.mel]).values
        let expected = own.indices.map { index in
          index < other.count
            ? Float(mixup.share) * own[index] + Float(1 - mixup.share) * other[index] : own[index]
        }
        let image = assembler.inputs[0][slot * size..<(slot + 1) * size].array
        let far = Deviation(image[..<own.count], from: expected, absolute: 1e-4, relative: 1e-5)
        #expect(far.isWithin, "slot \(slot): \(far)")
        #expect(image[own.count...].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("functionals are mixed as a whole, at their clip's speed, and no mask touches them")
  func vectors() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let overrides = [Self.speed, Self.mixup, "features.functionals.of=[timing]"]
      let (experiment, library) = try library(laboratory, overrides)
      let variant = experiment.plan.variants[0]
      let source = try ClipSource(
        [experiment.corpora[0]], variant: variant, library: library, training: nil)
      let settings = variant.settings
      let assembler = BatchAssembler(
        input: settings.networkInput(frames: settings.frames), clips: 4, workers: .single)
      let augmentation = EpochAugmentation(
        options: settings.training.augmentation, seed: 3, epoch: 2)
      let indices = [7, 30, 1, 12]
      let mixup = try #require(augmentation.mixup(batch: 0, clips: 4))
      let shape = try assembler.fill(
        indices, as: indices.map(augmentation.view), from: source, mixup: mixup,
        masks: indices.compactMap(augmentation.masks))
      #expect(shape.frames.allSatisfy { $0 > 1 })
      let vectors = try indices.map { index -> [Float] in
        let clip = try source.features(of: index, as: augmentation.view(of: index))
        return try #require(clip[.functionals]).values
      }
      for (slot, own) in vectors.enumerated() {
        let expected = zip(own, vectors[mixup.partners[slot]]).map {
          Float(mixup.share) * $0 + Float(1 - mixup.share) * $1
        }
        let values = assembler.inputs[1][slot * own.count..<(slot + 1) * own.count].array
        let far = Deviation(values, from: expected, absolute: 1e-4, relative: 1e-5)
        #expect(far.isWithin, "slot \(slot): \(far)")
      }
      #expect(assembler.inputs[1].count == 4 * vectors[0].count)
      let played = try source.features(of: 7, as: ClipView(speed: 0.8))[.functionals]
      #expect(try played != source.features(of: 7)[.functionals])
    }
  }

  @Test("a network learns through all of it")
  func learns() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let mild = [
        "training.augmentation={specaugment: none, noise: {}, speed: [0.95, 1, 1.05], mixup: 0.2}",
        "training.epochs=25", "training.early_stopping.patience=25",
      ]
      try laboratory.run(laboratory.plan(), mild)
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      let uar = table.rows.filter { $0[3] == "pooled" && $0[5] == "uar" }.compactMap {
        Double($0[6])
      }
      #expect(uar.count == 1)
      #expect(uar.allSatisfy { $0 > 0.8 }, "\(uar)")
    }
  }

  @Test("noise lies over the waveform as it is played, and leaves the number of frames")
  func noisyFeatures() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let source = try source(
        laboratory, [Self.speed, Self.noise, "features.normalization=none"])
      func features(_ snrDb: Double, speed: Double, seed: UInt64 = 1) throws -> [Float] {
        let noise = ClipView.Noise(snrDb: snrDb, random: RandomStream(seed: seed, "noise"))
        return try source.features(of: 0, as: ClipView(speed: speed, noise: noise))[.mel]?.values
          ?? []
      }
      for speed in [0.8, 1, 1.25] {
        let clean = try source.features(of: 0, as: ClipView(speed: speed))[.mel]?.values ?? []
        #expect(!clean.isEmpty)
        // 300 dB below speech there is no noise that a Float could hold.
        #expect(try features(300, speed: speed) == clean)
        #expect(try features(10, speed: speed) == features(10, speed: speed))
        #expect(try features(10, speed: speed) != features(10, speed: speed, seed: 2))
        let rise = try zip(features(0, speed: speed), clean).map { Double($0 - $1) }
        #expect(rise.reduce(0, +) / Double(rise.count) > 5, "dB on average, at speed \(speed)")
      }
    }
  }

  @Test("seed, epoch and clip decide, each on its own; factors are equally frequent")
  func draws() {
    var options = AugmentationOptions()
    options.speed = [0.9, 1, 1.1]
    options.mixup = 0.3
    options.noise = NoiseOptions()
    func epoch(_ seed: UInt64, _ epoch: Int) -> EpochAugmentation {
      EpochAugmentation(options: options, seed: seed, epoch: epoch)
    }
    func speeds(_ augmentation: EpochAugmentation) -> [Double] {
      (0..<3000).map { augmentation.view(of: $0).speed }
    }
    let first = speeds(epoch(1, 1))
    for factor in options.speed ?? [] {
      #expect(abs(first.count { $0 == factor } - 1000) < 100)
    }
    #expect(speeds(epoch(1, 1)) == first)
    #expect(speeds(epoch(1, 2)) != first)
    #expect(speeds(epoch(2, 1)) != first)
    func ratios(_ augmentation: EpochAugmentation) -> [Double] {
      (0..<3000).compactMap { augmentation.view(of: $0).noise?.snrDb }
    }
    let snrDb = ratios(epoch(1, 1))
    #expect(snrDb.allSatisfy { (10...30).contains($0) })
    #expect(snrDb.count { $0 < 15 } > 650 && snrDb.count { $0 > 25 } > 650)
    #expect(ratios(epoch(1, 1)) == snrDb)
    #expect(ratios(epoch(1, 2)) != snrDb)
    #expect(ratios(epoch(2, 1)) != snrDb)
    let mixup = epoch(1, 1).mixup(batch: 0, clips: 30)
    #expect(epoch(1, 1).mixup(batch: 0, clips: 30) == mixup)
    for other in [
      epoch(2, 1).mixup(batch: 0, clips: 30), epoch(1, 2).mixup(batch: 0, clips: 30),
      epoch(1, 1).mixup(batch: 1, clips: 30),
    ] { #expect(other != mixup) }
    options = AugmentationOptions()
    #expect(speeds(epoch(1, 1)).allSatisfy { $0 == 1 })
    #expect(ratios(epoch(1, 1)).isEmpty)
    #expect(epoch(1, 1).mixup(batch: 0, clips: 30) == nil)
  }
}
