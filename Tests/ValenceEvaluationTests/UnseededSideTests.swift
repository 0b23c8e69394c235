import Testing
import ValenceCore

@testable import ValenceEvaluation

@Suite("A side that no seed moves")
struct UnseededSideTests {
  /// Twelve speakers, of whom more are understood the greater the gain; a seed adds right answers to some.
  private func cell(_ gain: Double, seeds: [Int], isSeeded: Bool = true) throws -> CellSummary {
    try CellSummary(
      seeds.enumerated().map { index, shift in
        CellRun(
          fold: "1", seed: UInt64(index), predictions: predictions(gain, shift: shift))
      }, combination: .pooledFolds, names: names(3), isSeeded: isSeeded)
  }

  private func predictions(_ gain: Double, shift: Int) -> [Prediction] {
    var random = RandomStream(seed: UInt64(shift), "answers \(gain)")
    return (0..<12).flatMap { speaker in
      (0..<60).map { number in
        let skill = 0.3 + 0.3 * Double(speaker) / 11 + gain + 0.02 * Double(shift)
        let truth = number % 3
        let said = random.uniform() < skill ? truth : (truth + 1) % 3
        return prediction("\(speaker)-\(number)", truth, said, classes: 3, speaker: "s\(speaker)")
      }
    }
  }

  @Test("its variance over seeds is none, that of the other side stays")
  func variance() throws {
    let network = SystemScores(of: .uar, try cell(0.1, seeds: [0, 2, 5]))
    let classic = SystemScores(of: .uar, try cell(0, seeds: [0], isSeeded: false))
    let found = VarianceComponents(network, minus: classic, withSeeds: true)
    // By hand: the variance of three scores over three, less what speakers and seeds share.
    let mean = network.scores.reduce(0, +) / 3
    let between = network.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2 / 3
    var rest = 0.0
    for speaker in network.clusters.indices {
      let own = network.pseudovalues.reduce(0) { $0 + $1[speaker] } / 3
      let whole = network.pseudovalues.joined().reduce(0, +) / 36
      for values in network.pseudovalues {
        let seed = values.reduce(0, +) / 12
        let residual = values[speaker] - own - seed + whole
        rest += residual * residual
      }
    }
    rest /= Double(2 * 11) * 3 * 12
    #expect(abs(found.seeds - max(0, between - rest)) < 1e-12)
    let differences = network.clusters.indices.map { speaker in
      network.pseudovalues.reduce(0) { $0 + $1[speaker] } / 3 - classic.pseudovalues[0][speaker]
    }
    let center = differences.reduce(0, +) / 12
    let speakers = differences.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 11 / 12
    #expect(abs(found.speakers - speakers) < 1e-12)
  }

  @Test("it needs no second seed to be compared, on either side or on both")
  func compared() throws {
    let network = try cell(0.1, seeds: [0, 2, 5])
    let classic = try cell(0, seeds: [0], isSeeded: false)
    let other = try cell(0.2, seeds: [0], isSeeded: false)
    for claim in [PairedDifference.Claim.settings, .networks] {
      let found = try PairedDifference(of: .uar, network, classic, claim: claim)
      #expect(found.gap == nil && found.interval != nil && found.p != nil, "\(claim)")
      #expect(found.parts.count == 3)
      #expect(abs(found.parts.reduce(0, +) / 3 - found.difference) < 1e-12)
      let both = try PairedDifference(of: .uar, other, classic, claim: claim)
      #expect(both.gap == nil && both.interval?.basis.seeds == 1 && both.parts.count == 1)
    }
    #expect(try PairedDifference(of: .uar, network, classic).interval?.basis.seeds == 3)
    // A network of one seed stays untested.
    let lone = try cell(0.1, seeds: [0])
    #expect(try PairedDifference(of: .uar, lone, classic).gap == .oneSeed)
  }

  @Test("corrected p-values of a family with such sides are numbers between the p-value and 1")
  func family() throws {
    let network = try cell(0.1, seeds: [0, 2, 5])
    let sides = try [0.0, 0.05].map { try cell($0, seeds: [0], isSeeded: false) }
    var family = ComparisonFamily(draws: 2000)
    var values: [Double] = []
    let pairs = [(network, sides[0]), (network, sides[1]), (sides[1], sides[0])]
    for (index, pair) in pairs.enumerated() {
      let found = try PairedDifference(of: .uar, pair.0, pair.1)
      values.append(try #require(found.p))
      family.add(found, first: "a\(index)", second: "b\(index)", group: "one")
    }
    for (adjusted, p) in zip(family.adjusted, values) {
      #expect(try #require(adjusted) >= p && #require(adjusted) <= 1)
    }
  }
}
