import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEvaluation

@Suite("Paired tests")
struct PairedTestTests {
  /// What a system says of the same utterances of `speakers` speakers; `right` is the share it gets.
  private func system(speakers: Int, right: Double, seed: UInt64) -> [Prediction] {
    var random = RandomStream(seed: seed, "system")
    return (0..<speakers).flatMap { speaker in
      (0..<12).map { number in
        let truth = number % 3
        let said = random.uniform() < right ? truth : random.below(3)
        return prediction("\(speaker)-\(number)", truth, said, classes: 3, speaker: "s\(speaker)")
      }
    }
  }

  @Test("with few speakers the p-value is the share of all exchanges, which can be counted")
  func exact() throws {
    // Speaker by speaker the first system is better by 3, 1 and −1 of six utterances.
    func said(_ rights: [Int]) -> [Prediction] {
      rights.enumerated().flatMap { speaker, right in
        (0..<6).map { number in
          prediction(
            "\(speaker)-\(number)", number % 2, number < right ? number % 2 : 1 - number % 2,
            classes: 2, speaker: "s\(speaker)")
        }
      }
    }
    let test = try PairedTest(
      of: .accuracy, [said([6, 4, 3])], [said([3, 3, 4])], names: ["a", "b"], draws: 20_000)
    #expect(abs(test.difference - 3.0 / 18) < 1e-12)
    #expect(test.clusters == 3)
    // Of the 8 sign patterns ±3 ±1 ±1, only 3 − 1 − 1 and its negative have a sum below 3 in size.
    #expect(abs(test.p - 0.75) < 0.02)
  }

  @Test("a system compared with itself has no difference and p = 1")
  func same() throws {
    let one = system(speakers: 8, right: 0.6, seed: 1)
    let test = try PairedTest(of: .uar, [one], [one.reversed()], names: names(3), draws: 200)
    #expect(test.difference == 0)
    #expect(test.p == 1)
  }

  @Test("a clearly better system is told from chance, in whichever order")
  func better() throws {
    let good = [1, 2].map { system(speakers: 20, right: 0.8, seed: $0) }
    let poor = [3, 4].map { system(speakers: 20, right: 0.4, seed: $0) }
    let test = try PairedTest(of: .uar, good, poor, names: names(3), draws: 999)
    let turned = try PairedTest(of: .uar, poor, good, names: names(3), draws: 999)
    #expect(test.p == 0.001)
    #expect(turned.p == 0.001)
    #expect(test.difference > 0.2)
    #expect(abs(turned.difference + test.difference) < 1e-12)
  }

  @Test("equal systems are told apart about as seldom as the level says")
  func level() throws {
    var rejected = 0
    for seed in 0..<100 as Range<UInt64> {
      let test = try PairedTest(
        of: .uar, [system(speakers: 10, right: 0.5, seed: 2 * seed)],
        [system(speakers: 10, right: 0.5, seed: 2 * seed + 1)], names: names(3), draws: 199)
      if test.p <= 0.05 { rejected += 1 }
    }
    // Three standard errors above 5 of 100.
    #expect(rejected <= 12, "\(rejected) of 100")
  }

  @Test("systems that were tested on other utterances cannot be compared")
  func unpaired() throws {
    let one = system(speakers: 4, right: 0.6, seed: 1)
    for other in [[Array(one.dropLast())], [one, one], []] {
      let error = #expect(throws: EvaluationError.unpaired) {
        try PairedTest(of: .uar, [one], other, names: names(3))
      }
      #expect(
        error?.description
          == "the two systems were not tested on the same utterances, so they cannot be compared in "
          + "pairs; run both on the same folds of the same corpus.")
    }
  }
}
