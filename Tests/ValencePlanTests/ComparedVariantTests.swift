import Testing
import ValenceCore

@testable import ValencePlan
@testable import ValenceReport

@Suite("Variants to compare")
struct ComparedVariantTests {
  private let sweep =
    "sweep={variants: {first: {}, second: {model.rnn.hidden: 4}, third: {model.rnn.hidden: 5}}}"

  private func plan(_ compare: String) throws -> Plan {
    try readPlan(EveryKeyTests.text, overrides: [sweep, "report.compare=\(compare)"])
  }

  @Test("each with the base unless pairs are named, which the resolved file repeats")
  func read() throws {
    let base = try readPlan(EveryKeyTests.text, overrides: [sweep])
    #expect(base.report.compare == .base)
    #expect(base.resolvedYAML.contains("\n  compare: base\n"))
    #expect(try plan("base") == base)
    let pairs = try plan("[[second, third], [third, first]]")
    #expect(
      pairs.report.compare
        == .pairs([ComparedPair("second", "third"), ComparedPair("third", "first")]))
    #expect(pairs != base)
    #expect(try readPlan(pairs.resolvedYAML) == pairs)
    #expect(pairs.variants.map(\.identity) == base.variants.map(\.identity), "trials stay")
  }

  @Test(
    "what is no pair of two variants of the sweep is refused",
    arguments: [
      (
        "[[first, secnd]]", "the sweep has no variant 'secnd'; did you mean second?"
      ),
      (
        "[first, second]",
        "expected a pair of variants such as [a, b], found text 'first'."
      ),
      (
        "[[first, second, third]]",
        "expected a pair of variants such as [a, b], found a list of 3."
      ),
      ("[[first, first]]", "'first' is compared with itself."),
      (
        "[[first, second], [second, first]]", "'second' and 'first' are compared twice."
      ),
      (
        "[]",
        "expected base or a list of pairs of variants ([[a, b], [a, c]]), found an empty list."
      ),
      (
        "bass",
        "expected base or a list of pairs of variants ([[a, b], [a, c]]), found text 'bass'."
      ),
    ])
  func refused(compare: String, sentence: String) throws {
    let problems = try #require(throws: Problems.self) { try plan(compare) }
    let texts = problems.all.map(\.description)
    #expect(texts.contains { $0.contains("report.compare: \(sentence)") }, "\(texts)")
  }
}
