import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@testable import ValenceFeatures

/// What the reference makes of clips: `make_functionals.py`.
struct FunctionalsReference {
  static let clips = ["low", "middle", "high", "brief", "noise"]
  static let corpora = [
    "ravdess/03-01-05-02-01-01-01.flac", "ravdess/03-01-04-01-02-02-16.flac",
    "emovo/gio-f1-b1.flac", "emodb/03a01Wa.flac",
  ]

  let names: (vector: [String], spectral: [String])
  /// How much each number of the vector varies over the clips of four corpora.
  let scale: [Float]
  private let arrays: [String: Safetensors.Array]

  init() throws {
    let url = Fixture(.module).folder.appending(path: "functionals/functionals.safetensors")
    let file = try Safetensors(decoding: Data(contentsOf: url), name: "functionals")
    func list(_ note: String) throws -> [String] {
      try #require(file.metadata[note]).split(separator: " ").map(String.init)
    }
    names = (try list("vector"), try list("spectral"))
    arrays = file.arrays.dictionary
    scale = try #require(arrays["scale"]).values
  }

  func values(_ name: String) throws -> [Float] { try #require(arrays[name], "\(name)").values }
}

extension FunctionalsOptions.Source {
  /// What the reference has; eGeMAPS has tests of its own.
  static let ofReference = allCases.filter { $0 != .egemaps }
}

extension FeatureOptions {
  /// Frames of 32 ms, and all functionals that there are.
  static func vector(
    _ of: [FunctionalsOptions.Source] = FunctionalsOptions.Source.ofReference
  ) -> FeatureOptions {
    var options = FeatureOptions()
    options.framing.windowMs = 32
    options.fusion = .functionals
    var functionals = FunctionalsOptions()
    functionals.of = of
    options.functionals = functionals
    return options
  }

  func functionals(_ samples: [Float], rateHz: Int = 16000) throws -> [String: Float] {
    let clip = try FeatureExtractor(self, rateHz: rateHz)
      .extract(Waveform(samples: samples, rateHz: rateHz))
    let matrix = try #require(clip[.functionals])
    let names = binNames(of: .functionals)
    #expect(matrix.frames == 1 && matrix.bins == names.count && clip.frames == 1)
    #expect(matrix.bins == bins(of: .functionals))
    #expect(matrix.values.allSatisfy { $0.isFinite })
    return Dictionary(uniqueKeysWithValues: zip(names, matrix.values))
  }

  /// The frames of spectral descriptors by their names.
  static func spectral(
    _ samples: [Float], _ framing: FramingOptions = vector().framing, rateHz: Int = 16000
  ) throws -> [String: [Float]] {
    var options = FeatureOptions()
    (options.framing, options.fusion) = (framing, .spectral)
    let clip = try FeatureExtractor(options, rateHz: rateHz)
      .extract(Waveform(samples: samples, rateHz: rateHz))
    let matrix = try #require(clip[.spectral])
    #expect(matrix.values.allSatisfy { $0.isFinite })
    return Dictionary(
      uniqueKeysWithValues: options.binNames(of: .spectral).enumerated().map { bin, name in
        (name, (0..<matrix.frames).map { matrix.values[$0 * matrix.bins + bin] })
      })
  }
}

@Suite("Functionals and spectral descriptors beside the reference")
struct FunctionalsParityTests {
  /// Expects each number within 1e-4 of what it varies by.
  func expectParity(_ ours: [String: Float], _ clip: String, _ reference: FunctionalsReference)
    throws
  {
    let theirs = try reference.values("\(clip).vector")
    #expect(ours.count == reference.names.vector.count && theirs.count == ours.count)
    var far: [String] = []
    for (index, name) in reference.names.vector.enumerated() {
      let value = try #require(ours[name], "\(name) is missing")
      let distance = abs(value - theirs[index]) / max(reference.scale[index], 1e-7)
      if distance > 1e-4 { far.append("\(name): \(value), not \(theirs[index]), \(distance)") }
    }
    #expect(far.isEmpty, "\(far.count): \(far.prefix(20).joined(separator: "\n"))")
  }

