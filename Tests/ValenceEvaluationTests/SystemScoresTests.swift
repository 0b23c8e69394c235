import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEvaluation

/// `inference/cells.json`: predictions, and what NumPy and SciPy make of them.
struct InferenceCase: Decodable {
  struct Difference: Decodable { var difference, low, high, p, degrees: Double }
  struct Measure: Decodable {
    var scores: [[Double]]
    var effective: [Double]
    var intervals: [[Double]]
    var difference: Difference?
  }
  var classes: Int
  var truth, speaker: [Int]
  /// `[sides, seeds, networks, utterances]`.
  var sides: [[[[Int]]]]
  var measures: [String: Measure]

  static func all() throws -> [InferenceCase] {
    let url = Fixture(.module).folder.appending(path: "inference/cells.json")
    return try JSONDecoder().decode([InferenceCase].self, from: Data(contentsOf: url))
  }

  /// The cell of a side; `order` says in which order its utterances stand.
  func cell(_ side: Int, order: [Int]? = nil) throws -> CellSummary {
    let order = order ?? Array(truth.indices)
    return try CellSummary(
      sides[side].enumerated().flatMap { seed, networks in
        networks.enumerated().map { fold, said in
          CellRun(
            fold: "\(fold)", seed: UInt64(seed),
            predictions: order.map {
              prediction("\($0)", truth[$0], said[$0], classes: classes, speaker: "s\(speaker[$0])")
            })
        }
      }, combination: .averagedNetworks, names: names(classes))
  }
}

@Suite("Intervals")
struct SystemScoresTests {
  @Test(
    "scores, effective speakers and intervals equal those of NumPy and SciPy, for every measure")
  func parity() throws {
    let cases = try InferenceCase.all()
    #expect(cases.count == 12)
    for (number, it) in cases.enumerated() {
      for side in 0..<2 {
        let cell = try it.cell(side)
        for metric in MetricName.allCases {
          let expected = try #require(it.measures[metric.rawValue])
          let scores = SystemScores(of: metric, cell)
          let far = zip(scores.scores, expected.scores[side]).map { abs($0 - $1) }
          #expect(far.count == it.sides[side].count && far.allSatisfy { $0 < 1e-12 })
          #expect(abs(scores.effectiveClusters - expected.effective[side]) < 1e-9)
          let interval = try #require(scores.interval())
          let ends = expected.intervals[side]
          #expect(abs(interval.low - ends[0]) < 1e-9, "case \(number), side \(side), \(metric)")
          #expect(abs(interval.high - ends[1]) < 1e-9, "case \(number), side \(side), \(metric)")
          #expect(interval.basis.clusters == Set(it.speaker).count)
          #expect(interval.basis.seeds == it.sides[side].count)
        }
      }
    }
  }

  @Test("an interval does not depend on the order of utterances, seeds and names of speakers")
  func order() throws {
    var random = RandomStream(seed: 4, "order")
    for it in try InferenceCase.all() {
      let interval = SystemScores(of: .macroF1, try it.cell(0)).interval()
      let order = random.shuffled(Array(it.truth.indices))
      var turned = it
      turned.sides[0].reverse()
      let highest = it.speaker.max() ?? 0
      turned.speaker = it.speaker.map { highest - $0 }
      let other = SystemScores(of: .macroF1, try turned.cell(0, order: order)).interval()
      #expect(abs((interval?.low ?? 0) - (other?.low ?? 1)) < 1e-9)
      #expect(abs((interval?.high ?? 0) - (other?.high ?? 1)) < 1e-9)
    }
  }

  private func scores(
    _ rows: [(truth: Int, said: Int, speaker: String?)], classes: Int, seeds: Int = 1
  ) -> SystemScores {
    let set = rows.enumerated().map { number, row in
      prediction("\(number)", row.truth, row.said, classes: classes, speaker: row.speaker)
    }
    return SystemScores(
      of: .uar, [[[Prediction]]](repeating: [set], count: seeds), classCount: classes)
  }

