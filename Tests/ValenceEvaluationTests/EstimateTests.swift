import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEvaluation

/// A prediction of class `said` for an utterance of class `truth`.
func prediction(
  _ id: String, _ truth: Int, _ said: Int, classes: Int, speaker: String? = nil
) -> Prediction {
  var probabilities = [Float](repeating: 0, count: classes)
  probabilities[said] = 1
  return Prediction(
    file: id, startS: 0, endS: 1, speaker: speaker, truth: truth, probabilities: probabilities)
}

@Suite("Estimates")
struct EstimateTests {
  /// Predictions of four classes for `speakers` speakers, of which about a share is right.
  private func predictions(
    speakers: Int, each: Int, right: Double, seed: UInt64
  ) -> [Prediction] {
    var random = RandomStream(seed: seed, "predictions")
    return (0..<speakers).flatMap { speaker in
      // Speakers differ in how well they are understood.
      let skill = right + 0.4 * (random.uniform() - 0.5)
      return (0..<each).map { number in
        let truth = number % 4
        let said = random.uniform() < skill ? truth : random.below(4)
        return prediction(
          "\(speaker)-\(number)", truth, said, classes: 4, speaker: "s\(speaker)")
      }
    }
  }

  @Test("mean and sample deviation equal NumPy's, and quantiles its default")
  func numpy() throws {
    let reference = try Reference()
    let estimate = Estimate(reference.spread.values)
    #expect(abs(estimate.mean - reference.spread.mean) <= 1e-12)
    #expect(abs((estimate.deviation ?? 0) - reference.spread.deviation) <= 1e-12)
    let n = Double(estimate.n)
    let population = (estimate.deviation ?? 0) * ((n - 1) / n).squareRoot()
    #expect(abs(population - reference.spread.population_deviation) <= 1e-12)
    let sorted = reference.quantiles.values.sorted()
    for (share, expected) in zip(reference.quantiles.shares, reference.quantiles.quantiles) {
      #expect(abs(Bootstrap.quantile(share, ofSorted: sorted) - expected) <= 1e-12)
    }
  }

  @Test("an estimate prints what it knows")
  func printing() {
    #expect("\(Estimate([0.5]))" == "0.500 (n = 1)")
    #expect("\(Estimate([0.5, 0.6]))" == "0.550 ± 0.071 (n = 2)")
    let interval = Interval(low: 0.0004, high: 1, level: 0.95, clusters: 3)
    #expect("\(Estimate([0.0625], interval: interval))" == "0.063 [0.000, 1.000] (n = 1)")
    #expect("\(Estimate([-0.0625]))" == "-0.063 (n = 1)")
  }

  @Test("the interval holds the value, is the same each time and moves with the seed")
  func interval() throws {
    let set = predictions(speakers: 12, each: 16, right: 0.6, seed: 3)
    let value = try Score(set, names: names(4)).uar
    var bootstrap = Bootstrap()
    let one = try #require(bootstrap.interval(of: .uar, sets: [set], names: names(4)))
    let same = bootstrap.interval(of: .uar, sets: [set.shuffled()], names: names(4))
    #expect(one == same)
    #expect(one.low < value && value < one.high)
    #expect(one.clusters == 12)
    bootstrap.seed = 1
    let other = try #require(bootstrap.interval(of: .uar, sets: [set], names: names(4)))
    #expect(other != one)
    #expect(abs(other.low - one.low) < 0.02)
  }

  @Test("intervals of speakers cover the true value about as often as they say")
  func coverage() throws {
    var bootstrap = Bootstrap()
    bootstrap.draws = 200
    var covered = 0
    let trials = 100
    // UAR = skill + (1 − skill)/4, and the mean skill is 0.5.
    let truth = 0.625
    for seed in 0..<UInt64(trials) {
      let set = predictions(speakers: 20, each: 12, right: 0.5, seed: seed)
      let interval = try #require(bootstrap.interval(of: .uar, sets: [set], names: names(4)))
      if (interval.low...interval.high).contains(truth) { covered += 1 }
    }
    // Percentile intervals of 20 clusters fall a little short of 95 %; ±3 standard errors below.
    #expect((86...100).contains(covered), "\(covered) of \(trials)")
  }

  @Test("one interval of many speakers is narrower than one of few")
  func width() throws {
    func width(_ speakers: Int) throws -> Double {
      let set = predictions(speakers: speakers, each: 12, right: 0.6, seed: 5)
      let interval = try #require(Bootstrap().interval(of: .uar, sets: [set], names: names(4)))
      return interval.high - interval.low
    }
    #expect(try width(80) < 0.7 * width(10))
  }

