import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceTestSupport

@Suite("Log-mel and MFCC")
struct FeatureExtractorTests {
  @Test(
    "equal librosa's on synthetic speech, at several rates and framings", arguments: Reference.names
  )
  func librosa(name: String) throws {
    let reference = try Reference(name)
    let extractor = try FeatureExtractor(reference.options, rateHz: reference.waveform.rateHz)
    let clip = try extractor.extract(reference.waveform)
    let (mel, mfcc) = (try #require(clip[.mel]), try #require(clip[.mfcc]))
    #expect([mel.frames, mel.bins] == reference.mel.shape)
    #expect([mfcc.frames, mfcc.bins] == reference.mfcc.shape)
    expectParity(
      mel: mel.values[...], mfcc: mfcc.values[...], bands: mel.bins,
      truth: (reference.mel.values, reference.mfcc.values),
      peak: try #require(reference.mel.values.max()))
  }

  /// Where the corpora lie that may not be shipped.
  static let corpora: URL = {
    let environment = ProcessInfo.processInfo.environment["VALENCE_SHARED"]
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared = environment.map { URL(filePath: $0) }
    return (shared ?? package.deletingLastPathComponent().appending(path: "shared"))
      .appending(path: "corpora")
  }()

  @Test(
    "equal librosa's on real speech",
    .enabled(
      if: FileManager.default.fileExists(atPath: corpora.appending(path: "ravdess").path),
      "skipped: no corpora in ../shared/corpora beside the package or in $VALENCE_SHARED/corpora"),
    arguments: [
      "ravdess/03-01-05-02-01-01-01.flac", "emovo/gio-f1-b1.flac", "emodb/03a01Wa.flac",
    ])
  func realSpeech(file: String) throws {
    let arrays = try Fixture(.module).arrays("corpora/corpora.safetensors")
    func values(_ part: String) throws -> [Float] {
      try #require(arrays["\(file).\(part)"]).values
    }
    var audio = AudioOptions()
    audio.clipS = 600
    let waveform = try AudioReader.read(Self.corpora.appending(path: file), options: audio)
    #expect(try values("samples") == [Float(waveform.samples.count)])
    let clip = try FeatureExtractor(FeatureOptions(), rateHz: 16000).extract(waveform)
    let (mel, mfcc) = (try #require(clip[.mel]), try #require(clip[.mfcc]))
    #expect(abs(try #require(mel.values.max()) - (try values("peak"))[0]) < 0.01)
    expectParity(
      mel: mel.values[80 * 64..<140 * 64], mfcc: mfcc.values[80 * 40..<140 * 40], bands: 64,
      truth: (try values("mel"), try values("mfcc")), peak: try values("peak")[0])
  }

  /// The log-mel bands of 16 kHz samples by the default options.
  func bands(_ samples: [Float]) throws -> FeatureMatrix {
    var options = FeatureOptions()
    options.fusion = .mel
    let extractor = try FeatureExtractor(options, rateHz: 16000)
    return try #require(extractor.extract(Waveform(samples: samples, rateHz: 16000))[.mel])
  }

  @Test(
    "a pure tone peaks in the band whose center is nearest", arguments: [120.0, 700, 2500, 6000])
  func tone(hz: Double) throws {
    let samples = (0..<16000).map { Float(0.5 * sin(2 * .pi * hz * Double($0) / 16000)) }
    let bands = try bands(samples)
    let (low, high) = (MelScale.mel(fromHz: 50), MelScale.mel(fromHz: 8000))
    let nearest = ((MelScale.mel(fromHz: hz) - low) / (high - low) * 65).rounded() - 1
    for frame in 5..<95 {
      let row = Array(bands.values[frame * 64..<(frame + 1) * 64])
      let peak = try #require(row.indices.max { row[$0] < row[$1] })
      #expect(abs(Double(peak) - nearest) <= 1, "frame \(frame)")
    }
  }

  @Test("silence lies at the floor of −100 dB, and all its cepstrum is in the first coefficient")
  func silence() throws {
    let waveform = Waveform(samples: [Float](repeating: 0, count: 8000), rateHz: 16000)
    let clip = try FeatureExtractor(FeatureOptions(), rateHz: 16000).extract(waveform)
    let (mel, mfcc) = (try #require(clip[.mel]), try #require(clip[.mfcc]))
    #expect(mel.values.allSatisfy { abs($0 + 100) < 1e-4 })
    for frame in 0..<mfcc.frames {
      let row = mfcc.values[frame * 40..<(frame + 1) * 40]
      #expect(abs(try #require(row.first) + 800) < 1e-3, "−100·√64")
      #expect(row.dropFirst().allSatisfy { abs($0) < 1e-3 })
    }
  }

  @Test("twice the amplitude is 6.02 dB in every band")
  func amplitude() throws {
    let samples = noise(5000, seed: 1)
    let (single, double) = (try bands(samples), try bands(samples.map { 2 * $0 }))
    let deviation = Deviation(
      double.values, from: single.values.map { $0 + Float(20 * log10(2.0)) }, absolute: 1e-4,
      relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
  }

  @Test("the power of all frequencies is the energy of the windowed frame (Parseval)")
  func parseval() {
    let samples = noise(1600, seed: 2)
    let stft = STFT(Framer(FramingOptions(), rateHz: 16000))
    let power = stft.power(samples)
    for frame in 0..<power.frames {
      let row = power.values[frame * 257..<(frame + 1) * 257].map(Double.init)
      let energy = (0..<400).reduce(0.0) { sum, n in
        let index = frame * 160 - 200 + n
        let sample = samples.indices.contains(index) ? Double(samples[index]) : 0
        let value = sample * (0.5 - 0.5 * cos(2 * .pi * Double(n) / 400))
        return sum + value * value
      }
      let total = (2 * row.reduce(0, +) - row[0] - row[256]) / 512
      #expect(abs(total - energy) <= 1e-5 * energy + 1e-12, "frame \(frame)")
    }
  }

  @Test("there are 1 + ⌊samples / hop⌋ frames, of any length of signal")
  func frames() throws {
    let extractor = try FeatureExtractor(FeatureOptions(), rateHz: 16000)
    for samples in [400, 401, 479, 480, 481, 10239, 10240, 10241, 16000] {
      let clip = try extractor.extract(
        Waveform(samples: noise(samples, seed: 3), rateHz: 16000))
      #expect(clip.frames == 1 + samples / 160)
      #expect(clip.frames == extractor.frames(samples: samples))
    }
  }

  @Test("a long signal has the frames of its parts")
  func parts() throws {
    let samples = noise(160 * 200, seed: 4)
    let whole = try bands(samples)
    let tail = try bands(Array(samples[(160 * 60)...]))
    // The first two frames of the tail see zeros where the whole has sound.
    #expect(Array(whole.values[(62 * 64)...]) == Array(tail.values[(2 * 64)...]))
  }

  @Test(
    "each fusion gets the features that it needs, and the same numbers as every other",
    arguments: FeatureOptions.Fusion.allCases.filter { $0 != .encoder })
  func kinds(fusion: FeatureOptions.Fusion) throws {
    let waveform = Waveform(samples: noise(3000, seed: 5), rateHz: 16000)
    var options = FeatureOptions()
    (options.mel.bands, options.mfcc.coefficients, options.mfcc.deltas) = (8, 8, 2)
    options.prosody = ProsodyOptions()
    options.fusion = fusion
    let kinds = options.kinds
    let clip = try FeatureExtractor(options, rateHz: 16000).extract(waveform)
    for kind in FeatureKind.allCases where kind != .encoder {
      #expect(clip[kind]?.bins == (kinds.contains(kind) ? options.bins(of: kind) : nil))
      let other = try #require(
        FeatureOptions.Fusion.allCases.last {
          options.fusion = $0
          return options.kinds.contains(kind)
        })
      options.fusion = other
      let elsewhere = try FeatureExtractor(options, rateHz: 16000).extract(waveform)
      #expect(clip[kind] == nil || clip[kind] == elsewhere[kind], "\(kind) of \(other)")
    }
  }

  @Test("fusions of the same features share one extraction")
  func shared() {
    func extracted(_ prosody: ProsodyOptions?) -> [FeatureOptions.Fusion] {
      FeatureOptions.Fusion.allCases.map {
        var options = FeatureOptions()
        (options.fusion, options.prosody) = ($0, prosody)
        return options.extracted
      }
    }
    let truth: [FeatureOptions.Fusion] =
      [.mel, .mfcc, .prosody, .spectral, .functionals]
      + [.concat, .concat, .concat, .concat, .concat, .encoder]
    #expect(extracted(nil) == truth)
    #expect(extracted(ProsodyOptions()) == truth)
  }

  @Test("the same bytes from one and four threads that share an extractor")
  func threads() async throws {
    let extractor = try FeatureExtractor(FeatureOptions(), rateHz: 16000)
    let waveforms = (0..<16).map {
      Waveform(samples: noise(2000 + 777 * $0, seed: UInt64($0)), rateHz: 16000)
    }
    let alone = try waveforms.map { try extractor.extract($0) }
    try await withThrowingTaskGroup(of: (Int, ClipFeatures).self) { group in
      for (index, waveform) in waveforms.enumerated() {
        group.addTask { (index, try extractor.extract(waveform)) }
      }
      for try await (index, clip) in group { #expect(clip == alone[index]) }
    }
  }

  @Test("a clip of less than one window is refused")
  func tooShort() throws {
    let extractor = try FeatureExtractor(FeatureOptions(), rateHz: 16000)
    let error = #expect(throws: FeatureError.self) {
      try extractor.extract(Waveform(samples: noise(399, seed: 6), rateHz: 16000))
    }
    #expect(
      error?.description == "the clip is too short: 399 samples at 16000 Hz are less than one "
        + "window of 400; leave it out or use a shorter window.")
  }

  @Test("cache keys spell every parameter that moves a feature, and no other")
  func cacheKeys() {
    let (options, audio) = (FeatureOptions(), AudioOptions())
    // Features that kernels of another kind made have other last digits.
    let revisions = "features_revision=2 kernels=\(KernelSetup.current.kind) audio_revision=2"
    #expect(
      ExtractionSettings(options, audio: audio).cacheKey(of: .mfcc)
        == "feature=mfcc \(revisions) rate_hz=16000 trim_db=none clip_s=3.0 "
        + "crop=center window_ms=25.0 hop_ms=10.0 mel.bands=64 mel.low_hz=50.0 mel.high_hz=8000.0 "
        + "mfcc.coefficients=40 mfcc.deltas=0")
    let played = ExtractionSettings(options, audio: audio, speed: 0.9).cacheKey(of: .mel)
    #expect(
      played == ExtractionSettings(options, audio: audio).cacheKey(of: .mel) + " speed=0.9")
    #expect(
      ExtractionSettings(options, audio: audio).cacheKey(of: .prosody)
        == "feature=prosody \(revisions) rate_hz=16000 trim_db=none "
        + "clip_s=3.0 crop=center window_ms=25.0 hop_ms=10.0 prosody.low_hz=50.0 prosody.high_hz=500.0"
    )
    var narrow = options
    narrow.prosody = ProsodyOptions()
    narrow.prosody?.lowHz = 75
    #expect(
      ExtractionSettings(narrow, audio: audio).cacheKey(of: .prosody)
        .hasSuffix("prosody.low_hz=75.0 prosody.high_hz=500.0"))
    func keys(_ change: (inout FeatureOptions, inout AudioOptions) -> Void) -> [String] {
      var (options, audio) = (options, audio)
      change(&options, &audio)
      return [FeatureKind.mel, .mfcc].map {
        ExtractionSettings(options, audio: audio).cacheKey(of: $0)
      }
    }
    let same = keys { _, _ in }
    let changes: [(inout FeatureOptions, inout AudioOptions) -> Void] = [
      { $1.rateHz = 8000 }, { $1.trimDb = 35 }, { $1.clipS = 2 }, { $1.crop = .start },
      { options, _ in options.framing.windowMs = 20 },
      { options, _ in options.framing.hopMs = 5 }, { options, _ in options.mel.bands = 40 },
      { options, _ in options.mel.lowHz = 0 }, { options, _ in options.mel.highHz = 7000 },
    ]
    for (index, change) in changes.enumerated() {
      #expect(zip(keys(change), same).allSatisfy { $0 != $1 }, "change \(index)")
    }
    #expect(keys { options, _ in options.mfcc.coefficients = 13 }[0] == same[0])
    #expect(keys { options, _ in options.mfcc.coefficients = 13 }[1] != same[1])
    #expect(keys { options, _ in options.mfcc.deltas = 1 }[1] != same[1])
    #expect(
      keys { options, audio in
        (options.fusion, options.normalization, audio.unreadable) = (.stack, .none, .drop)
      } == same)
  }
}
