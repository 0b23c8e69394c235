import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEvaluation

@Suite("Paired differences")
struct PairedDifferenceTests {
  /// A cell over speakers who differ much in how well they are understood; a seed adds so many right
  /// answers of the sixty of each speaker.
  private func cell(_ gain: Double, seeds: [Int] = [0, 0], speakers: Int = 12) throws
    -> CellSummary
  {
    try CellSummary(
      seeds.enumerated().map { index, shift in
        CellRun(
          fold: "1", seed: UInt64(index),
          predictions: predictions(gain + Double(shift) / 60, speakers: speakers))
      }, combination: .pooledFolds, names: names(3))
  }

  private func predictions(_ gain: Double, speakers: Int) -> [Prediction] {
    (0..<speakers).flatMap { speaker in
      (0..<60).map { number in
        // Of the sixty, the first so many are right: from a tenth to nine tenths by speaker.
        let skill = 0.1 + 0.7 * Double(speaker) / Double(speakers - 1) + gain
        let truth = number % 3
        let said = Double(number / 3) < skill * 20 - 1e-9 ? truth : (truth + 1) % 3
        return prediction("\(speaker)-\(number)", truth, said, classes: 3, speaker: "s\(speaker)")
      }
    }
  }

  @Test("differences, intervals and p-values equal those of NumPy and SciPy, for every measure")
  func parity() throws {
    var compared = 0
    for (number, it) in try InferenceCase.all().enumerated() {
      let sides = (try it.cell(0), try it.cell(1))
      for metric in MetricName.allCases {
        let found = try PairedDifference(of: metric, sides.0, sides.1)
        let expected = try #require(it.measures[metric.rawValue])
        guard let expected = expected.difference else {
          #expect(found.gap == .oneSeed && found.p == nil && found.interval == nil)
          continue
        }
        compared += 1
        let (interval, p) = (try #require(found.interval), try #require(found.p))
        #expect(abs(found.difference - expected.difference) < 1e-12)
        #expect(abs(interval.low - expected.low) < 1e-9, "case \(number), \(metric)")
        #expect(abs(interval.high - expected.high) < 1e-9, "case \(number), \(metric)")
        #expect(abs(p - expected.p) < 1e-9, "case \(number), \(metric)")
        #expect(try #require(found.smallestP) <= p)
      }
    }
    #expect(compared >= 24)
  }

  @Test("an improvement of every speaker alike is certain, however much speakers differ")
  func paired() throws {
    let (better, base) = (try cell(0.1), try cell(0))
    let found = try PairedDifference(of: .uar, better, base)
    #expect(abs(found.difference - 0.1) < 0.01)
    let interval = try #require(found.interval)
    let rounding = 1e-12
    #expect(interval.low <= found.difference + rounding)
    #expect(found.difference <= interval.high + rounding)
    #expect(interval.high - interval.low < 0.03)
    #expect(try #require(found.p) < 0.01)
    #expect(found.parts.count == 2)
    // Unpaired, the spread between speakers would hide it.
    let alone = try #require(base.headline(.uar, withInterval: true).interval)
    #expect(alone.high - alone.low > 0.2)
  }

  @Test("seeds that differ as much as the systems take the certainty away")
  func seeds() throws {
    let certain = try PairedDifference(
      of: .uar, cell(0.1, seeds: [0, 0, 0]), cell(0, seeds: [0, 0, 0]))
    let unsure = try PairedDifference(
      of: .uar, cell(0.1, seeds: [-6, 0, 6]), cell(0, seeds: [-6, 0, 6]))
    #expect(try #require(certain.p) < 1e-6)
    #expect(try #require(unsure.p) > 0.1)
    #expect(abs(certain.difference - unsure.difference) < 0.01)
    let width = unsure.interval.map { $0.high - $0.low }
    #expect(try #require(width) > 0.2)
    #expect(unsure.interval?.basis.seeds == 3)
  }

  @Test("with one seed a side there is a difference, and a sentence in place of p")
  func oneSeed() throws {
    for pair in [([0], [0]), ([0, 1, 2], [0]), ([0], [0, 1])] {
      let found = try PairedDifference(of: .uar, cell(0.1, seeds: pair.0), cell(0, seeds: pair.1))
      #expect(found.gap == .oneSeed)
      #expect((found.p, found.smallestP, found.interval) == (nil, nil, nil))
      #expect(found.difference > 0.08)
    }
    #expect(
      "\(InferenceGap.oneSeed)"
        == "One side was trained from a single seed, so the effect of other seeds is unknown; train "
        + "each from three or more.")
  }

  @Test("numbers of seeds may differ")
  func unequalSeeds() throws {
    let found = try PairedDifference(
      of: .uar, cell(0.1, seeds: [0, 1, 2, 1]), cell(0, seeds: [0, 1]))
    #expect((found.seeds, found.parts) == ([4, 2], []))
    #expect(try #require(found.p) < 0.05)
  }

  @Test("the difference turns its sign with the order, and a cell has none from itself")
  func signs() throws {
    for claim in [PairedDifference.Claim.settings, .networks] {
      let (better, base) = (try cell(0.1, seeds: [0, 3]), try cell(0, seeds: [1, 0]))
      let there = try PairedDifference(of: .uar, better, base, claim: claim)
      let back = try PairedDifference(of: .uar, base, better, claim: claim)
      #expect(abs(there.difference + back.difference) < 1e-12)
      let (a, b) = (try #require(there.interval), try #require(back.interval))
      #expect(abs(a.low + b.high) < 1e-12 && abs(a.high + b.low) < 1e-12)
      #expect(abs(try #require(there.p) - #require(back.p)) < 1e-12)
      let none = try PairedDifference(of: .uar, base, base, claim: claim)
      #expect(abs(none.difference) < 1e-12 && none.p == 1)
      let interval = try #require(none.interval)
      #expect(interval.low < 0 && abs(interval.low + interval.high) < 1e-12)
    }
  }

  @Test("cells of other utterances cannot be compared")
  func unpaired() throws {
    let base = try cell(0)
    let other = try cell(0, speakers: 11)
    #expect(throws: EvaluationError.unpaired) { try PairedDifference(of: .uar, other, base) }
    let renamed = try CellSummary(
      [CellRun(fold: "1", seed: 0, predictions: predictions(0, speakers: 12))],
      combination: .pooledFolds,
      names: ["x", "y", "z"])
    #expect(throws: EvaluationError.unpaired) { try PairedDifference(of: .uar, renamed, base) }
  }

  @Test("networks as they are: exchanges, one seed or several, but as many on each side")
  func networks() throws {
    let found = try PairedDifference(
      of: .uar, cell(0.1, seeds: [0], speakers: 6), cell(0, seeds: [0], speakers: 6),
      claim: .networks)
    #expect(found.claim == .networks)
    #expect((found.p, found.smallestP) == (1.0 / 32, 1.0 / 32))
    #expect(found.interval?.basis.seeds == 1)
    let unequal = try PairedDifference(
      of: .uar, cell(0.1, seeds: [0, 0, 0]), cell(0), claim: .networks)
    #expect(unequal.gap == .unequalNetworks(3, 2) && unequal.p == nil)
    #expect(
      "\(InferenceGap.unequalNetworks(3, 2))"
        == "The sides have 3 and 2 networks, which cannot be exchanged in pairs.")
  }
}
