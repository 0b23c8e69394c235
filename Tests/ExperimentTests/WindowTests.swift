import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceEvaluation
import ValenceFeatures
import ValenceNN
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict
@testable import ValenceTraining

@Suite("Windows over long clips")
struct WindowTests {
  @Test("overlap by half, cover every frame and end with the clip")
  func windows() {
    var random = RandomStream(seed: 1, "windows")
    for _ in 0..<200 {
      let (count, frames) = (1 + random.below(400), 1 + random.below(60))
      let windows = ClipWindows(frames: frames).windows(of: count)
      #expect(windows.first?.lowerBound == 0)
      #expect(windows.last?.upperBound == count)
      for (one, next) in zip(windows, windows.dropFirst()) {
        #expect(next.lowerBound > one.lowerBound && next.lowerBound <= one.upperBound)
        #expect(next.lowerBound - one.lowerBound <= max(1, frames / 2))
      }
      #expect(windows.allSatisfy { $0.count == min(frames, count) })
      let drawn = ClipWindows(frames: frames).window(of: count, at: random.uniform())
      #expect(drawn.count == min(frames, count))
      #expect(drawn.lowerBound >= 0 && drawn.upperBound <= count)
    }
    #expect(Array(ClipWindows(frames: nil).windows(of: 900)) == [0..<900])
    // A damaged header may promise years: no list is made of them.
    let years = ClipWindows(frames: 300).windows(of: 1 << 58)
    #expect(years[1] == 150..<450)
    #expect(years.last?.upperBound == 1 << 58)
  }

  @Test(
    "a long test clip gets the mean of its windows, in a run as in predict, by whose edges they differ"
  )
  func meanOfWindows() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      corpus.seconds = 1.3
      try laboratory.write(corpus, as: "one")
      try laboratory.run(
        laboratory.plan(), ["audio.long_clips=windows", "training.epochs=2"],
        .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 1)
      for stored in try store.predictions(of: record, on: "one").prefix(4) {
        let file = laboratory.url("one/\(stored.segment.file)")
        let whole = predictor.predict([file], windows: nil)[0].answers
        let parts = predictor.predict([file], windows: WindowOptions())[0].answers
        #expect(parts.map(\.startS) == [0, 0.25, 0.5, 0.75, 0.8])
        #expect(parts.map(\.endS) == [0.5, 0.75, 1, 1.25, 1.3])
        #expect(whole.map(\.startS) == [0] && whole.map(\.endS) == [1.3])
        for (index, name) in predictor.classes.enumerated() {
          let given = try #require(whole[0].probabilities[name])
          #expect(abs(given - stored.probabilities[index]) <= 1e-5)
        }
      }
    }
  }

  @Test("training hears another window of a long clip in each epoch, and crop hears the same")
  func trainingWindows() {
    let epochs = (1...6).map { EpochAugmentation(options: .init(), seed: 3, epoch: $0) }
    #expect(Set(epochs.map { $0.view(of: 5).window }).count == 6)
    #expect(epochs[0].view(of: 5).window == epochs[0].view(of: 5).window)
    #expect(ClipWindows(frames: nil).window(of: 40, at: 0.9) == 0..<40)
  }
}

@Suite("Recordings of any length")
struct RecordingTests {
  /// Half a minute of tones with four seconds of silence in the middle.
  private func recording(_ laboratory: Laboratory) throws -> URL {
    let url = laboratory.url("long.wav")
    var random = RandomStream(seed: 2, "recording")
    let samples = (0..<240_123).map { index -> Float in
      if (100_000..<132_000).contains(index) { return 0 }
      let pitch = 0.1 + 0.1 * Double(index / 8000 % 5)
      return Float(0.3 * sin(Double(index) * pitch) + 0.01 * random.normal())
    }
    try ToneCorpus.wav(samples).write(to: url)
    return url
  }

  /// The windows of a network whose training had windows.
  private func trained(
    _ reader: RecordingReader, _ file: URL
  ) throws -> [RecordingReader.Window] {
    var all: [RecordingReader.Window] = []
    try reader.read(file) { all += $0 }
    return all
  }

  /// The windows that are clips of their own.
  private func windows(
    _ reader: RecordingReader, _ file: URL
  ) throws -> [RecordingReader.Window] {
    var all: [RecordingReader.Window] = []
    try reader.read(file, in: WindowOptions()) { all += $0 }
    return all
  }

