import Foundation
import Testing
import ValenceEvaluation
import ValenceStore

@testable import ValenceTraining

@Suite("The file metrics.json")
struct ScoreSummaryTests {
  @Test("has every measure under its name, and nothing that is not said")
  func measures() throws {
    let matrix = ConfusionMatrix(truths: [0, 0, 2], predictions: [0, 2, 2], classCount: 3)
    let score = try Score(matrix, names: ["a", "b", "c"], absent: .allow)
    let data = try JSON.encoded(["one": ScoreSummary(score: score)])
    let all = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    let values = try #require(all["one"])
    for metric in MetricName.allCases {
      #expect(values[metric.rawValue] as? Double == score.value(metric), "\(metric)")
    }
    #expect(values["labels"] as? [String] == ["a", "c"])
    #expect(values["utterances"] as? Int == 3)
    #expect(values["recall"] as? [Double] == [0.5, 1])
    #expect(values["confusion"] as? [[Int]] == [[1, 0, 1], [0, 0, 0], [0, 0, 1]])
    #expect(values.count == MetricName.allCases.count + 4)
  }
}
