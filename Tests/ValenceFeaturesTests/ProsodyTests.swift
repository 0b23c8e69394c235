import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@testable import ValenceFeatures

@Suite("Prosody")
struct ProsodyTests {
  static let rateHz = 16000

  /// Pitch, voicing, probability and energy of each frame, then their slopes.
  func prosody(_ samples: [Float], rateHz: Int = rateHz) throws -> [[Float]] {
    var options = FeatureOptions()
    options.fusion = .prosody
    let clip = try FeatureExtractor(options, rateHz: rateHz)
      .extract(Waveform(samples: samples, rateHz: rateHz))
    let matrix = try #require(clip[.prosody])
    #expect(matrix.bins == 8 && matrix.values.allSatisfy(\.isFinite))
    return (0..<8).map { bin in (0..<matrix.frames).map { matrix.values[$0 * 8 + bin] } }
  }

  /// A buzz of ten harmonics.
  func voice(hz: Double, count: Int, level: Double = 0.1) -> [Float] {
    (0..<count).map { n in
      Float(
        (1...10).reduce(0.0) { sum, harmonic in
          let angle = 2 * Double.pi * Double(harmonic) * hz * Double(n) / Double(Self.rateHz)
          return sum + level * sin(angle + Double(harmonic)) / Double(harmonic)
        })
    }
  }

  func tracker(_ options: ProsodyOptions = ProsodyOptions(), rateHz: Int = rateHz) -> F0Tracker {
    F0Tracker(options, framing: FramingOptions(), rateHz: rateHz)
  }

