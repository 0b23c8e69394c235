import Testing
import ValenceCore

@testable import ValenceEvaluation

@Suite("Paired differences")
struct PairedDifferenceTests {
  private let names = ["a", "b", "c"]

  /// A cell of two seeds over speakers who differ much in how well they are understood.
  private func cell(_ gain: Double, seeds: [UInt64] = [1, 2], speakers: Int = 12) throws
    -> CellSummary
  {
    try CellSummary(
      seeds.map { seed in
        CellRun(fold: "1", seed: seed, predictions: predictions(gain, speakers: speakers))
      }, kind: .pooledFolds, names: names)
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
    #expect(found.p < 0.01)
    #expect(found.parts.count == 2)
    // Unpaired, the spread between speakers would hide it.
    let alone = try #require(base.headline(.uar, bootstrap: Bootstrap()).interval)
    #expect(alone.high - alone.low > 0.2)
  }

  @Test("the difference turns its sign with the order, and a cell has none from itself")
  func signs() throws {
    let (better, base) = (try cell(0.1), try cell(0))
    let there = try PairedDifference(of: .uar, better, base)
    let back = try PairedDifference(of: .uar, base, better)
    #expect(abs(there.difference + back.difference) < 1e-12)
    let (a, b) = (try #require(there.interval), try #require(back.interval))
    #expect(abs(a.low + b.high) < 1e-12 && abs(a.high + b.low) < 1e-12)
    let none = try PairedDifference(of: .uar, base, base)
    #expect(none.difference == 0 && none.interval?.low == 0 && none.interval?.high == 0)
    #expect(none.p == 1)
  }

  @Test("cells of other networks or utterances cannot be compared")
  func unpaired() throws {
    let base = try cell(0)
    for other in [try cell(0, seeds: [1]), try cell(0, speakers: 11)] {
      #expect(throws: EvaluationError.unpaired) { try PairedDifference(of: .uar, other, base) }
    }
  }
}
