import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Cross entropy")
struct LossTests {
  static let kinds = [
    ("plain", false, 0.0), ("weighted", true, 0.0), ("smoothed", false, 0.1), ("both", true, 0.1),
  ]

  private func loss(weighted: Bool, smoothing: Double) -> CrossEntropy {
    let weights =
      weighted
      ? hashed("weights", 5).map { Double($0) + 1.5 } : [Double](repeating: 1, count: 5)
    return CrossEntropy(weights: weights, labelSmoothing: smoothing)
  }

  @Test("loss and gradient of mixed clips equal PyTorch's", arguments: kinds)
  func mixedEqualsPyTorch(name: String, weighted: Bool, smoothing: Double) throws {
    let arrays = try Fixture(.module).arrays("sequence/loss.safetensors")
    let targets = BatchTargets(
      [0, 4, 2, 2, 1, 4], mixup: Mixup(share: 0.7, partners: [2, 0, 1, 3, 5, 4]))
    let gradient = Floats(zeros: 30)
    let value = loss(weighted: weighted, smoothing: smoothing).mean(
      logits: Floats(hashed("logits", 30, scale: 8)), targets: targets, gradient: gradient,
      room: Floats(zeros: 30))
    let theirs = try #require(arrays["\(name).mixed.loss"]?.values.first)
    #expect(abs(value - Double(theirs)) <= 1e-6 * Double(theirs))
    let expected = try #require(arrays["\(name).mixed.gradient"]).values
    let far = Deviation(gradient.array, from: expected, absolute: 1e-7, relative: 1e-6)
    #expect(far.isWithin, "\(far)")
  }

  @Test(
    "loss and gradient equal PyTorch's with class weights and label smoothing", arguments: kinds)
  func equalsPyTorch(name: String, weighted: Bool, smoothing: Double) throws {
    let arrays = try Fixture(.module).arrays("sequence/loss.safetensors")
    let loss = loss(weighted: weighted, smoothing: smoothing)
    let logits = hashed("logits", 30, scale: 8)
    let targets = [0, 4, 2, 2, 1, 4]
    let gradient = Floats(zeros: 30)
    let value = loss.mean(logits: Floats(logits), targets: targets, gradient: gradient)
    let theirs = try #require(arrays["\(name).loss"]?.values.first)
    #expect(abs(value - Double(theirs)) <= 1e-6 * Double(theirs))
    #expect(loss.mean(logits: logits, targets: targets) == value)
    let expected = try #require(arrays["\(name).gradient"]).values
    let far = Deviation(gradient.array, from: expected, absolute: 1e-7, relative: 1e-5)
    #expect(far.isWithin, "\(far)")
  }

  @Test(
    "loss and gradient of clips that count unequally equal PyTorch's",
    arguments: [("plain", false, 0.0), ("both", true, 0.1)], [false, true])
  func clipWeights(kind: (name: String, weighted: Bool, smoothing: Double), isMixed: Bool) throws {
    let arrays = try Fixture(.module).arrays("sequence/clip_weights.safetensors")
    let targets = BatchTargets(
      [0, 4, 2, 2, 1, 4], mixup: isMixed ? Mixup(share: 0.7, partners: [2, 0, 1, 3, 5, 4]) : nil,
      weights: hashed("shares", 6).map { Double($0) + 1.5 })
    let gradient = Floats(zeros: 30)
    let value = loss(weighted: kind.weighted, smoothing: kind.smoothing).mean(
      logits: Floats(hashed("logits", 30, scale: 8)), targets: targets, gradient: gradient,
      room: Floats(zeros: 30))
    let name = "\(kind.name).\(isMixed ? "mixed" : "own")"
    let theirs = try #require(arrays["\(name).loss"]?.values.first)
    #expect(abs(value - Double(theirs)) <= 1e-6 * Double(theirs))
    let expected = try #require(arrays["\(name).gradient"]).values
    let far = Deviation(gradient.array, from: expected, absolute: 1e-7, relative: 1e-5)
    #expect(far.isWithin, "\(far)")
  }

