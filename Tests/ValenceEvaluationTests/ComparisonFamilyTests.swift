import Testing
import ValenceCore

@testable import ValenceEvaluation

@Suite("Families of comparisons")
struct ComparisonFamilyTests {
  /// Comparisons of systems with a base on the same speakers.
  private func differences(_ count: Int, gain: Double = 0) throws -> [PairedDifference] {
    let system = SimulatedSystem(speakers: 10, each: 16, bySystem: 0.1, bySeed: 0.02)
    var random = RandomStream(seed: 5, "family")
    let skills = system.speakerSkills(&random)
    let base = system.scores(skills, seeds: 3, &random)
    return (0..<count).map {
      PairedDifference(
        system.scores(skills, seeds: 3, &random, gain: $0 == 0 ? gain : 0), base)
    }
  }

  @Test("a lone comparison keeps its p-value; one without stays without and does not count")
  func lone() throws {
    let difference = try #require(differences(1).first)
    var random = RandomStream(seed: 6, "gap")
    let few = SimulatedSystem(speakers: 3)
    let skills = few.speakerSkills(&random)
    let untested = PairedDifference(
      few.scores(skills, seeds: 3, &random), few.scores(skills, seeds: 3, &random))
    #expect(untested.p == nil && untested.gap == .fewClusters(3, .speakers))
    var family = ComparisonFamily()
    #expect(family.adjusted.isEmpty)
    family.add(untested, first: "a", second: "b", group: "x")
    family.add(difference, first: "c", second: "d", group: "y")
    #expect(family.adjusted == [nil, difference.p])
  }

  @Test("the same comparison many times is one; independent ones are corrected as such")
  func extremes() throws {
    let difference = try #require(
      try differences(12).first { 0.02 < ($0.p ?? 1) && ($0.p ?? 1) < 0.3 })
    let p = try #require(difference.p)
    var (same, apart) = (ComparisonFamily(), ComparisonFamily())
    for number in 0..<5 {
      same.add(difference, first: "a", second: "b", group: "x")
      apart.add(difference, first: "a", second: "b", group: "\(number)")
    }
    // Three standard errors of 20,000 draws.
    let error = 3 * (0.25 / 20_000).squareRoot()
    for adjusted in same.adjusted { #expect(abs(try #require(adjusted) - p) < error) }
    let independent = 1 - (1..<6).reduce(1.0) { product, _ in product * (1 - p) }
    for adjusted in apart.adjusted {
      #expect(abs(try #require(adjusted) - independent) < error)
    }
  }

  @Test("never below the p-value nor above Bonferroni's, in the same order, and the same each time")
  func properties() throws {
    let differences = try differences(9, gain: 0.2)
    func adjusted(_ order: [Int]) throws -> [Double] {
      var family = ComparisonFamily()
      for index in order {
        family.add(differences[index], first: "\(index)", second: "base", group: "x")
      }
      return try family.adjusted.map { try #require($0) }
    }
    let found = try adjusted(Array(0..<9))
    #expect(found == (try adjusted(Array(0..<9))))
    let p = try differences.map { try #require($0.p) }
    for a in p.indices {
      #expect(found[a] >= p[a] && found[a] <= min(1, 9 * p[a]))
      for b in p.indices where p[a] < p[b] { #expect(found[a] <= found[b]) }
    }
    #expect(Set(found).count > 3)
    let turned = try adjusted((0..<9).reversed())
    for (one, other) in zip(found, turned.reversed()) { #expect(abs(one - other) < 0.02) }
  }

  @Test("of hundreds of comparisons a clear one is found")
  func many() throws {
    let clear = try #require(differences(1, gain: 0.4).first)
    let others = try differences(5)
    let p = try #require(clear.p)
    #expect(p < 1e-4)
    var family = ComparisonFamily(draws: 2000)
    family.add(clear, first: "clear", second: "base", group: "x")
    for number in 1..<276 {
      family.add(
        others[number % 5], first: "\(number % 5)", second: "base", group: "\(number / 5)")
    }
    let adjusted = try #require(family.adjusted.first ?? nil)
    #expect(adjusted < 0.05)
    #expect(adjusted <= 276 * p)
  }
}