  /// Expects each descriptor within 1e-4 of what it varies by over these frames.
  func expectParity(
    _ ours: [String: [Float]], every step: Int, _ truth: [Float],
    _ reference: FunctionalsReference
  ) throws {
    let names = reference.names.spectral
    #expect(Set(names) == Set(SpectralDescriptors.names))
    for (bin, name) in names.enumerated() {
      let theirs = stride(from: bin, to: truth.count, by: names.count).map { truth[$0] }
      let values = try #require(ours[name])
      let own = stride(from: 0, to: values.count, by: step).map { values[$0] }
      let mean = theirs.reduce(0, +) / Float(theirs.count)
      let squares = theirs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let scale = (squares / Float(theirs.count)).squareRoot()
      // In a steady sound what varies little does so by the rounding of its size.
      let far = Deviation(own, from: theirs, absolute: Double(1e-4 * scale), relative: 1e-5)
      #expect(far.isWithin, "\(name): \(far)")
    }
  }

  @Test("synthetic voices and noise", arguments: FunctionalsReference.clips)
  func synthetic(clip: String) throws {
    let reference = try FunctionalsReference()
    let samples = try reference.values("\(clip).signal")
    try expectParity(FeatureOptions.vector().functionals(samples), clip, reference)
    try expectParity(
      FeatureOptions.spectral(samples), every: 1, reference.values("\(clip).spectral"), reference)
  }

  @Test(
    "real speech",
    .enabled(
      if: FileManager.default.fileExists(
        atPath: FeatureExtractorTests.corpora.appending(path: "ravdess").path),
      "skipped: no corpora in ../shared/corpora beside the package or in $VALENCE_SHARED/corpora"),
    arguments: FunctionalsReference.corpora)
  func speech(clip: String) throws {
    let reference = try FunctionalsReference()
    var audio = AudioOptions()
    (audio.trimDb, audio.clipS) = (35, 15)
    let samples = try AudioReader.read(
      FeatureExtractorTests.corpora.appending(path: clip), options: audio
    ).samples
    try expectParity(FeatureOptions.vector().functionals(samples), clip, reference)
    try expectParity(
      FeatureOptions.spectral(samples), every: 10, reference.values("\(clip).spectral"),
      reference)
  }
}

@Suite("Functionals")
struct FunctionalsTests {
  /// A buzz of ten harmonics, at times only.
  func voice(
    hz: Double, count: Int, level: Double = 0.1, isOn: (Double) -> Double = { _ in 1 }
  ) -> [Float] {
    (0..<count).map { n in
      let time = Double(n) / 16000
      let sum = (1...10).reduce(0.0) { $0 + sin(2 * .pi * Double($1) * hz * time) / Double($1) }
      return Float(level * isOn(time) * sum)
    }
  }

  @Test("names tell all numbers apart, and groups hold them all in their order")
  func names() {
    var options = FunctionalsOptions()
    #expect(options.bins == 1827 && options.names.count == 1827)
    options.of = FunctionalsOptions.Source.allCases
    #expect(options.bins == 2766 && Set(options.names).count == 2766)
    #expect(options.names.contains("f0_semitones_mean"))
    #expect(options.names.contains("mfcc_3_delta_std"))
    #expect(
      options.groups.map(\.name)
        == ["mfcc", "mel", "f0", "energy", "voicing", "spectral", "timing", "egemaps"])
    options.statistics = [.moments, .voiced]
    (options.melBands, options.mfccCoefficients) = (4, 2)
    #expect(options.bins == options.names.count)
  }

  @Test("a part of the vector has the numbers that the whole has")
  func parts() throws {
    let samples = voice(hz: 140, count: 12000) { sin($0 * 20) > -0.3 ? 1 : 0 }
    let whole = try FeatureOptions.vector(FunctionalsOptions.Source.allCases).functionals(samples)
    for source in FunctionalsOptions.Source.allCases {
      let part = try FeatureOptions.vector([source]).functionals(samples)
      #expect(part.allSatisfy { whole[$0.key] == $0.value }, "\(source)")
    }
    for group in FunctionalsOptions.Statistics.allCases {
      var options = FeatureOptions.vector()
      options.functionals?.statistics = [group]
      let part = try options.functionals(samples)
      #expect(part.allSatisfy { whole[$0.key] == $0.value }, "\(group)")
    }
    var other = FeatureOptions.vector(FunctionalsOptions.Source.allCases)
    (other.mel.bands, other.mfcc.coefficients, other.mfcc.deltas) = (20, 5, 2)
    #expect(try other.functionals(samples) == whole, "the network's own sizes move nothing")
  }