  @Test(
    "focal loss and its gradient equal autograd's of its definition",
    arguments: [
      ("plain", false, 0.0, 2.0), ("weighted", true, 0.0, 0.5), ("both", true, 0.1, 3.0),
    ])
  func focalEqualsPyTorch(name: String, weighted: Bool, smoothing: Double, gamma: Double) throws {
    let arrays = try Fixture(.module).arrays("sequence/focal.safetensors")
    let weights = hashed("weights", 5).map { weighted ? Double($0) + 1.5 : 1 }
    let loss = CrossEntropy(weights: weights, labelSmoothing: smoothing, gamma: gamma)
    let gradient = Floats(zeros: 30)
    let value = loss.mean(
      logits: Floats(hashed("logits", 30, scale: 8)), targets: [0, 4, 2, 2, 1, 4],
      gradient: gradient)
    let theirs = try #require(arrays["\(name).loss"]?.values.first)
    #expect(abs(value - Double(theirs)) <= 1e-6 * Double(theirs))
    let expected = try #require(arrays["\(name).gradient"]).values
    let far = Deviation(gradient.array, from: expected, absolute: 1e-7, relative: 1e-5)
    #expect(far.isWithin, "\(far)")
  }

  @Test("focal loss turns into cross entropy as gamma falls, and stays finite when all is certain")
  func focalLimits() {
    let (logits, targets) = (hashed("logits", 30, scale: 8), [0, 4, 2, 2, 1, 4])
    func loss(_ gamma: Double) -> Double {
      CrossEntropy(weights: [1, 2, 1, 0.5, 3], labelSmoothing: 0.1, gamma: gamma)
        .mean(logits: logits, targets: targets)
    }
    #expect(abs(loss(1e-9) - loss(0)) < 1e-7)
    #expect(loss(2) < loss(1) && loss(1) < loss(0))
    let certain = CrossEntropy(weights: [1, 1, 1, 1], gamma: 0.5)
    let gradient = Floats(zeros: 4)
    let right = Floats([10_000, 0, 0, 0])
    #expect(certain.mean(logits: right, targets: [0], gradient: gradient) == 0)
    #expect(gradient.array == [0, 0, 0, 0])
    #expect(certain.mean(logits: right, targets: [1], gradient: gradient) == 10_000)
    #expect(gradient.array == [1, -1, 0, 0])
  }

  @Test("gamma counts where the loss is focal, and nowhere else")
  func readsGamma() {
    var options = LossOptions()
    options.gamma = 3
    #expect(CrossEntropy(options, counts: [1, 1]).gamma == 0)
    options.name = .focal
    #expect(CrossEntropy(options, counts: [1, 1]).gamma == 3)
  }

  @Test("equal logits cost log K, and logits of 10 000 stay finite")
  func closedForms() {
    let loss = CrossEntropy(weights: [1, 1, 1, 1])
    #expect(abs(loss.mean(logits: [3, 3, 3, 3], targets: [2]) - 1.3862943611198906) < 1e-12)
    #expect(loss.mean(logits: [10_000, 0, 0, 0], targets: [0]) == 0)
    #expect(loss.mean(logits: [10_000, 0, 0, 0], targets: [1]) == 10_000)
  }

  @Test("balanced weights are N / (K · count), and none weighs every class alike")
  func weighsClasses() {
    var options = LossOptions()
    #expect(CrossEntropy(options, counts: [2, 4, 6]).weights == [2, 1, 12.0 / 18])
    #expect(CrossEntropy(options, counts: [2, 4, 6]).labelSmoothing == 0.1)
    #expect(CrossEntropy(options, counts: [2, 0, 6]).weights == [2, 1, 8.0 / 12])
    options.classWeights = .none
    #expect(CrossEntropy(options, counts: [2, 4, 6]).weights == [1, 1, 1])
  }
}