  @Test("a single speaker has no interval, utterances without speakers are drawn one by one")
  func clusters() throws {
    let one = (0..<8).map { prediction("\($0)", $0 % 2, $0 % 2, classes: 2, speaker: "s") }
    #expect(Bootstrap().interval(of: .uar, sets: [one], names: names(2)) == nil)
    let nobody = (0..<8).map { prediction("\($0)", $0 % 2, $0 % 3 % 2, classes: 2) }
    let interval = Bootstrap().interval(of: .uar, sets: [nobody], names: names(2))
    #expect(interval?.clusters == 8)
  }

  @Test("classes that hardly any draw holds together give no interval instead of a wrong one")
  func scarce() {
    let set = (0..<12).map { prediction("\($0)", $0, $0, classes: 12, speaker: "s\($0)") }
    var bootstrap = Bootstrap()
    bootstrap.draws = 50
    #expect(bootstrap.interval(of: .uar, sets: [set], names: names(12)) == nil)
  }
}

@Suite("Cells")
struct CellSummaryTests {
  /// Two folds of two speakers each; `wrong` utterances of each fold are said to be the other class.
  private func run(_ fold: String, _ seed: UInt64, wrong: Int) -> CellRun {
    CellRun(
      fold: fold, seed: seed,
      predictions: (0..<8).map { number in
        let truth = number % 2
        return prediction(
          "\(fold)-\(number)", truth, number < wrong ? 1 - truth : truth, classes: 2,
          speaker: "\(fold)-\(number / 4)")
      })
  }

  @Test("within a corpus folds are pooled for each seed and seeds averaged")
  func pooled() throws {
    let cell = try CellSummary(
      [run("a", 1, wrong: 0), run("b", 1, wrong: 4), run("a", 2, wrong: 2), run("b", 2, wrong: 0)],
      kind: .pooledFolds, names: ["high", "low"])
    #expect(cell.parts.map(\.uar) == [0.75, 0.875])
    #expect(cell.headline(.uar).mean == 0.8125)
    #expect(cell.headline(.uar).n == 2)
    #expect(cell.perRun(.uar).mean == 0.8125)
    #expect(cell.perRun(.uar).n == 4)
    #expect(cell.confusion.counts == [13, 3, 3, 13])
    #expect(cell.utteranceCount == 16)
    #expect(cell.missing.isEmpty)
    #expect(cell.headline(.uar, bootstrap: Bootstrap()).interval?.clusters == 4)
  }

  @Test("pooling differs from averaging folds where folds have different classes")
  func poolingMatters() throws {
    let first = [prediction("1", 0, 0, classes: 2), prediction("2", 1, 0, classes: 2)]
    let second =
      [prediction("3", 0, 1, classes: 2)]
      + (4..<7).map { prediction("\($0)", 1, 1, classes: 2) }
    let cell = try CellSummary(
      [
        CellRun(fold: "a", seed: 1, predictions: first),
        CellRun(fold: "b", seed: 1, predictions: second),
      ], kind: .pooledFolds, names: ["high", "low"])
    #expect(cell.headline(.uar).mean == 0.625)
    #expect(cell.headline(.uar).deviation == nil)
    #expect(cell.perRun(.uar).mean == 0.5)
  }

  @Test("across corpora every network scores the whole corpus and the row averages them")
  func averaged() throws {
    let all = [("a", 0), ("b", 4), ("c", 2)].map { fold, wrong in
      CellRun(fold: fold, seed: 1, predictions: run("x", 1, wrong: wrong).predictions)
    }
    let cell = try CellSummary(all, kind: .averagedNetworks, names: ["high", "low"])
    #expect(cell.parts.map(\.uar) == [1, 0.5, 0.75])
    #expect(cell.headline(.uar).mean == 0.75)
    #expect(cell.headline(.uar).deviation == 0.25)
    #expect(cell.utteranceCount == 8)
    #expect(cell.confusion.total == 24)
    #expect(cell.headline(.uar, bootstrap: Bootstrap()).interval?.clusters == 2)
  }

  @Test("a network that is missing is named, one that stands twice is refused")
  func completeness() throws {
    let cell = try CellSummary(
      [run("a", 1, wrong: 0), run("b", 1, wrong: 0), run("a", 2, wrong: 0)],
      kind: .pooledFolds, names: ["high", "low"])
    #expect(cell.missing == [CellSummary.MissingRun(fold: "b", seed: 2)])
    let error = #expect(throws: EvaluationError.repeatedRun(fold: "a", seed: 1)) {
      try CellSummary(
        [run("a", 1, wrong: 0), run("a", 1, wrong: 2)], kind: .pooledFolds,
        names: ["high", "low"])
    }
    #expect(
      error?.description == "fold a and seed 1 stand in the cell twice; give each network once.")
    #expect(throws: EvaluationError.noPredictions) {
      try CellSummary([], kind: .pooledFolds, names: ["high", "low"])
    }
  }
}