  @Test("read in blocks they have the windows and features that they have as a whole")
  func blocks() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let file = try recording(laboratory)
      let settings = try laboratory.experiment(
        laboratory.plan(),
        ["features.fusion=concat", "features.mfcc.deltas=2", "audio.long_clips=windows"]
      ).plan.variants[0].settings
      let whole = try trained(RecordingReader(settings), file)
      for blockS in [2.0, 5, 13] {
        let parts = try trained(RecordingReader(settings, blockS: blockS), file)
        #expect(parts.map(\.startS) == whole.map(\.startS))
        #expect(parts.map(\.endS) == whole.map(\.endS))
        for (part, whole) in zip(parts, whole) {
          // Whole recordings have features of their silence; blocks say that it is silence.
          guard let features = part.features, let truth = whole.features else { continue }
          for kind in settings.features.kinds {
            let far = Deviation(
              features[kind]?.values ?? [], from: truth[kind]?.values ?? [], absolute: 1e-3,
              relative: 0)
            #expect(far.isWithin, "\(kind) at \(part.startS): \(far)")
          }
        }
        let silent = parts.filter { $0.features == nil }
        #expect(!silent.isEmpty)
        #expect(silent.allSatisfy { $0.startS >= 12.5 && $0.endS <= 16.5 })
      }
    }
  }

  @Test("functionals of windows are those of clips of their own, and one vector without windows")
  func vectors() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let file = try recording(laboratory)
      let settings = try laboratory.experiment(
        laboratory.plan(), ["features.fusion=functionals", "audio.clip_s=2", "audio.crop=start"]
      ).plan.variants[0].settings
      let reader = try RecordingReader(settings, blockS: 5)
      let parts = try windows(reader, file)
      #expect(parts.count > 10)
      #expect(parts.first?.startS == 0 && parts.allSatisfy { $0.endS - $0.startS < 2.1 })
      #expect(parts.contains { $0.features == nil }, "silence has none")
      let extractor = try FeatureExtractor(settings.features, rateHz: settings.audio.rateHz)
      for part in parts where part.features != nil {
        let waveform = try AudioReader.read(
          file, span: part.startS...part.endS, options: settings.audio)
        #expect(try extractor.extract(waveform) == part.features)
      }
      var whole: [RecordingReader.Window] = []
      try reader.read(file) { whole += $0 }
      #expect(whole.count == 1 && whole[0].features?.frames == 1)
    }
  }

  @Test("beside frames, functionals are of the whole recording where training has windows")
  func vectorsBesideFrames() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let file = try recording(laboratory)
      let beside = ["features.functionals=true", "audio.clip_s=2", "audio.crop=start"]
      for longClips in ["windows", "crop"] {
        let settings = try laboratory.experiment(
          laboratory.plan(), beside + ["audio.long_clips=\(longClips)"]
        ).plan.variants[0].settings
        let reader = try RecordingReader(settings, blockS: 5)
        let parts = try (longClips == "windows" ? trained(reader, file) : windows(reader, file))
          .compactMap(\.features)
        #expect(parts.count > 10)
        #expect(parts.allSatisfy { $0.frames <= settings.frames && $0[.functionals]?.frames == 1 })
        let vectors = Set(parts.compactMap { $0[.functionals]?.values })
        #expect(longClips == "windows" ? vectors.count == 1 : vectors.count > 5)
        if longClips == "crop" { continue }
        let extractor = try FeatureExtractor(settings.features, rateHz: settings.audio.rateHz)
        let whole = try extractor.extract(AudioReader.read(file, options: settings.audio))
        #expect(vectors.first == whole[.functionals]?.values)
        let first = try #require(parts.first)
        #expect(first == whole[0..<first.frames])
      }
    }
  }

  @Test("a header that promises years is refused as soon as the sound ends, in windows too")
  func promisedYears() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let settings = try laboratory.experiment(laboratory.plan()).plan.variants[0].settings
      let formats = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ValenceAudioTests/Fixtures/formats")
      var bytes = [UInt8](try Data(contentsOf: formats.appending(path: "speech.flac")))
      // The number of samples has 36 bits, the last of which end the block's first 18 bytes.
      for promised in [1 << 28, 1 << 35] {
        for index in 0..<4 {
          bytes[8 + 14 + index] = UInt8(truncatingIfNeeded: promised >> (24 - 8 * index))
        }
        bytes[8 + 13] = bytes[8 + 13] & 0xF0 | UInt8(promised >> 32)
        let file = laboratory.url("years.flac")
        try Data(bytes).write(to: file)
        let error = #expect(throws: AudioError.self) {
          try windows(RecordingReader(settings), file)
        }
        #expect(error.map { !$0.isOfMachine } == true)
        #expect("\(error.map(\.description) ?? "")".contains("damaged"))
      }
    }
  }

  @Test(
    "damaged in any way, in windows they are read or refused in a sentence",
    arguments: ["flac", "aiff", "mp3", "ogg", "opus"])
  func damaged(format: String) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let settings = try laboratory.experiment(laboratory.plan()).plan.variants[0].settings
      let reader = try RecordingReader(settings, blockS: 0.3)
      let formats = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ValenceAudioTests/Fixtures/formats")
      let whole = [UInt8](try Data(contentsOf: formats.appending(path: "speech.\(format)")))
      let file = laboratory.url("damaged.\(format)")
      var random = RandomStream(seed: 9, format)
      var read = 0
      for _ in 0..<200 {
        try Data(Damage.apply(to: whole, &random)).write(to: file)
        do {
          let all = try windows(reader, file)
          #expect(all.allSatisfy { $0.startS >= 0 && $0.endS.isFinite })
          read += 1
        } catch {
          #expect("\(error)".hasSuffix("."), "\(error)")
        }
      }
      #expect((1..<200).contains(read), "\(read) were read")
    }
  }
}