  @Test(
    "F0 is that of pyin with this difference function, in every frame",
    arguments: ["low", "middle", "high", "narrow"])
  func exact(name: String) throws {
    let arrays = try Fixture(.module).arrays("prosody/prosody.safetensors")
    func values(_ part: String) throws -> [Float] { try #require(arrays["\(name).\(part)"]).values }
    let track = tracker(rateHz: Int(try values("rate_hz")[0])).track(try values("signal"))
    let (f0Hz, probability) = (try values("f0_hz"), try values("probability"))
    #expect(track.f0Hz.count == f0Hz.count)
    #expect(track.f0Hz.map { $0 > 0 } == f0Hz.map { $0 > 0 })
    // The reference gives the middle of a bin, a tenth of a semitone wide; ours is refined within it.
    let far = Deviation(track.f0Hz, from: f0Hz, absolute: 0, relative: pow(2, 0.0505 / 12) - 1)
    #expect(far.isWithin, "\(far)")
    let probable = Deviation(
      track.voicingProbability, from: probability, absolute: 1e-3, relative: 0)
    #expect(probable.isWithin, "\(probable)")
  }

  @Test("a steady voice has its F0, at any pitch", arguments: [55.0, 83, 120, 201, 333, 480])
  func steady(hz: Double) throws {
    let bins = try prosody(voice(hz: hz, count: 8000))
    let semitones = 12 * log2(hz / 27.5)
    for frame in 8..<bins[0].count - 8 {
      #expect(abs(Double(bins[0][frame]) - semitones) < 0.05, "frame \(frame)")
      #expect(bins[1][frame] == 1 && bins[2][frame] > 0.95)
      #expect(abs(bins[4][frame]) < 0.02 && bins[5][frame] == 0)
    }
    // A sine of amplitude a has a mean square of a² / 2; the window sees few periods of a low voice.
    let power = (1...10).reduce(0.0) { $0 + 0.005 / Double($1 * $1) }
    #expect(abs(Double(bins[3][20]) - 10 * log10(power)) < 1.5)
  }

  @Test("a glide moves as it does, a semitone a frame")
  func glide() throws {
    var phase = 0.0
    let samples = (0..<4800).map { n -> Float in
      phase += 2 * Double.pi * 100 * pow(2, Double(n) / 160 / 24) / 16000
      return Float(0.2 * sin(phase) + 0.1 * sin(2 * phase) + 0.1 * sin(3 * phase))
    }
    let bins = try prosody(samples)
    for frame in 6..<24 {
      let truth = 12 * log2(100 / 27.5) + Double(frame) / 2
      #expect(abs(Double(bins[0][frame]) - truth) < 0.15, "frame \(frame)")
      #expect(abs(bins[4][frame] - 0.5) < 0.05)
    }
  }

  @Test("unvoiced frames lie on the line between their voiced neighbors, the ends at the nearest")
  func gaps() throws {
    let silence = [Float](repeating: 0, count: 3200)
    let samples =
      silence + voice(hz: 100, count: 4800) + silence + voice(hz: 200, count: 4800) + silence
    let bins = try prosody(samples)
    let voiced = bins[1].indices.filter { bins[1][$0] == 1 }
    let (first, last) = (try #require(voiced.first), try #require(voiced.last))
    #expect(abs(first - 20) < 5 && abs(last - 99) < 5 && voiced.count < 70)
    #expect(bins[0][..<first].allSatisfy { $0 == bins[0][first] })
    #expect(bins[0][last...].allSatisfy { $0 == bins[0][last] })
    let (left, right) = try #require(zip(voiced, voiced.dropFirst()).first { $1 > $0 + 5 })
    for frame in left + 1..<right {
      let share = Float(frame - left) / Float(right - left)
      let line = bins[0][left] + share * (bins[0][right] - bins[0][left])
      #expect(bins[1][frame] == 0 && abs(bins[0][frame] - line) < 1e-3)
    }
    #expect(bins[0][right] - bins[0][left] > 11)
  }

  @Test("silence, an offset and a step have no pitch", arguments: [0, 0.3, -1])
  func offset(level: Float) throws {
    let bins = try prosody([Float](repeating: level, count: 8000))
    let middle = Float(12 * log2((50.0 * 500).squareRoot() / 27.5))
    #expect(bins[0].allSatisfy { $0 == middle })
    #expect(bins[1].allSatisfy { $0 == 0 } && bins[2].allSatisfy { $0 == 0 })
    #expect(bins[3].allSatisfy { abs($0 + 100) < 1e-3 })
  }

  @Test("an offset changes nothing of a voice")
  func offsetVoice() throws {
    let samples = voice(hz: 150, count: 8000)
    let (plain, shifted) = (try prosody(samples), try prosody(samples.map { $0 + 0.2 }))
    for bin in [0, 2, 3] {
      let far = Deviation(shifted[bin], from: plain[bin], absolute: 0.02, relative: 0)
      #expect(far.isWithin, "bin \(bin): \(far)")
    }
    #expect(plain[1] == shifted[1])
  }

  @Test("noise is seldom voiced, and its probability is low")
  func unvoicedNoise() throws {
    let bins = try prosody(noise(32000, seed: 3))
    #expect(bins[1].reduce(0, +) < 0.1 * Float(bins[1].count))
    #expect(bins[2].reduce(0, +) < 0.1 * Float(bins[2].count))
    #expect(bins[3][2..<198].allSatisfy { abs($0 + 20) < 3 }, "its standard deviation is 0.1")
  }

  @Test(
    "clips of any length have as many frames as their mel bands",
    arguments: [
      400, 401, 480, 799, 800, 801, 1601, 16000,
    ])
  func frames(count: Int) throws {
    var options = FeatureOptions()
    options.prosody = ProsodyOptions()
    let extractor = try FeatureExtractor(options, rateHz: Self.rateHz)
    let clip = try extractor.extract(Waveform(samples: voice(hz: 220, count: count), rateHz: 16000))
    #expect(clip[.prosody]?.frames == clip[.mel]?.frames && clip.frames == 1 + count / 160)
    #expect(clip[.prosody]?.values.allSatisfy(\.isFinite) == true)
  }

  @Test("nothing outside of the band is found")
  func band() {
    var high = ProsodyOptions()
    (high.lowHz, high.highHz) = (150, 600)
    let outside = tracker(high).track(voice(hz: 100, count: 8000))
    #expect(outside.f0Hz.allSatisfy { $0 == 0 || (149...605).contains($0) })
    let inside = tracker(high).track(voice(hz: 300, count: 8000))
    #expect(inside.f0Hz[10..<40].allSatisfy { abs($0 - 300) < 2 })
  }

  @Test(
    "short and long hops have the frames and the pitch of their framing", arguments: [1.0, 5, 25])
  func hops(hopMs: Double) {
    var framing = FramingOptions()
    framing.hopMs = hopMs
    let track = F0Tracker(ProsodyOptions(), framing: framing, rateHz: 16000)
      .track(voice(hz: 140, count: 6400))
    #expect(track.f0Hz.count == 1 + 6400 / Int(16 * hopMs))
    let middle = track.f0Hz.count / 2
    #expect(abs(track.f0Hz[middle] - 140) < 0.5)
  }
}

/// How far two tracks of F0 agree.
struct Agreement: CustomStringConvertible {
  var frames = 0
  var bothVoiced = 0
  var within = 0
  var octaves = 0
  var sameVoicing = 0
  var voiced = (ours: 0, theirs: 0)

  /// Counts frames of which both say something; 0 is unvoiced.
  mutating func count(_ ours: [Float], _ theirs: [Float]) {
    for (a, b) in zip(ours, theirs) {
      frames += 1
      voiced.ours += a > 0 ? 1 : 0
      voiced.theirs += b > 0 ? 1 : 0
      sameVoicing += (a > 0) == (b > 0) ? 1 : 0
      guard a > 0, b > 0 else { continue }
      bothVoiced += 1
      within += abs(a / b - 1) <= 0.05 ? 1 : 0
      octaves += abs(log2(a / b)) > 0.8 ? 1 : 0
    }
  }

  var description: String {
    func percent(_ part: Int, of whole: Int) -> String {
      String(format: "%.2f %%", 100 * Double(part) / Double(max(1, whole)))
    }
    return "\(frames) frames, both voiced \(bothVoiced): within 5 % "
      + "\(percent(within, of: bothVoiced)), octave errors \(percent(octaves, of: bothVoiced)); "
      + "voicing alike \(percent(sameVoicing, of: frames)), voiced "
      + "\(percent(voiced.ours, of: frames)) against \(percent(voiced.theirs, of: frames))"
  }
}

@Suite("F0 and librosa's pyin")
struct F0AgreementTests {
  @Test("agree on synthetic voices", arguments: ["low", "middle", "high", "narrow"])
  func synthetic(name: String) throws {
    let arrays = try Fixture(.module).arrays("prosody/prosody.safetensors")
    func values(_ part: String) throws -> [Float] { try #require(arrays["\(name).\(part)"]).values }
    let rateHz = Int(try values("rate_hz")[0])
    let track = F0Tracker(ProsodyOptions(), framing: FramingOptions(), rateHz: rateHz)
      .track(try values("signal"))
    var agreement = Agreement()
    agreement.count(track.f0Hz, try values("librosa_f0_hz"))
    #expect(agreement.within * 10 >= agreement.bothVoiced * 9, "\(agreement)")
    #expect(agreement.bothVoiced > 15 && agreement.octaves == 0, "\(agreement)")
  }

  @Test(
    "agree on a hundred clips of three corpora",
    .enabled(
      if: FileManager.default.fileExists(
        atPath: FeatureExtractorTests.corpora.appending(path: "ravdess").path),
      "skipped: no corpora in ../shared/corpora beside the package or in $VALENCE_SHARED/corpora"),
    arguments: ["ravdess", "emovo", "emodb"])
  func corpus(name: String) throws {
    let truth = try Fixture(.module).arrays("prosody/corpora.safetensors")
      .filter { $0.key.hasPrefix(name + "/") }
    #expect(truth.count >= 33)
    var audio = AudioOptions()
    audio.crop = .start
    let tracker = F0Tracker(ProsodyOptions(), framing: FramingOptions(), rateHz: 16000)
    var agreement = Agreement()
    for file in truth.keys.sorted() {
      let waveform = try AudioReader.read(
        FeatureExtractorTests.corpora.appending(path: file), options: audio)
      let track = tracker.track(waveform.samples)
      let theirs = try #require(truth[file]).values
      #expect(track.f0Hz.count == theirs.count, "\(file)")
      agreement.count(track.f0Hz, theirs)
    }
    print("F0 against librosa's pyin, \(name): \(agreement)")
    #expect(agreement.within * 100 >= agreement.bothVoiced * 95, "\(agreement)")
    #expect(agreement.octaves * 200 <= agreement.bothVoiced, "\(agreement)")
    #expect(agreement.sameVoicing * 100 >= agreement.frames * 85, "\(agreement)")
    #expect(agreement.bothVoiced > 2000, "\(agreement)")
  }
}
