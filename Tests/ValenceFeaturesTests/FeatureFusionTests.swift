import Testing
import ValenceFeatures
import ValenceKernels

@Suite("Fusion")
struct FeatureFusionTests {
  /// A value that says where it belongs: thousands the feature, hundreds the frame, units the bin.
  func clip(frames: Int, bands: Int, cepstra: Int) -> ClipFeatures {
    func matrix(_ feature: Int, bins: Int) -> FeatureMatrix {
      FeatureMatrix(
        frames: frames, bins: bins,
        values: (0..<frames * bins).map { Float(1000 * feature + 100 * ($0 / bins) + $0 % bins) })
    }
    return ClipFeatures([
      .mel: matrix(1, bins: bands), .mfcc: matrix(2, bins: cepstra), .prosody: matrix(3, bins: 8),
    ])
  }

  func options(_ fusion: FeatureOptions.Fusion, coefficients: Int, deltas: Int) -> FeatureOptions {
    var options = FeatureOptions()
    options.mel.bands = 4
    options.mfcc.coefficients = coefficients
    options.mfcc.deltas = deltas
    options.fusion = fusion
    return options
  }

  /// The images, one after another.
  func images(_ options: FeatureOptions, frames: Int = 2) -> [[Float]] {
    images(options, of: clip(frames: frames, bands: 4, cepstra: options.bins(of: .mfcc)))
  }

  func images(_ options: FeatureOptions, of clip: ClipFeatures) -> [[Float]] {
    let fusion = FeatureFusion(options)
    return fusion.branches.indices.map { branch in
      let plane = fusion.branches[branch]
      let image = Floats(zeros: plane.frames(of: clip.frames) * plane.width + 1)
      image.fill(-7)
      fusion.write(clip, branch: branch, into: image)
      #expect(image[image.count - 1] == -7, "nothing is written behind the image")
      return image.array.dropLast()
    }
  }

  @Test(
    "a vector of the clip is by itself, last, and one frame",
    arguments: [FeatureOptions.Fusion.mel, .concat, .stack, .branches, .gated, .late])
  func vector(fusion: FeatureOptions.Fusion) {
    var beside = options(fusion, coefficients: 4, deltas: 0)
    beside.functionals = FunctionalsOptions()
    beside.functionals?.of = [.timing]
    let bins = beside.bins(of: .functionals)
    let values = (0..<bins).map(Float.init)
    let frames = clip(frames: 3, bands: 4, cepstra: 4)
    var matrices = [FeatureKind.functionals: FeatureMatrix(frames: 1, bins: bins, values: values)]
    for kind in [FeatureKind.mel, .mfcc] { matrices[kind] = frames[kind] }
    let whole = ClipFeatures(matrices)
    #expect(whole.frames == 3)
    let part = whole[1..<3]
    #expect(part.frames == 2 && part[.functionals] == whole[.functionals])
    #expect(part[.mel] == frames[1..<3][.mel])
    let planes = beside.branches
    #expect(
      planes.last
        == FeaturePlane(name: "functionals", channels: 1, bins: bins, form: .vector))
    let without = options(fusion, coefficients: 4, deltas: 0)
    #expect(Array(planes.dropLast()) == without.branches)
    let made = FeatureFusion(beside)
    let target = Floats(zeros: bins + 1)
    target.fill(-7)
    made.write(part, branch: planes.count - 1, into: target)
    #expect(target.array == values + [-7])
    #expect(images(beside, of: whole).dropLast() == images(without, of: frames)[...])
  }

  @Test("mel and mfcc are their matrices")
  func single() {
    let mel = options(.mel, coefficients: 2, deltas: 0)
    #expect(mel.branches == [FeaturePlane(name: "mel", channels: 1, bins: 4)])
    #expect(images(mel) == [[1000, 1001, 1002, 1003, 1100, 1101, 1102, 1103]])
    let mfcc = options(.mfcc, coefficients: 2, deltas: 1)
    #expect(mfcc.branches == [FeaturePlane(name: "mfcc", channels: 1, bins: 4)])
    #expect(images(mfcc) == [[2000, 2001, 2002, 2003, 2100, 2101, 2102, 2103]])
  }

  @Test("concat puts the MFCC bins behind the mel bins of the same frame")
  func concat() {
    let concat = options(.concat, coefficients: 2, deltas: 0)
    #expect(concat.branches == [FeaturePlane(name: "concat", channels: 1, bins: 6)])
    #expect(
      images(concat) == [
        [1000, 1001, 1002, 1003, 2000, 2001, 1100, 1101, 1102, 1103, 2100, 2101]
      ])
  }

  @Test("stack makes channels of mel, MFCC and each delta, channels last", arguments: 0...2)
  func stack(deltas: Int) {
    let stack = options(.stack, coefficients: 4, deltas: deltas)
    #expect(stack.branches == [FeaturePlane(name: "stack", channels: 2 + deltas, bins: 4)])
    var truth: [Float] = []
    for frame in 0..<2 {
      for bin in 0..<4 {
        truth.append(Float(1000 + 100 * frame + bin))
        for order in 0...deltas { truth.append(Float(2000 + 100 * frame + 4 * order + bin)) }
      }
    }
    #expect(images(stack) == [truth])
  }

  @Test("branches are an image each")
  func branches() {
    let branches = options(.branches, coefficients: 2, deltas: 2)
    #expect(
      branches.branches == [
        FeaturePlane(name: "mel", channels: 1, bins: 4),
        FeaturePlane(name: "mfcc", channels: 1, bins: 6),
      ])
    let made = images(branches)
    #expect(made[0] == [1000, 1001, 1002, 1003, 1100, 1101, 1102, 1103])
    let second: [Float] = [
      2000, 2001, 2002, 2003, 2004, 2005, 2100, 2101, 2102, 2103, 2104, 2105,
    ]
    #expect(made[1] == second)
  }

  @Test("prosody stands alone, behind the others, over them or as a branch of its own")
  func prosody() {
    let row = (0..<8).map { Float(3000 + $0) }
    let alone = options(.prosody, coefficients: 2, deltas: 0)
    #expect(alone.branches == [FeaturePlane(name: "prosody", channels: 1, bins: 8)])
    #expect(images(alone, frames: 1) == [row])
    func withProsody(_ fusion: FeatureOptions.Fusion, coefficients: Int) -> [[Float]] {
      var options = options(fusion, coefficients: coefficients, deltas: 0)
      options.prosody = ProsodyOptions()
      return images(options, frames: 1)
    }
    let (mel, mfcc): ([Float], [Float]) = ([1000, 1001, 1002, 1003], [2000, 2001])
    #expect(withProsody(.mel, coefficients: 2) == [mel])
    #expect(withProsody(.concat, coefficients: 2) == [mel + mfcc + row])
    #expect(withProsody(.branches, coefficients: 2) == [mel, mfcc, row])
    let stacked = (0..<4).flatMap { bin in
      [1000, 2000, 3000, 3004].map { Float($0 + bin) }
    }
    #expect(withProsody(.stack, coefficients: 4) == [stacked])
  }
}
