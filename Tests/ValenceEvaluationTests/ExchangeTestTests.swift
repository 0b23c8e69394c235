import Testing
import ValenceCore

@testable import ValenceEvaluation

@Suite("Exchanges of speakers")
struct ExchangeTestTests {
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

  @Test("with few speakers the p-value is the share of all exchanges, counted")
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
    let test = try ExchangeTest(
      of: .accuracy, [said([6, 4, 3])], [said([3, 3, 4])], classCount: 2)
    #expect(abs(test.difference - 3.0 / 18) < 1e-12)
    // Of the 8 sign patterns ±3 ±1 ±1, only 3 − 1 − 1 and its negative have a sum below 3 in size.
    #expect((test.p, test.smallestP) == (0.75, 0.25))
  }

  @Test("counting and drawing agree, for measures that are sums over speakers and for others")
  func drawn() throws {
    // 15 speakers are drawn, 14 counted; the fifteenth says the same on both sides.
    for metric in MetricName.allCases {
      let sides = (0..<2).map { side in
        [1, 2].map {
          system(speakers: 14, right: 0.55 + 0.1 * Double(side), seed: UInt64(side) + 2 * $0)
        }
      }
      let more = sides.map { networks in
        networks.map { networks in
          networks + (0..<12).map { prediction("x\($0)", $0 % 3, $0 % 3, classes: 3, speaker: "x") }
        }
      }
      let counted = try ExchangeTest(of: metric, sides[0], sides[1], classCount: 3)
      let drawn = try ExchangeTest(of: metric, more[0], more[1], classCount: 3, draws: 1999)
      #expect(counted.smallestP == 1.0 / 8192 && drawn.smallestP == 1.0 / 2000)
      #expect(counted.p > 0.01 && counted.p < 0.99, "\(metric)")
      #expect(abs(counted.p - drawn.p) < 0.05, "\(metric): \(counted.p), \(drawn.p)")
    }
  }

  @Test("a system compared with itself has no difference and p = 1")
  func same() throws {
    let one = system(speakers: 8, right: 0.6, seed: 1)
    let test = try ExchangeTest(of: .uar, [one], [one.reversed()], classCount: 3)
    #expect(test.difference == 0)
    #expect(test.p == 1)
  }

  @Test("equal networks are told apart about as seldom as the level says, no seldomer")
  func level() throws {
    var rejected = 0
    for seed in 0..<400 as Range<UInt64> {
      let test = try ExchangeTest(
        of: .uar, [system(speakers: 10, right: 0.5, seed: 2 * seed)],
        [system(speakers: 10, right: 0.5, seed: 2 * seed + 1)], classCount: 3)
      if test.p <= 0.05 { rejected += 1 }
    }
    // 20 are expected, with a standard deviation of 4.4.
    #expect((8...32).contains(rejected), "\(rejected) of 400")
  }

  @Test("systems that were tested on other utterances cannot be compared")
  func unpaired() throws {
    let one = system(speakers: 4, right: 0.6, seed: 1)
    for other in [[Array(one.dropLast())], [one, one], []] {
      let error = #expect(throws: EvaluationError.unpaired) {
        try ExchangeTest(of: .uar, [one], other, classCount: 3)
      }
      #expect(
        error?.description
          == "the two systems were not tested on the same utterances, so they cannot be compared in "
          + "pairs; run both on the same folds of the same corpus.")
    }
  }
}