  @Test("below four speakers there is no interval, nor where one speaker has all of a class")
  func gaps() {
    func rows(_ speakers: Int) -> [(truth: Int, said: Int, speaker: String?)] {
      (0..<speakers).flatMap { speaker in (0..<4).map { ($0 % 2, $0 / 2, "s\(speaker)") } }
    }
    for speakers in 1...3 {
      #expect(scores(rows(speakers), classes: 3).gap == .fewClusters(speakers, .speakers))
      #expect(scores(rows(speakers), classes: 3).interval() == nil)
    }
    #expect(scores(rows(4), classes: 3).interval()?.basis.clusters == 4)
    let lone = rows(5) + [(2, 2, "s4"), (2, 0, "s4")]
    #expect(scores(lone, classes: 3).gap == .classOfOneCluster(.speakers))
    #expect(scores(lone, classes: 3).interval() == nil)
    #expect(scores(lone + [(2, 0, "s1")], classes: 3).interval() != nil)
    #expect(
      "\(InferenceGap.fewClusters(1, .speakers))"
        == "Only 1 speaker was tested; an interval needs at least 4.")
    #expect(
      "\(InferenceGap.classOfOneCluster(.speakers))"
        == "A class is spoken by a single speaker, and leaving that out would change the set of "
        + "classes.")
  }

  @Test("where speakers are unknown, utterances are left out in turn, and the interval says so")
  func units() throws {
    let rows: [(truth: Int, said: Int, speaker: String?)] = (0..<40).map {
      ($0 % 2, $0 % 8 == 0 ? 1 : $0 % 2, nil)
    }
    let unknown = try #require(scores(rows, classes: 2).interval())
    #expect((unknown.basis.clusters, unknown.basis.unit) == (40, .utterances))
    let some = rows.enumerated().map { ($1.truth, $1.said, $0 < 20 ? "s\($0 % 4)" : nil) }
    let mixed = try #require(scores(some, classes: 2).interval())
    #expect((mixed.basis.clusters, mixed.basis.unit) == (24, .mixed))
    #expect(ResampledUnit.mixed.text(24) == "24 speakers and lone utterances")
    #expect(ResampledUnit.utterances.text(1) == "1 utterance")
  }

  @Test("scores of exactly 0 and 1 end there and are marked approximate")
  func ends() throws {
    for (said, value) in [(0, 1.0), (1, 0.0)] {
      let rows = (0..<48).map { ($0 % 2, ($0 + said) % 2, Optional("s\($0 / 8)")) }
      let found = scores(rows, classes: 2)
      let interval = try #require(found.interval())
      #expect(found.mean == value)
      #expect((value == 1 ? interval.high : interval.low) == value)
      let width = interval.high - interval.low
      #expect(width > 0.02 && width < 0.7)
      #expect(interval.isApproximate)
    }
  }

  @Test(
    "seeds that differ widen the interval of the settings; equal ones leave that of the network")
  func seeds() throws {
    func rows(_ right: Int) -> [Prediction] {
      (0..<96).map { number in
        let truth = number % 2
        let said = number / 2 % 6 < right + (number / 16 % 2) ? truth : 1 - truth
        return prediction("\(number)", truth, said, classes: 2, speaker: "s\(number / 12)")
      }
    }
    func interval(_ seeds: [Int]) throws -> Interval {
      let scores = SystemScores(of: .uar, seeds.map { [rows($0)] }, classCount: 2)
      return try #require(scores.interval())
    }
    let (alone, equal, apart) = (
      try interval([3]), try interval([3, 3, 3]), try interval([2, 3, 4])
    )
    #expect(abs(alone.low - equal.low) < 1e-9 && abs(alone.high - equal.high) < 1e-9)
    #expect(apart.high - apart.low > 1.5 * (alone.high - alone.low))
    #expect((alone.basis.seeds, equal.basis.seeds, apart.basis.seeds) == (1, 3, 3))
  }
}
