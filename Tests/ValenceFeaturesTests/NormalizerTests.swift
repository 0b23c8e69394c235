import Foundation
import Testing
import ValenceCore
import ValenceFeatures
import ValenceTestSupport

@Suite("Normalization")
struct NormalizerTests {
  func clips(_ random: inout RandomStream, bins: Int) -> [FeatureMatrix] {
    (0..<1 + random.below(6)).map { _ in
      let frames = 1 + random.below(40)
      let values = (0..<frames * bins).map {
        Float(random.normal() * 5 - 60 + 3 * Double($0 % bins))
      }
      return FeatureMatrix(frames: frames, bins: bins, values: values)
    }
  }

  @Test("moments merged clip by clip are those of all frames together, however grouped")
  func merging() throws {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "moments")
      let bins = 1 + random.below(9)
      let clips = clips(&random, bins: bins)
      let all = BinMoments(
        FeatureMatrix(
          frames: clips.map(\.frames).reduce(0, +), bins: bins, values: clips.flatMap(\.values)))
      let parts = clips.map(BinMoments.init)
      let left = try #require(BinMoments.merged(parts))
      let right = try #require(
        BinMoments.merged([parts[0], BinMoments.merged(parts.dropFirst())].compactMap(\.self)))
      for merged in [left, right] {
        #expect(merged.frames == all.frames)
        for bin in 0..<bins {
          #expect(abs(merged.means[bin] - all.means[bin]) < 1e-9, "seed \(seed)")
          let (a, b) = (merged.squaredDeviations[bin], all.squaredDeviations[bin])
          #expect(abs(a - b) <= 1e-9 * max(b, 1), "seed \(seed)")
        }
      }
    }
  }

  @Test("no digits are lost where the mean is a million deviations away")
  func stability() {
    let values: [Float] = [1_000_000, 1_000_001, 1_000_002]
    let clips = values.map { BinMoments(FeatureMatrix(frames: 1, bins: 1, values: [$0])) }
    let merged = BinMoments.merged(clips)
    #expect(merged?.means == [1_000_001])
    #expect(abs((merged?.squaredDeviations[0] ?? 0) - 2) < 1e-9)
  }

  @Test("the frames that were fitted to have zero mean and unit variance in each bin")
  func fitted() throws {
    var random = RandomStream(seed: 1, "fit")
    var clips = clips(&random, bins: 7)
    let fitted = Normalizer.fit(on: clips.map(BinMoments.init), source: .corpus("emovo"))
    let normalizer = try #require(fitted)
    #expect(normalizer.source == .corpus("emovo"))
    for index in clips.indices { normalizer.apply(to: &clips[index]) }
    let moments = try #require(BinMoments.merged(clips.map(BinMoments.init)))
    for bin in 0..<7 {
      #expect(abs(moments.means[bin]) < 1e-5)
      #expect(abs(moments.squaredDeviations[bin] / Double(moments.frames) - 1) < 1e-5)
    }
  }

  @Test("a constant bin is centered, not blown up")
  func constantBin() throws {
    let training = FeatureMatrix(
      frames: 3, bins: 2, values: [-100, 1, -100, 2, -99.9999, 3])
    let normalizer = Normalizer(BinMoments(training), source: .trainingFold)
    var test = FeatureMatrix(frames: 1, bins: 2, values: [-40, 2])
    normalizer.apply(to: &test)
    #expect(abs(test.values[0] - 60) < 1e-3 && test.values[1] == 0)
    #expect(abs(normalizer.deviations[1] - Float((2.0 / 3).squareRoot())) < 1e-6)
  }

  @Test("no clips, no normalizer")
  func nothing() {
    #expect(Normalizer.fit(on: [], source: .speaker("f1")) == nil)
  }

  @Test("each feature of a clip is normalized by its own statistics")
  func clip() {
    let mel = FeatureMatrix(frames: 2, bins: 1, values: [1, 3])
    let mfcc = FeatureMatrix(frames: 2, bins: 1, values: [10, 30])
    var clip = ClipFeatures([.mel: mel, .mfcc: mfcc])
    clip.normalize(by: [
      .mel: Normalizer(BinMoments(mel), source: .trainingFold),
      .mfcc: Normalizer(BinMoments(mfcc), source: .trainingFold),
    ])
    #expect(clip[.mel]?.values == [-1, 1] && clip[.mfcc]?.values == [-1, 1])
  }
}
