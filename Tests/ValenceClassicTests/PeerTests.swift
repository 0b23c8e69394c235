import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceClassic

/// Against scikit-learn and Debian's liblinear-train on the same matrices (`make_peers.py`).
@Suite("Classic models and their peers")
struct PeerTests {
  private struct Case: Decodable {
    var matrix, kind, peer: String
    var strength: Double
    var balanced: Bool
    var scores: [Double]

    var name: String { "\(matrix) \(kind) \(peer) \(strength) \(balanced)" }

    var options: ClassicOptions {
      var options = ClassicOptions(ClassicOptions.Kind(rawValue: kind) ?? .majority)
      options.penalty = .fixed(strength)
      options.shrinkage = .fixed(strength)
      options.classWeights = balanced ? .balanced : .none
      options.kernels = peer.hasSuffix("groups") ? .group : .one
      return options
    }
  }

  private struct Matrices {
    let arrays: [String: Safetensors.Array]
    let cases: [Case]

    init(_ file: String = "peers.json") throws {
      let fixture = Fixture(.module)
      arrays = try fixture.arrays("peers/clips.safetensors")
      cases = try JSONDecoder().decode(
        [Case].self, from: Data(contentsOf: fixture.folder.appending(path: "peers/\(file)")))
    }

    func data(_ name: String) throws -> ClassicData {
      let targets = try #require(arrays["\(name).y"]).values.map { Int($0) }
      let x = try #require(arrays["\(name).x"])
      let third = x.shape[1] / 3
      return ClassicData(
        vectors: x.values, targets: targets, speakers: targets.indices.map { $0 % 3 },
        classCount: (targets.max() ?? 0) + 1, groups: [0..<third, third..<x.shape[1]])
    }

    func test(_ name: String) throws -> [Float] { try #require(arrays["\(name).test"]).values }
  }

  /// The greatest difference from the peer, relative to the greatest of its values.
  private static func deviation(_ ours: [Double], _ theirs: [Double]) -> Double {
    let scale = theirs.reduce(0) { max($0, abs($1)) }
    return zip(ours, theirs).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
  }

  private static func said(_ scores: [Double], _ classes: Int) -> [Int] {
    stride(from: 0, to: scores.count, by: classes).map { scores[$0..<$0 + classes].firstGreatest }
  }

  @Test(
    "closed forms equal scikit-learn's to 1e-9 of scale, so well within 1e-6, and say the same classes"
  )
  func closedForms() throws {
    let matrices = try Matrices()
    var count = 0
    for truth in matrices.cases where ["ridge", "kernel_ridge", "lda"].contains(truth.kind) {
      let data = try matrices.data(truth.matrix)
      let test = try matrices.test(truth.matrix)
      let model = try ClassicModel(fitting: data, truth.options)
      let ours = try model.scores(test, count: test.count / data.dimensions).flatMap(\.self)
      var theirs = truth.scores
      if truth.kind == "lda", data.classCount == 2 { theirs = Self.doubledDifference(ours, theirs) }
      #expect(Self.deviation(ours, theirs) < 1e-9, "\(truth.name): \(Self.deviation(ours, theirs))")
      #expect(
        Self.said(ours, data.classCount) == Self.said(truth.scores, data.classCount),
        "\(truth.name)")
      count += 1
    }
    #expect(count == 72)
  }

  @Test("ridges of clips that count differently equal scikit-learn's (make_weights.py)")
  func clipWeights() throws {
    let matrices = try Matrices("weights.json")
    #expect(matrices.cases.count == 36)
    for truth in matrices.cases {
      var data = try matrices.data(truth.matrix)
      data.weights = data.targets.indices.map { Double(1 + $0 % 3) }
      let test = try matrices.test(truth.matrix)
      let model = try ClassicModel(fitting: data, truth.options)
      let ours = try model.scores(test, count: test.count / data.dimensions).flatMap(\.self)
      #expect(Self.deviation(ours, truth.scores) < 1e-9, "\(truth.name)")
    }
  }

