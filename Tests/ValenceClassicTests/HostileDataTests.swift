import Foundation
import Testing
import ValenceCore
import ValenceKernels

@testable import ValenceClassic

@Suite("Data and stored models that classic models refuse or survive")
struct HostileDataTests {
  private static let kinds = ClassicOptions.Kind.allCases

  /// The sentence of the error that fitting ends with; nil if a model comes out.
  private static func sentence(_ data: ClassicData, _ options: ClassicOptions) -> String? {
    do throws(ClassicError) {
      let model = try ClassicModel(fitting: data, options)
      let said = try model.logProbabilities(data.vectors, count: data.count)
      #expect(said.allSatisfy { $0.allSatisfy { !$0.isNaN } })
      return nil
    } catch { return "\(error)" }
  }

  private static func fixed(_ kind: ClassicOptions.Kind, _ strength: Double = 0.3) -> ClassicOptions
  {
    var options = ClassicOptions(kind)
    (options.penalty, options.shrinkage) = (.fixed(strength), .fixed(strength))
    return options
  }

  @Test("what no model can be fitted to has its sentence", arguments: kinds)
  func refused(kind: ClassicOptions.Kind) {
    let good = SampleClips(speakers: 3).data
    func sentence(_ change: (inout ClassicData) -> Void) -> String? {
      var data = good
      change(&data)
      return Self.sentence(data, ClassicOptions(kind))
    }
    #expect(
      sentence { $0.vectors[25] = .nan }?.hasPrefix("number 5 of clip 1, both counted") == true)
    #expect(sentence { $0.vectors[0] = -.infinity }?.contains("not finite") == true)
    #expect(sentence { $0.classCount = 4 }?.contains("has the class 3, counted from 0") == true)
    #expect(sentence { $0.targets[2] = 3 }?.contains("clip 2 has the target 3; give 0…2") == true)
    #expect(sentence { $0.targets[2] = -1 }?.contains("target -1") == true)
    #expect(sentence { $0.vectors.removeLast() }?.contains("do not fit together") == true)
    #expect(sentence { $0.speakers.removeLast() }?.contains("do not fit together") == true)
    #expect(sentence { $0.groups = [0..<5, 6..<20] }?.contains("groups that adjoin") == true)
    #expect(sentence { $0.groups = [0..<19] }?.contains("end at 19") == true)
    #expect(
      sentence { $0 = ClassicData(vectors: [], targets: [], speakers: [], classCount: 2) } != nil)
    #expect(
      sentence { $0 = $0.clips([0]) }?.contains("no training clip has the class 1, 2") == true)
    #expect(
      sentence { $0 = ClassicData(vectors: [1], targets: [0], speakers: [0], classCount: 1) } != nil
    )
  }

  @Test("one speaker, or one class without each speaker, leaves nothing to choose by")
  func speakers() {
    var data = SampleClips(speakers: 3).data
    data.speakers = data.speakers.map { _ in 7 }
    for kind in Self.kinds where kind != .majority {
      #expect(Self.sentence(data, ClassicOptions(kind))?.contains("have one speaker") == true)
      #expect(Self.sentence(data, Self.fixed(kind)) == nil)
    }
    var two = SampleClips(speakers: 3, classes: 2).data
    two.speakers = two.targets
    for kind in Self.kinds where kind != .majority {
      #expect(Self.sentence(two, ClassicOptions(kind))?.contains("have one class") == true)
      #expect(Self.sentence(two, Self.fixed(kind)) == nil)
    }
  }

  @Test("options out of their range are named")
  func options() {
    let data = SampleClips(speakers: 3).data
    #expect(
      Self.sentence(data, Self.fixed(.ridge, 0))?.hasPrefix("the penalty is 0.0; use 0.0001…")
        == true)
    #expect(Self.sentence(data, Self.fixed(.svm, .nan))?.hasPrefix("the penalty is nan") == true)
    #expect(Self.sentence(data, Self.fixed(.lda, 1.5))?.hasPrefix("the shrinkage is 1.5") == true)
    var options = Self.fixed(.kernelRidge)
    options.gamma = -1
    #expect(Self.sentence(data, options)?.hasPrefix("the gamma is -1.0") == true)
    let many = ClassicError.tooMany(clips: 30_000, limit: 20_000)
    #expect("\(many)".contains("of 30000 training clips is too large; train on at most 20000"))
  }

  @Test(
    "constant columns, equal clips and clips of zeros are survived at any strength",
    arguments: kinds)
  func degenerate(kind: ClassicOptions.Kind) {
    let good = SampleClips(speakers: 3).data
    var constant = good
    for clip in 0..<good.count { constant.vectors[clip * 20 + 4] = 6 }
    var equal = good
    equal.vectors = (0..<good.count).flatMap { _ in Array(good.vectors[..<20]) }
    var zeros = good
    zeros.vectors = zeros.vectors.map { _ in 0 }
    let ends = kind == .lda ? ClassicOptions.shrinkages : ClassicOptions.penalties
    for data in [constant, equal, zeros] {
      for options in [
        ClassicOptions(kind), Self.fixed(kind, ends.lowerBound), Self.fixed(kind, ends.upperBound),
      ] {
        #expect(Self.sentence(data, options) == nil)
      }
    }
  }

  @Test("two clips, huge values and 200,000 numbers a clip are survived", arguments: kinds)
  func extremes(kind: ClassicOptions.Kind) {
    let two = ClassicData(
      vectors: [1, 2, 3, 4], targets: [0, 1], speakers: [0, 1], classCount: 2)
    #expect(Self.sentence(two, Self.fixed(kind)) == nil)
    var huge = SampleClips(speakers: 3).data
    huge.vectors = huge.vectors.map { $0 * 1e30 }
    _ = Self.sentence(huge, Self.fixed(kind))
    let wide = SampleClips(speakers: 2, clipsEach: 6, dimensions: 200_000).data
    #expect(Self.sentence(wide, Self.fixed(kind)) == nil)
  }

  @Test("vectors of another length, or that are not finite, are not scored")
  func scoring() throws {
    let data = SampleClips(speakers: 3).data
    let model = try ClassicModel(fitting: data, ClassicOptions(.ridge))
    #expect(throws: ClassicError.self) { try model.scores([1, 2], count: 1) }
    #expect(throws: ClassicError.notFinite(clip: 0, number: 19)) {
      try model.logProbabilities(Array(repeating: 0, count: 19) + [.nan], count: 1)
    }
  }

  @Test("stored arrays that are damaged are refused with their name", arguments: kinds)
  func damaged(kind: ClassicOptions.Kind) throws {
    let data = SampleClips(speakers: 3).data
    let options = kind == .majority ? ClassicOptions(kind) : Self.fixed(kind)
    let model = try ClassicModel(fitting: data, options)
    func refuses(_ arrays: [String: Safetensors.Array], _ name: String) -> Bool {
      do throws(ClassicError) {
        _ = try ClassicModel(arrays: arrays, options: options, classCount: 3, dimensions: 20)
        return false
      } catch { return "\(error)".contains("'\(name)'") || "\(error)".contains(name) }
    }
    for (name, array) in model.arrays {
      var arrays = model.arrays
      arrays[name] = nil
      #expect(refuses(arrays, name), "\(kind) without \(name)")
      arrays[name] = .init(shape: array.shape + [1], values: array.values)
      #expect(refuses(arrays, name), "\(kind) with \(name) of another shape")
      guard !array.values.isEmpty else { continue }
      arrays[name] = array
      arrays[name]?.values[0] = .nan
      #expect(refuses(arrays, name), "\(kind) with \(name) not finite")
    }
    var arrays = model.arrays
    arrays["calibration"] = .init(shape: [1, 3], values: [-1, 0, 0])
    #expect(refuses(arrays, "calibration"))
    if kind == .kernelRidge {
      for sizes in [[21], [19], [20.5], [-1, 21], [0, 20], [Float.greatestFiniteMagnitude]]
        as [[Float]]
      {
        arrays = model.arrays
        arrays["groups"] = .init(shape: [sizes.count], values: sizes)
        #expect(refuses(arrays, "groups"), "\(sizes)")
      }
    }
    #expect(throws: ClassicError.self) {
      try ClassicModel(arrays: model.arrays, options: options, classCount: 4, dimensions: 20)
    }
    #expect(throws: ClassicError.self) {
      try ClassicModel(arrays: model.arrays, options: options, classCount: 3, dimensions: 21)
    }
  }
}
