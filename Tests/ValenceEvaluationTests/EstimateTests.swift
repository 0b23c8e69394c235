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
    segment: Segment(file: id, startS: 0, endS: 1), speaker: speaker, truth: truth,
    probabilities: probabilities)
}

@Suite("Estimates")
struct EstimateTests {
  @Test("mean and sample deviation equal NumPy's")
  func numpy() throws {
    let reference = try Reference()
    let estimate = Estimate(reference.spread.values)
    #expect(abs(estimate.mean - reference.spread.mean) <= 1e-12)
    #expect(abs((estimate.deviation ?? 0) - reference.spread.deviation) <= 1e-12)
    let n = Double(estimate.n)
    let population = (estimate.deviation ?? 0) * ((n - 1) / n).squareRoot()
    #expect(abs(population - reference.spread.population_deviation) <= 1e-12)
  }

  @Test("an estimate prints what it knows")
  func printing() {
    #expect("\(Estimate([0.5]))" == "0.500 (n = 1)")
    #expect("\(Estimate([0.5, 0.6]))" == "0.550 ± 0.071 (n = 2)")
    let interval = Interval(low: 0.0004, high: 1, level: 0.95, basis: .init(clusters: 3))
    #expect("\(Estimate([0.0625], interval: interval))" == "0.063 [0.000, 1.000] (n = 1)")
    #expect("\(Estimate([-0.0625]))" == "-0.063 (n = 1)")
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
      combination: .pooledFolds, names: ["high", "low"])
    #expect(cell.parts.map(\.uar) == [0.75, 0.875])
    #expect(cell.headline(.uar).mean == 0.8125)
    #expect(cell.headline(.uar).n == 2)
    #expect(cell.seeds == [1, 2])
    #expect(cell.confusion.counts == [13, 3, 3, 13])
    #expect(cell.utteranceCount == 16)
    #expect(cell.headline(.uar).interval == nil)
    let interval = try #require(cell.headline(.uar, withInterval: true).interval)
    #expect(interval.basis == .init(clusters: 4, unit: .speakers, seeds: 2))
    #expect(interval.low < 0.8125 && 0.8125 < interval.high)
  }

  @Test("the spreads over speakers, over folds and over seeds are three numbers")
  func spreads() throws {
    let cell = try CellSummary(
      [run("a", 1, wrong: 0), run("b", 1, wrong: 4), run("a", 2, wrong: 2), run("b", 2, wrong: 0)],
      combination: .pooledFolds, names: ["high", "low"])
    let spread = cell.spread(.uar)
    // Speakers: the first of fold a is right 4 and 2 of 4 times, of b 0 and 4; the second ones always.
    let speakers = Estimate([0.75, 1, 0.5, 1]).deviation
    #expect(spread.speakers == speakers)
    #expect(spread.folds == Estimate([0.875, 0.75]).deviation)
    #expect(spread.seeds == Estimate([0.75, 0.875]).deviation)
    let single = try CellSummary(
      [CellRun(fold: "a", seed: 1, predictions: [prediction("1", 0, 0, classes: 2)])],
      combination: .averagedNetworks, names: ["high", "low"], absent: .allow
    ).spread(.uar)
    #expect((single.speakers, single.folds, single.seeds) == (nil, nil, nil))
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
      ], combination: .pooledFolds, names: ["high", "low"])
    #expect(cell.headline(.uar).mean == 0.625)
    #expect(cell.headline(.uar).deviation == nil)
    #expect(cell.runs.map(\.score.uar) == [0.5, 0.5])
  }

  @Test("across corpora every network scores the whole corpus and a seed's networks are averaged")
  func averaged() throws {
    let all = [("a", 0), ("b", 4), ("c", 2)].map { fold, wrong in
      CellRun(fold: fold, seed: 1, predictions: run("x", 1, wrong: wrong).predictions)
    }
    let cell = try CellSummary(all, combination: .averagedNetworks, names: ["high", "low"])
    #expect(cell.parts.map(\.uar) == [1, 0.5, 0.75])
    #expect(cell.headline(.uar).mean == 0.75)
    #expect((cell.headline(.uar).n, cell.headline(.uar).deviation) == (1, nil))
    #expect(cell.spread(.uar).folds == 0.25)
    #expect(cell.utteranceCount == 8)
    #expect(cell.confusion.total == 24)
    #expect(cell.headline(.uar, withInterval: true).interval == nil, "two speakers")
  }

  @Test("a network that is given twice is refused, and so is a cell without any")
  func completeness() {
    let error = #expect(throws: EvaluationError.repeatedRun(fold: "a", seed: 1)) {
      try CellSummary(
        [run("a", 1, wrong: 0), run("a", 1, wrong: 2)], combination: .pooledFolds,
        names: ["high", "low"])
    }
    #expect(
      error?.description == "fold a with seed 1 occurs twice in the cell; give each network once.")
    #expect(throws: EvaluationError.noPredictions) {
      try CellSummary([], combination: .pooledFolds, names: ["high", "low"])
    }
  }
}