  @Test("numbers are finite, whatever the sound, its length, the rate and the framing")
  func finite() throws {
    let framings = [(32.0, 10.0), (25, 25), (60, 1), (200, 100), (15, 5)]
    for rateHz in [8000, 44100] {
      for (windowMs, hopMs) in framings {
        var options = FeatureOptions.vector()
        (options.framing.windowMs, options.framing.hopMs) = (windowMs, hopMs)
        let window = Int(windowMs * Double(rateHz) / 1000 + 1)
        for count in [window, window + 1, 3 * window, rateHz / 2] where count >= window {
          let silence = [Float](repeating: 0, count: count)
          var click = silence
          click[count / 2] = 1
          var late = silence
          late[count - 1] = -1
          for samples in [
            silence, click, late, silence.map { $0 + 0.3 }, silence.map { $0 + 100 },
            noise(count, seed: 3), noise(count, seed: 4).map { $0 * 1e-6 },
            (0..<count).map { $0.isMultiple(of: 2) ? 100 : -100 },
          ] {
            _ = try options.functionals(samples, rateHz: rateHz)
            _ = try FeatureOptions.spectral(samples, options.framing, rateHz: rateHz)
          }
        }
      }
    }
  }

  @Test("contours of one to six frames have statistics, voiced or not")
  func shortContours() {
    for frames in 1...6 {
      for voiced in [true, false] {
        var statistics = ContourStatistics(
          FunctionalsOptions.Statistics.allCases,
          voiced: [Bool](repeating: voiced, count: frames), hopS: 0.01)
        let contour = (0..<frames).map { Double($0 * $0) }
        let levels = ModulationSpectrum(hopS: 0.01).levels(contour, frames: frames)
        var vector: [Float] = []
        statistics.append(contour[...], modulation: levels[...], to: &vector)
        #expect(vector.count == 37 && vector.allSatisfy { $0.isFinite })
        var timing: [Float] = []
        TimingStatistics(
          voiced: [Bool](repeating: voiced, count: frames), pitch: contour, energy: contour,
          peaks: contour, hopS: 0.01
        ).append(durationS: 0.1, to: &timing)
        #expect(timing.count == 14 && timing.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test("ten times the amplitude moves levels by 20 dB, and neither F0 nor what is relative")
  func amplitude() throws {
    let samples = voice(hz: 120, count: 16000, level: 0.02) { 1 + 0.5 * sin(2 * .pi * 5 * $0) }
    let (quiet, loud) = (
      try FeatureOptions.vector().functionals(samples),
      try FeatureOptions.vector().functionals(samples.map { $0 * 10 })
    )
    func shift(_ name: String) throws -> Float {
      try #require(loud[name]) - (try #require(quiet[name]))
    }
    for name in ["energy_db_mean", "energy_db_voiced_p50", "peak_level_db_p5"] {
      #expect(abs(try shift(name) - 20) < 0.02, "\(name)")
    }
    for name in [
      "energy_db_std", "f0_semitones_mean", "energy_db_mod_4_8hz", "voiced_share",
      "alpha_ratio_db_mean", "energy_peaks_per_s", "shimmer_mean_db", "duration_log",
    ] {
      #expect(abs(try shift(name)) < 0.02, "\(name)")
    }
    // A level that swings five times a second.
    let bands = FunctionalsOptions.Statistics.modulation.names.map {
      quiet["energy_db_" + $0] ?? 0
    }
    #expect(bands.indices.max { bands[$0] < bands[$1] } == 2)
    #expect(abs(try #require(quiet["energy_peaks_per_s"]) - 5) < 1.1)
  }

  @Test("timing counts segments of voice and measures them")
  func timing() throws {
    // Voice for 0.3 s, a pause of 0.2 s, four times; F0's windows of 50 ms see a little more of it.
    let samples = voice(hz: 200, count: 32000) {
      $0.truncatingRemainder(dividingBy: 0.5) < 0.3 ? 1 : 0
    }
    let timing = try FeatureOptions.vector([.timing]).functionals(samples)
    #expect(timing.count == 14)
    #expect(abs(try #require(timing["voiced_segments_per_s"]) - 2) < 0.05)
    #expect(abs(try #require(timing["voiced_length_mean"]) - 0.3) < 0.08)
    #expect(abs(try #require(timing["unvoiced_length_mean"]) - 0.2) < 0.08)
    #expect(abs(try #require(timing["voiced_share"]) - 0.6) < 0.15)
    #expect(abs(try #require(timing["duration_log"]) - Float(log(2.1))) < 1e-5)
    // A steady voice has next to no jitter.
    #expect(try #require(timing["jitter_mean_log"]) < -3.5)
    let silent = try FeatureOptions.vector([.timing]).functionals(noise(8000, seed: 1))
    #expect(silent["jitter_mean_log"] == -4 || silent["voiced_share"] ?? 0 > 0)
  }

  @Test("normalized numbers are cut off at six deviations, frames of other features are not")
  func limit() throws {
    let wide = FeatureMatrix(frames: 1, bins: 3, values: [100, -100, 1])
    let normalizer = Normalizer(
      means: [0, 0, 0], deviations: [1, 1, 1], source: .trainingFold)
    var clip = ClipFeatures([.functionals: wide])
    clip.normalize(by: [.functionals: normalizer])
    #expect(clip[.functionals]?.values == [6, -6, 1])
    var frames = ClipFeatures([.mel: wide])
    frames.normalize(by: [.mel: normalizer])
    #expect(frames[.mel]?.values == [100, -100, 1])
  }
}

@Suite("Spectral descriptors")
struct SpectralDescriptorTests {
  func tone(_ hz: Double, level: Double = 0.5) -> [Float] {
    (0..<8000).map { Float(level * sin(2 * .pi * hz * Double($0) / 16000)) }
  }

  @Test(
    "a tone has its frequency as center and roll-off, and crosses zero twice a period",
    arguments: [310.0, 1250, 5000])
  func pure(hz: Double) throws {
    let frames = try FeatureOptions.spectral(tone(hz))
    for frame in 5..<45 {
      func value(_ name: String) throws -> Double { Double(try #require(frames[name])[frame]) }
      #expect(abs(exp(try value("spectral_centroid_log")) - 50 - hz) < 3)
      #expect(abs(exp(try value("spectral_rolloff_50_log")) - 50 - hz) < 32)
      #expect(abs(try value("zero_crossing_rate") - 2 * hz / 16000) < 0.005)
      #expect(abs(try value("peak_level_db") - 20 * log10(0.5)) < 0.2)
      #expect(abs(try value("spectral_flux_normalized")) < 0.01)
      #expect(try value("spectral_entropy") < 1.5)
    }
  }

  @Test("noise is wide, flat and without harmonics; a voice is harmonic")
  func noiseAndVoice() throws {
    let hiss = try FeatureOptions.spectral(noise(16000, seed: 2))
    func mean(_ frames: [String: [Float]], _ name: String) throws -> Float {
      let values = try #require(frames[name])[5..<45]
      return values.reduce(0, +) / Float(values.count)
    }
    #expect(abs(exp(try mean(hiss, "spectral_centroid_log")) - 4050) < 200)
    #expect(abs(exp(try mean(hiss, "spectral_spread_log")) - 8000 / Float(12).squareRoot()) < 150)
    #expect(abs(try mean(hiss, "spectral_slope_0_8000")) < 0.3)
    #expect(try mean(hiss, "harmonicity_db") < 0)
    let voice = FunctionalsTests().voice(hz: 150, count: 16000)
    #expect(try mean(FeatureOptions.spectral(voice), "harmonicity_db") > 15)
    // Higher sounds are sharper, louder ones louder.
    let (low, high) = (
      try FeatureOptions.spectral(tone(400)), try FeatureOptions.spectral(tone(4000))
    )
    #expect(try mean(high, "sharpness_log") > mean(low, "sharpness_log") + 0.5)
    let loud = try FeatureOptions.spectral(tone(400, level: 1))
    #expect(try mean(loud, "loudness_log") > mean(low, "loudness_log") + 0.1)
  }
}