  @Test(
    "to a discriminant, a clip that counts three times is three clips", arguments: [true, false])
  func repeatedClips(balanced: Bool) throws {
    let matrices = try Matrices()
    var data = try matrices.data("wide")
    let test = try matrices.test("wide")
    var options = ClassicOptions(.lda)
    (options.shrinkage, options.classWeights) = (.fixed(0.4), balanced ? .balanced : .none)
    let repeated = data.clips(
      data.targets.indices.flatMap { Array(repeating: $0, count: 1 + $0 % 3) })
    data.weights = data.targets.indices.map { Double(1 + $0 % 3) }
    let (weighed, copied) = (
      try ClassicModel(fitting: data, options), try ClassicModel(fitting: repeated, options)
    )
    let count = test.count / data.dimensions
    #expect(
      Self.deviation(
        try weighed.scores(test, count: count).flatMap(\.self),
        try copied.scores(test, count: count).flatMap(\.self)) < 1e-9)
  }

  @Test("weights that are no weights, and models that cannot weigh clips, are refused")
  func wrongWeights() throws {
    var data = SampleClips().data
    for weights in [[1.0], data.targets.map { _ in 0 }, data.targets.map { _ in .infinity }] {
      data.weights = weights
      #expect(throws: ClassicError.self) {
        _ = try ClassicModel(fitting: data, ClassicOptions(.ridge))
      }
    }
    data.weights = data.targets.map { _ in 1 }
    for kind in [ClassicOptions.Kind.svm, .logistic, .majority] {
      #expect(throws: ClassicError.self) {
        _ = try ClassicModel(fitting: data, ClassicOptions(kind))
      }
    }
  }

  /// Of two classes scikit-learn's discriminant gives the difference of the classes' scores: ours moved so
  /// that they have it.
  private static func doubledDifference(_ ours: [Double], _ theirs: [Double]) -> [Double] {
    stride(from: 0, to: ours.count, by: 2).flatMap { at in
      let middle = (ours[at] + ours[at + 1]) / 2
      return [middle - theirs[at + 1] / 2, middle + theirs[at + 1] / 2]
    }
  }

  @Test("margins equal liblinear's on its axes to 1e-8, and the optimum to 1e-4")
  func margins() throws {
    let matrices = try Matrices()
    var count = 0
    for truth in matrices.cases where ["svm", "logistic"].contains(truth.kind) {
      let data = try matrices.data(truth.matrix)
      let test = try matrices.test(truth.matrix)
      let part = ClassicPart(data, Array(0..<data.count))
      let solver = try MarginSolver(data, truth.options, tolerances: (1e-10, 1e-10))
      let decision = try solver.decision(part, strength: truth.strength)
      #expect(decision.hasConverged)
      let ours = decision.scores(test, dimensions: data.dimensions).values
      // liblinear ends where its loss no longer falls in double precision, some 1e-8 before the optimum: on
      // principal axes from another side.
      let deviation = Self.deviation(ours, truth.scores)
      let most = truth.peer == "liblinear" ? 1e-6 : 1e-4
      #expect(deviation < most, "\(truth.name): \(deviation)")
      #expect(
        Self.said(ours, data.classCount) == Self.said(truth.scores, data.classCount),
        "\(truth.name)")
      count += 1
      guard truth.peer == "liblinear" else { continue }
      let same = Self.deviation(Self.unturned(part, truth, test), truth.scores)
      // The same bits where the fixture was made. liblinear's sums are OpenBLAS's, whose order is the processor's:
      // on another one 2.3e-9 was seen.
      #expect(same < 1e-8, "\(truth.name) on the same axes: \(same)")
    }
    #expect(count == 72)
  }

  /// The scores of liblinear on the vectors as they are.
  private static func unturned(_ part: ClassicPart, _ truth: Case, _ test: [Float]) -> [Double] {
    let vectors = part.vectors
    let weights = part.weights(truth.options.classWeights).enumerated()
    let fit = Liblinear.fit(
      Liblinear.Vectors(vectors),
      .init(
        picked: Array(part.clips.indices), targets: part.targets,
        classWeights: Dictionary(uniqueKeysWithValues: weights.map { ($0.offset, $0.element) })),
      .init(
        loss: truth.kind == "svm" ? .squaredHinge : .logistic,
        c: 1 / (truth.strength * vectors.meanSquaredLength), tolerance: 1e-10))
    return (0..<test.count / vectors.columns).flatMap { row in
      let values =
        test[row * vectors.columns..<(row + 1) * vectors.columns].map(Double.init) + [1]
      return (0..<fit.weights.rows).map { index in
        zip(values, fit.weights.row(index)).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  @Test("at the tolerance of use, margins are within 1e-2 of scale of the optimum")
  func tolerance() throws {
    let matrices = try Matrices()
    for truth in matrices.cases where truth.peer == "liblinear" {
      let data = try matrices.data(truth.matrix)
      let test = try matrices.test(truth.matrix)
      let model = try ClassicModel(fitting: data, truth.options)
      let ours = try model.scores(test, count: test.count / data.dimensions).flatMap(\.self)
      let deviation = Self.deviation(ours, truth.scores)
      #expect(deviation < 1e-2, "\(truth.name): \(deviation)")
    }
  }
}
