import Testing
import ValenceCore
import ValenceKernels

@testable import ValenceNN

@Suite("SpecAugment")
struct SpecAugmentTests {
  private let branch = NetworkInput.Branch(name: "stack", channels: 2, bins: 9)

  private func options(
    time: (Int, Int) = (0, 0), frequency: (Int, Int) = (0, 0)
  ) -> SpecAugmentOptions {
    var options = SpecAugmentOptions()
    (options.timeMasks, options.timeFrames) = time
    (options.freqMasks, options.freqBins) = frequency
    return options
  }

  /// Which of `[T, 9]` positions were masked; both planes must agree.
  private func masked(_ options: SpecAugmentOptions, frames: Int, seed: UInt64) -> [[Bool]] {
    let clip = Floats(zeros: frames * 18)
    clip.fill(1)
    var random = RandomStream(seed: seed, "augmentation")
    SpecAugment(options).mask(clip, branch: branch, random: &random)
    return (0..<frames).map { frame in
      (0..<9).map { bin in
        let pair = (clip[(frame * 9 + bin) * 2], clip[(frame * 9 + bin) * 2 + 1])
        #expect(pair == (0, 0) || pair == (1, 1))
        return pair.0 == 0
      }
    }
  }

  @Test("a time mask is one stretch of whole frames, of every length up to its greatest")
  func masksTime() {
    var lengths: Set<Int> = []
    for seed in 0..<200 {
      let frames = masked(options(time: (1, 4)), frames: 11, seed: UInt64(seed))
      #expect(frames.allSatisfy { Set($0).count == 1 })
      let hit = frames.indices.filter { frames[$0][0] }
      lengths.insert(hit.count)
      if let first = hit.first, let last = hit.last { #expect(last - first + 1 == hit.count) }
    }
    #expect(lengths == [0, 1, 2, 3, 4])
  }

  @Test("a frequency mask is one stretch of bins in all frames")
  func masksFrequency() {
    var widths: Set<Int> = []
    var ends: Set<Int> = []
    for seed in 0..<200 {
      let frames = masked(options(frequency: (1, 3)), frames: 5, seed: UInt64(seed))
      #expect(Set(frames).count == 1)
      let hit = frames[0].indices.filter { frames[0][$0] }
      widths.insert(hit.count)
      if let first = hit.first, let last = hit.last {
        #expect(last - first + 1 == hit.count)
        ends.formUnion([first, last])
      }
    }
    #expect(widths == [0, 1, 2, 3])
    #expect(ends == Set(0..<9))
  }

  @Test("a clip shorter than the longest mask is masked at most in whole")
  func masksShortClips() {
    let counts = Set(
      (0..<100).map { seed in
        masked(options(time: (1, 30)), frames: 2, seed: seed).filter { $0[0] }.count
      })
    #expect(counts == [0, 1, 2])
  }

  @Test("a vector of the whole clip is left as it is")
  func leavesVectors() {
    let clip = Floats(zeros: 9)
    clip.fill(1)
    let branch = NetworkInput.Branch(name: "vector", channels: 1, bins: 9, form: .vector)
    for seed in 0..<20 {
      var random = RandomStream(seed: UInt64(seed), "augmentation")
      SpecAugment(options(time: (2, 5), frequency: (2, 5)))
        .mask(clip, branch: branch, random: &random)
      #expect(clip.array == [Float](repeating: 1, count: 9))
    }
  }

  @Test("an encoder's frames have masks over time alone, drawn as those of images are")
  func masksFrames() {
    let frames = NetworkInput.Branch(
      name: "encoder", channels: 2, bins: 9, form: .frames(averaging: 1))
    let both = options(time: (1, 4), frequency: (2, 9))
    for seed in 0..<50 {
      let (image, clip) = (Floats(zeros: 11 * 18), Floats(zeros: 11 * 18))
      for values in [image, clip] { values.fill(1) }
      var randoms = (0..<2).map { _ in RandomStream(seed: UInt64(seed), "augmentation") }
      SpecAugment(options(time: (1, 4))).mask(image, branch: branch, random: &randoms[0])
      SpecAugment(both).mask(clip, branch: frames, random: &randoms[1])
      #expect(clip.array == image.array)
    }
  }

  @Test("the same stream masks the same places, no masks leave the clip alone")
  func followsItsStream() {
    let both = options(time: (2, 6), frequency: (2, 4))
    #expect(masked(both, frames: 20, seed: 1) == masked(both, frames: 20, seed: 1))
    #expect(masked(both, frames: 20, seed: 1) != masked(both, frames: 20, seed: 2))
    #expect(!masked(options(), frames: 20, seed: 1).joined().contains(true))
  }
}
