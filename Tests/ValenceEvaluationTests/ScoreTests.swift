import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEvaluation

/// What scikit-learn says of one set of predictions.
struct ReferenceScore: Decodable {
  var name: String
  var classes: Int
  var truth: [Int]
  var prediction: [Int]
  var confusion: [Int]
  /// Nil where the truth lacks a class: audmetric then averages in a recall of 0.
  var audmetric_uar: Double?
  var recall, f1: [Double]
}

/// `sklearn/scores.json`.
struct Reference: Decodable {
  struct Spread: Decodable {
    var values: [Double]
    var mean, deviation, population_deviation: Double
  }
  var cases: [ReferenceScore]
  var spread: Spread

  init() throws { self = try JSONDecoder().decode(Reference.self, from: Self.data()) }

  private static func data() throws -> Data {
    try Data(contentsOf: Fixture(.module).folder.appending(path: "sklearn/scores.json"))
  }

  /// What scikit-learn gives for every measure, by case.
  static func measures() throws -> [[MetricName: Double]] {
    struct Measures: Decodable {
      var values: [MetricName: Double] = [:]

      init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: MetricKey.self)
        for metric in MetricName.allCases {
          values[metric] = try all.decode(Double.self, forKey: MetricKey(metric))
        }
      }
    }
    struct Cases: Decodable { var cases: [Measures] }
    return try JSONDecoder().decode(Cases.self, from: data()).cases.map(\.values)
  }
}

/// A measure's name as a key of JSON.
private struct MetricKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ metric: MetricName) { stringValue = metric.rawValue }

  init?(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }
}

/// Names for that many classes.
func names(_ count: Int) -> [String] { (0..<count).map { "c\($0)" } }

@Suite("Scores")
struct ScoreTests {
  private static let tolerance = 1e-9

  private func score(
    _ truths: [Int], _ predictions: [Int], classes: Int
  ) throws -> Score {
    try Score(
      ConfusionMatrix(truths: truths, predictions: predictions, classCount: classes),
      names: names(classes), absent: .allow)
  }

  @Test("every measure equals scikit-learn's, and UAR audmetric's")
  func parity() throws {
    let cases = try Reference().cases
    #expect(cases.count == 45)
    for (theirs, measures) in zip(cases, try Reference.measures()) {
      #expect(measures.count == MetricName.allCases.count)
      let ours = try score(theirs.truth, theirs.prediction, classes: theirs.classes)
      #expect(ours.confusion.counts == theirs.confusion, "\(theirs.name)")
      for (metric, expected) in measures {
        let value = ours.value(metric)
        #expect(abs(value - expected) <= Self.tolerance, "\(theirs.name): \(value), \(expected)")
      }
      if let expected = theirs.audmetric_uar {
        #expect(abs(ours.uar - expected) <= Self.tolerance, "\(theirs.name): \(expected)")
      }
      let counts = ClassCounts(ours.confusion)
      for (index, ours) in ours.classes.enumerated() {
        let place = "\(theirs.name), class \(index)"
        // scikit-learn writes 0 where a measure is undefined; here it is nil.
        #expect(abs((ours.recall ?? 0) - theirs.recall[index]) <= Self.tolerance, "\(place)")
        #expect(abs((counts.f1(index) ?? 0) - theirs.f1[index]) <= Self.tolerance, "\(place)")
        #expect((ours.recall == nil) == !theirs.truth.contains(index), "\(place)")
      }
    }
  }

  @Test("shuffling utterances changes no measure, and renaming classes none but its order")
  func permutations() throws {
    for seed in 0..<100 as Range<UInt64> {
      var random = RandomStream(seed: seed, "scores")
      let classes = 2 + random.below(6)
      let truths = Array(0..<classes) + (0..<random.below(50)).map { _ in random.below(classes) }
      let said = truths.map { _ in random.below(classes) }
      let ours = try score(truths, said, classes: classes)
      let order = random.shuffled(Array(truths.indices))
      let shuffled = try score(order.map { truths[$0] }, order.map { said[$0] }, classes: classes)
      #expect(ours == shuffled, "seed \(seed)")
      let names = random.shuffled(Array(0..<classes))
      let renamed = try score(truths.map { names[$0] }, said.map { names[$0] }, classes: classes)
      for metric in MetricName.allCases {
        let distance = abs(ours.value(metric) - renamed.value(metric))
        #expect(distance <= 1e-12, "seed \(seed), \(metric)")
      }
    }
  }

  @Test("perfect predictions score 1 in every measure, and a constant one has chance UAR")
  func extremes() throws {
    let perfect = try score([0, 1, 2, 2], [0, 1, 2, 2], classes: 3)
    for metric in MetricName.allCases { #expect(perfect.value(metric) == 1) }
    let constant = try score(
      [0, 0, 0, 0, 0, 0, 1, 2, 3, 3], [Int](repeating: 0, count: 10), classes: 4)
    #expect(constant.uar == 0.25)
    #expect(constant.value(.accuracy) == 0.6)
  }

  @Test("a class that the truth lacks is refused unless that is allowed, and is then named")
  func absent() throws {
    let matrix = ConfusionMatrix(truths: [0, 0, 2], predictions: [0, 1, 2], classCount: 4)
    let error = #expect(throws: EvaluationError.absentClass(["b", "d"])) {
      try Score(matrix, names: ["a", "b", "c", "d"])
    }
    #expect(
      error?.description
        == "the test set has no b, d, so an average over all classes is undefined; choose another "
        + "split, or allow test sets that lack a class.")
    let allowed = try Score(matrix, names: ["a", "b", "c", "d"], absent: .allow)
    #expect(allowed.classes.filter { $0.support == 0 }.map(\.name) == ["b", "d"])
    #expect(allowed.uar == 0.75)
    #expect(allowed.count == 3)
  }

  @Test("no predictions are refused, not scored as 0")
  func empty() {
    let error = #expect(throws: EvaluationError.noPredictions) {
      try Score(ConfusionMatrix(classCount: 3), names: names(3), absent: .allow)
    }
    #expect(error?.description == "there are no predictions to score; is the test set empty?")
  }

  @Test("merged matrices count what both counted")
  func merging() {
    var one = ConfusionMatrix(truths: [0, 1], predictions: [1, 1], classCount: 2)
    one.merge(ConfusionMatrix(truths: [0, 0], predictions: [1, 0], classCount: 2))
    #expect(one.counts == [1, 2, 0, 1])
    #expect((one.support(0), one.support(1), one.predicted(1), one.total) == (3, 1, 3, 4))
    #expect((one[0, 1], one[1, 0]) == (2, 0))
  }
}
