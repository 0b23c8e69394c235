import Testing
import ValenceCore

@testable import ValenceEvaluation

/// Reduced forms of `inference/simulate.py`: seeded, with bounds on both sides.
@Suite("Errors as often as stated")
struct SizeTests {
  @Test(
    "an interval of one network holds the true value about 95 times in 100",
    arguments: [(4, 24), (6, 12), (10, 24), (20, 12)])
  func coverage(speakers: Int, each: Int) throws {
    let system = SimulatedSystem(speakers: speakers, each: each)
    var random = RandomStream(seed: 1, "coverage \(speakers)")
    let trials = 300
    var covered = 0
    for _ in 0..<trials {
      let skills = system.speakerSkills(&random)
      let interval = try #require(system.scores(skills, seeds: 1, &random).interval())
      #expect(!interval.isApproximate || speakers == 4)
      if (interval.low...interval.high).contains(system.uar) { covered += 1 }
    }
    // 285 are expected, with a standard deviation of 3.8; percentile intervals cover 255 to 276.
    #expect((277...297).contains(covered), "\(covered) of \(trials)")
  }

  @Test(
    "settings that are equal but for their seeds differ at .05 about 5 times in 100",
    arguments: [(12, 3, 0.06, 0.08), (6, 3, 0.06, 0.04), (12, 2, 0.06, 0.04), (12, 5, 0.03, 0.1)])
  func size(speakers: Int, seeds: Int, bySystem: Double, bySeed: Double) throws {
    let system = SimulatedSystem(speakers: speakers, bySystem: bySystem, bySeed: bySeed)
    var random = RandomStream(seed: 2, "size \(speakers) \(seeds)")
    let trials = 200
    var (found, held) = (0, 0)
    for _ in 0..<trials {
      let skills = system.speakerSkills(&random)
      let one = system.scores(skills, seeds: seeds, &random)
      let difference = PairedDifference(one, system.scores(skills, seeds: seeds, &random))
      if try #require(difference.p) <= 0.05 { found += 1 }
      let interval = try #require(difference.interval)
      if interval.low <= 0 && 0 <= interval.high { held += 1 }
    }
    // 10 are expected, with a standard deviation of 3.1.
    #expect((2...20).contains(found), "\(found) of \(trials)")
    #expect(found + held == trials, "interval and p say the same")
  }

  @Test("a clear difference between settings is found nine times in ten")
  func power() throws {
    let system = SimulatedSystem(bySystem: 0.05, bySeed: 0.03)
    var random = RandomStream(seed: 3, "power")
    var found = 0
    for _ in 0..<60 {
      let skills = system.speakerSkills(&random)
      let better = system.scores(skills, seeds: 3, &random, gain: 0.15)
      let difference = PairedDifference(better, system.scores(skills, seeds: 3, &random))
      if try #require(difference.p) <= 0.05 { found += 1 }
    }
    #expect(found >= 50, "\(found) of 60")
  }

  @Test("of families of equal variants about 5 in 100 have a finding after the correction")
  func family() throws {
    let system = SimulatedSystem(each: 12, bySystem: 0.06, bySeed: 0.06)
    var random = RandomStream(seed: 4, "family")
    let trials = 120
    var (found, uncorrected) = (0, 0)
    for _ in 0..<trials {
      let skills = system.speakerSkills(&random)
      let base = system.scores(skills, seeds: 3, &random)
      var family = ComparisonFamily(draws: 1000)
      for variant in 0..<6 {
        let difference = PairedDifference(system.scores(skills, seeds: 3, &random), base)
        family.add(difference, first: "\(variant)", second: "base", group: "one")
        if variant == 0, try #require(difference.p) <= 0.05 { uncorrected += 1 }
      }
      if family.adjusted.contains(where: { ($0 ?? 1) <= 0.05 }) { found += 1 }
    }
    // 6 are expected; uncorrected, a family of 6 has a finding some 20 times in 100.
    #expect((1...14).contains(found), "\(found) of \(trials)")
    #expect((1...14).contains(uncorrected), "\(uncorrected) of \(trials)")
  }
}
