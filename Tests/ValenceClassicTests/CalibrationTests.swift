import Foundation
import Testing
import ValenceCore
import ValenceKernels

@testable import ValenceClassic

@Suite("Calibration of classic models")
struct CalibrationTests {
  private static let kinds: [ClassicOptions.Kind] = [.ridge, .kernelRidge, .svm, .logistic, .lda]

  /// The expected calibration error in ten bins of confidence (Naeini et al., 2015).
  private static func error(_ logProbabilities: [[Double]], _ targets: [Int]) -> Double {
    var (confidence, right) = (Array(repeating: 0.0, count: 10), Array(repeating: 0.0, count: 10))
    for (values, target) in zip(logProbabilities, targets) {
      let said = values[...].firstGreatest
      let bin = min(Int(exp(values[said]) * 10), 9)
      confidence[bin] += exp(values[said])
      right[bin] += said == target ? 1 : 0
    }
    return zip(confidence, right).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(targets.count)
  }

  @Test(
    "on 1,200 clips of speakers never heard the expected calibration error is below .06",
    arguments: kinds)
  func heldOutSpeakers(kind: ClassicOptions.Kind) throws {
    // About half of the clips are told right, a quarter or a third by chance.
    for (classes, noise) in [(3, 4.0), (4, 3.0)] {
      let clips = SampleClips(
        speakers: 30, clipsEach: 60, classes: classes, dimensions: 20, noise: noise, seed: 5
      ).standardized
      let (training, test) = (clips.of(0..<10), clips.of(10..<30))
      let model = try ClassicModel(fitting: training, ClassicOptions(kind))
      let said = try model.logProbabilities(test.vectors, count: test.count)
      #expect(said.allSatisfy { abs($0.reduce(0) { $0 + exp($1) } - 1) < 1e-12 })
      let error = Self.error(said, test.targets)
      #expect(error < 0.06, "\(kind), \(classes) classes: \(error)")
      // The same scores without calibration are worse, but for kinds whose scores are log-odds by nature.
      if kind != .logistic, kind != .lda {
        let raw = try model.scores(test.vectors, count: test.count)
          .map { Calibration.logProbabilities($0[...], factor: 1) }
        #expect(Self.error(raw, test.targets) > error)
      }
    }
  }

  @Test("the factor has the least cross-entropy, whatever the scale of the scores")
  func least() {
    var random = RandomStream(seed: 3, "calibration")
    let targets = (0..<400).map { _ in random.below(3) }
    var scores = Matrix(zeros: 400, 3)
    scores.update { row, column, _ in (targets[row] == column ? 0.8 : 0) + random.normal() }
    func loss(_ factor: Double) -> Double {
      let right = targets.indices.map {
        Calibration.logProbabilities(scores.row($0), factor: factor)[targets[$0]]
      }
      return -right.reduce(0, +)
    }
    let factor = Calibration.factor(scores, targets: targets)
    #expect(loss(factor) < loss(factor * 1.1) && loss(factor) < loss(factor / 1.1))
    scores.update { _, _, value in 1000 * value }
    #expect(abs(Calibration.factor(scores, targets: targets) * 1000 / factor - 1) < 1e-6)
  }

  @Test("scores that say nothing give equal probabilities, scores that say all finite ones")
  func extremes() {
    var scores = Matrix(zeros: 30, 3)
    let targets = (0..<30).map { $0 % 3 }
    let nothing = Calibration.logProbabilities(
      [0, 0, 0], factor: Calibration.factor(scores, targets: targets))
    #expect(nothing.allSatisfy { abs(exp($0) - 1.0 / 3) < 1e-12 })
    scores.update { row, column, _ in targets[row] == column ? 1 : -1 }
    let factor = Calibration.factor(scores, targets: targets)
    let sure = Calibration.logProbabilities(scores.row(0), factor: factor)
    #expect(exp(sure[0]) > 0.95 && exp(sure[0]) < 0.999)
    // Scores that are wrong more often than right count for nothing.
    scores.update { _, _, value in -value }
    #expect(Calibration.factor(scores, targets: targets) < 1e-5)
  }
}
