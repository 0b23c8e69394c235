import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceEvaluation

@Suite("Chance and majority")
struct ReferenceLevelTests {
  private struct Case: Decodable {
    var support: [Int]
    var guesses: [[String: Double]]
    var means: [String: Double]
    var errors: [String: Double]
  }

  private func cases() throws -> [Case] {
    let url = Fixture(.module).folder.appending(path: "inference/levels.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
  }

  @Test("chance is the mean of scikit-learn's measures over labels drawn at the test set's shares")
  func chance() throws {
    let cases = try cases()
    #expect(cases.count == 6)
    for it in cases {
      for metric in MetricName.allCases {
        let level = ReferenceLevels.chance(metric, support: it.support)
        let mean = try #require(it.means[metric.rawValue])
        let error = try #require(it.errors[metric.rawValue])
        // Four standard errors of the 4000 draws.
        #expect(abs(level - mean) <= 4 * error + 1e-12, "\(it.support) \(metric)")
      }
    }
  }

  @Test("majority is what scikit-learn says of one answer for everything, to the digit")
  func majority() throws {
    for it in try cases() {
      #expect(it.guesses.count == it.support.count)
      for (guess, values) in it.guesses.enumerated() {
        for metric in MetricName.allCases {
          let level = ReferenceLevels.majority(
            metric, [.init(support: it.support, guess: guess)])
          let expected = try #require(values[metric.rawValue])
          #expect(abs(level - expected) <= 1e-12, "\(it.support) \(guess) \(metric)")
        }
      }
    }
  }

  @Test("known levels: balanced and skewed test sets, an absent class, a class that was never seen")
  func known() {
    #expect(ReferenceLevels.chance(.uar, support: [10, 10, 0, 20]) == 1.0 / 3)
    #expect(abs(ReferenceLevels.chance(.accuracy, support: [80, 10, 10]) - 0.66) < 1e-12)
    #expect(ReferenceLevels.majority(.accuracy, [.init(support: [80, 10, 10], guess: 0)]) == 0.8)
    #expect(ReferenceLevels.majority(.uar, [.init(support: [80, 10, 10], guess: 0)]) == 1.0 / 3)
    for metric in MetricName.allCases {
      #expect(ReferenceLevels.majority(metric, [.init(support: [80, 0, 10], guess: 1)]) == 0)
      #expect(ReferenceLevels.chance(metric, support: [0, 7]) == 1)
    }
    // Two folds whose training sides differ in their most frequent class are scored together.
    let folds: [ReferenceLevels.ConstantGuess] = [
      .init(support: [3, 1], guess: 0), .init(support: [2, 2], guess: 1),
    ]
    #expect(ReferenceLevels.majority(.accuracy, folds) == 5.0 / 8)
    // Of many utterances the expected F1 of a class comes to its share.
    let large = ReferenceLevels.chance(.macroF1, support: [3_000_000, 1_000_000])
    #expect(abs(large - 0.5) < 1e-5)
  }
}
