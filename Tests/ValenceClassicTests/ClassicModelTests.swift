import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceClassic

@Suite("Classic models")
struct ClassicModelTests {
  private static let kinds = ClassicOptions.Kind.allCases

  @Test("read back from a file, score to the same bits", arguments: kinds)
  func stored(kind: ClassicOptions.Kind) throws {
    var data = SampleClips(speakers: 4).data
    data.groups = [0..<7, 7..<20]
    for penalty in [ClassicOptions.Strength.nested, .fixed(0.3)] {
      var options = ClassicOptions(kind)
      (options.penalty, options.shrinkage, options.kernels) = (penalty, penalty, .group)
      let model = try ClassicModel(fitting: data, options)
      let file = try Safetensors(arrays: model.arrays).encoded()
      let read = try Safetensors(decoding: file, name: "model", isOwn: true)
      let again = try ClassicModel(
        arrays: read.arrays.dictionary, options: options, classCount: 3,
        dimensions: data.dimensions)
      #expect(again == model)
      let test = SampleClips(speakers: 2, seed: 2).data
      #expect(
        try again.logProbabilities(test.vectors, count: test.count)
          == model.logProbabilities(test.vectors, count: test.count))
    }
  }

  @Test("are the same bits with any number of threads", arguments: kinds)
  func threads(kind: ClassicOptions.Kind) throws {
    let data = SampleClips(speakers: 9).data
    let alone = try ClassicModel(fitting: data, ClassicOptions(kind))
    for threads in [2, 3] {
      let workers = Workers(threads: threads)
      #expect(try ClassicModel(fitting: data, ClassicOptions(kind), workers: workers) == alone)
    }
  }

  @Test("fitted side by side, are those fitted alone")
  func sideBySide() throws {
    let data = (0..<4).map { SampleClips(speakers: 5, seed: $0).data }
    for kind in [ClassicOptions.Kind.svm, .logistic] {
      let alone = try data.map { try ClassicModel(fitting: $0, ClassicOptions(kind)) }
      let together = OrderedPool(jobs: 4).map(data) {
        try? ClassicModel(fitting: $0, ClassicOptions(kind))
      }
      #expect(together == alone)
    }
  }

  @Test("score a clip the same whatever clips stand beside it", arguments: kinds)
  func oneByOne(kind: ClassicOptions.Kind) throws {
    let data = SampleClips(speakers: 5).data
    let model = try ClassicModel(fitting: data, ClassicOptions(kind))
    let together = try model.scores(data.vectors, count: data.count)
    for clip in 0..<data.count {
      let range = clip * data.dimensions..<(clip + 1) * data.dimensions
      #expect(try model.scores(Array(data.vectors[range]), count: 1) == [together[clip]])
    }
    #expect(try model.scores([], count: 0) == [])
  }

  @Test("tell classes of speakers that they have not heard", arguments: kinds)
  func accuracy(kind: ClassicOptions.Kind) throws {
    let clips = SampleClips(speakers: 12, noise: 1.2).data
    let (training, test) = (clips.of(0..<8), clips.of(8..<12))
    let model = try ClassicModel(fitting: training, ClassicOptions(kind))
    let said = try model.scores(test.vectors, count: test.count).map { $0[...].firstGreatest }
    let right = zip(said, test.targets).count { $0 == $1 }
    if kind == .majority {
      #expect(right == test.count / 3)
    } else {
      #expect(Double(right) > 0.75 * Double(test.count), "\(right) of \(test.count)")
    }
  }

  @Test("majority says the first of the most frequent classes, with the frequencies of training")
  func majority() throws {
    let data = ClassicData(
      vectors: [0, 1, 2, 3, 4], targets: [2, 1, 0, 2, 1], speakers: [0, 0, 0, 0, 0], classCount: 3)
    let model = try ClassicModel(fitting: data, ClassicOptions(.majority))
    let said = try model.logProbabilities([7], count: 1)[0]
    #expect(said[...].firstGreatest == 1)
    #expect(zip(said, [0.2, 0.4, 0.4]).allSatisfy { abs(exp($0) - $1) < 1e-12 })
    #expect(model.strength == nil && model.innerScores.isEmpty)
  }

  @Test("one kernel of all groups is the kernel, and groups of one kernel are their mean")
  func kernels() throws {
    let vectors: [Float] = [1, 2, 3, 0, -1, 1]
    let kernel = GaussianKernel(vectors, dimensions: 3, groups: [0..<1, 1..<3], gamma: 2)
    let (first, second) = (exp(-2.0 / 1 * 1 / 2), exp(-2.0 / 2 * 13 / 2))
    #expect(abs(kernel.ofTraining[0, 1] - (first + second) / 2) < 1e-14)
    let rows = Matrix(rows: 1, columns: 3, values: [0, -1, 1])
    #expect(abs(kernel.values(of: rows)[0, 0] - (first + second) / 2) < 1e-14)
    #expect(kernel.values(of: rows)[0, 1] == 1)
  }
}
