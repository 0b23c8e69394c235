import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceReport

@Suite("Cells side by side")
struct ComparisonTests {
  private static let short = ["training.epochs=2"]
  private static let seeded = short + ["seeds=[1, 2]"]
  private static let sweep = "sweep: {grid: {features.fusion: [mel, mfcc]}}\n"

  /// A laboratory with one corpus, in which experiments are run under several names.
  private func with(_ body: (Laboratory) throws -> Void) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try body(laboratory)
    }
  }

  private func compare(
    _ names: [String], metric: String? = nil, ofNetworks: Bool = false, in laboratory: Laboratory
  ) throws -> Comparison {
    try Comparison(
      names.map { laboratory.store($0) }, metric: metric, ofNetworks: ofNetworks)
  }

  @Test("of one experiment each variant is tested against the base, as PairedDifference tests them")
  func variants() throws {
    try with { laboratory in
      let sweep =
        "sweep: {variants: {a: {}, b: {features.fusion: mfcc}, c: {model.rnn.hidden: 3}}}\n"
      try laboratory.run(laboratory.plan("study", sweep), Self.seeded)
      let comparison = try compare(["study"], in: laboratory)
      #expect(comparison.metric == "uar")
      #expect(
        comparison.rows.map { [$0.first.variant, $0.second.variant] } == [["a", "b"], ["a", "c"]])
      let store = laboratory.store()
      let cells = try ResultCells(
        store, spec: store.read(ReportSpec.self, from: .reportSpec),
        corpora: store.read([CorpusSummary].self, from: .corpora))
      var family = ComparisonFamily()
      for row in comparison.rows {
        let first = try #require(cells[row.first.variant, "one", "one"])
        let second = try #require(cells[row.second.variant, "one", "one"])
        let direct = try PairedDifference(of: .uar, second, first)
        family.add(direct, first: row.second.variant, second: row.first.variant, group: "one")
        #expect(row.difference == direct.difference)
        #expect(
          (row.p, row.low, row.high) == (direct.p, direct.interval?.low, direct.interval?.high))
        #expect(row.p != nil && row.pSmallest == direct.smallestP)
        #expect(abs(row.second.value - row.first.value - direct.difference) < 1e-12)
        #expect((row.clusters, row.unit, row.seeds) == (4, .speakers, [2, 2]))
        #expect(row.untested == nil)
      }
      #expect(comparison.rows.map(\.pAdjusted) == family.adjusted)
      let accuracy = try compare(["study"], metric: "accuracy", in: laboratory)
      #expect(accuracy.metric == "accuracy")
      #expect(accuracy.text.contains("accuracy of first"))
      #expect(
        comparison.text.contains(
          "p are about these settings, with other test speakers and other seeds"))
      #expect(comparison.text.contains("for the 2 tests of this table"))
      #expect(comparison.text.contains("4 speakers"))
    }
  }

  @Test("one seed a side has no p and says why; asked about its networks, speakers are exchanged")
  func networks() throws {
    try with { laboratory in
      try laboratory.run(laboratory.plan("one", Self.sweep), Self.short)
      let settings = try compare(["one"], in: laboratory)
      let row = try #require(settings.rows.first)
      #expect(row.difference != nil && row.p == nil && row.low == nil && row.pAdjusted == nil)
      #expect(row.untested == InferenceGap.oneSeed.description)
      #expect(settings.text.contains("Not tested: one → one, fusion=mel and fusion=mfcc: One side"))
      #expect(!settings.text.contains("Interval"))
      let networks = try compare(["one"], ofNetworks: true, in: laboratory)
      let asked = try #require(networks.rows.first)
      #expect(asked.p != nil && asked.pSmallest == 0.125 && asked.untested == nil)
      #expect(networks.text.contains("about these networks, with other test speakers"))
      #expect(networks.text.contains("not about other seeds"))
    }
  }

  @Test("of two experiments equal variants are compared; where no name is shared, all of them")
  func experiments() throws {
    try with { laboratory in
      try laboratory.run(laboratory.plan("first", Self.sweep), Self.seeded)
      try laboratory.run(
        laboratory.plan("second", Self.sweep), Self.seeded + ["model.rnn.hidden=3"])
      try laboratory.run(laboratory.plan("third"), Self.seeded)
      let equal = try compare(["first", "second"], in: laboratory)
      #expect(equal.rows.map(\.first.variant) == ["fusion=mel", "fusion=mfcc"])
      #expect(equal.rows.map(\.second.variant) == ["fusion=mel", "fusion=mfcc"])
      #expect(equal.rows.allSatisfy { $0.first.experiment == "first" && $0.p != nil })
      #expect(equal.text.contains("first: fusion=mel   second: fusion=mel"))
      let crossed = try compare(["first", "third"], in: laboratory)
      #expect(crossed.rows.map(\.first.variant) == ["fusion=mel", "fusion=mfcc"])
      #expect(crossed.rows.map(\.second.variant) == ["base", "base"])
      // The third is the first's mel variant: the very same trials.
      #expect(crossed.rows[0].untested == "Both are the same networks.")
      #expect(crossed.rows[0].p == nil && crossed.rows[0].difference == nil)
      #expect(crossed.rows[1].p != nil && crossed.rows[1].p == crossed.rows[1].pAdjusted)
    }
  }

  @Test("experiments that share networks are not tested as if they were trained apart")
  func sharedNetworks() throws {
    try with { laboratory in
      for (name, seeds) in [("first", "[1, 2]"), ("second", "[2, 3]"), ("third", "[7]")] {
        try laboratory.run(laboratory.plan(name), Self.short + ["seeds=\(seeds)"])
      }
      let row = try compare(["first", "second"], in: laboratory).rows[0]
      #expect(
        row.untested
          == "2 networks of the 4 and 4 are the same, so the sides are not independent.")
      #expect(row.p == nil && row.low == nil && row.difference == nil)
      let unequal = try compare(["first", "third"], ofNetworks: true, in: laboratory).rows[0]
      #expect(
        unequal.untested
          == "The sides have networks of 2 and 1 seed, which cannot be exchanged in pairs.")
    }
  }

  @Test("cells that cannot be paired are shown with the reason, and are not tested")
  func untested() throws {
    try with { laboratory in
      try laboratory.run(laboratory.plan("base"), Self.short)
      try laboratory.run(
        laboratory.plan("classes"),
        Self.short + ["labels={classes: [high, low, mid]}"])
      var fewer = ToneCorpus()
      fewer.rows.removeLast()
      try laboratory.write(fewer, as: "one")
      try laboratory.run(laboratory.plan("fewer"), Self.short)
      try laboratory.write(ToneCorpus(), as: "one")
      try ToneCorpus.wav((0..<4000).map { Float(0.3 * sin(Double($0))) })
        .write(to: laboratory.url("one/low-s1-0.wav"))
      try laboratory.run(laboratory.plan("sound"), Self.short)
      for (name, reason) in [
        ("classes", "The classes differ: low, mid, high and high, low, mid."),
        ("fewer", "The test utterances differ: 36 and 35, of which 35 are the same."),
        (
          "sound",
          "The test utterances have the same names, but not the same sound, class or speaker."
        ),
      ] {
        let comparison = try compare(["base", name], in: laboratory)
        #expect(comparison.rows.count == 1)
        #expect(comparison.rows[0].untested == reason)
        #expect(comparison.rows[0].p == nil && comparison.rows[0].difference == nil)
        #expect(comparison.text.contains("Not tested: one → one, base and \(name): \(reason)\n"))
      }
    }
  }

  @Test("other protocols on the same utterances are compared; other corpora are nothing to compare")
  func protocols() throws {
    try with { laboratory in
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      try laboratory.run(laboratory.plan("folds"), Self.seeded)
      try laboratory.run(
        laboratory.plan("loso"), Self.seeded + ["protocol.within=leave_one_speaker_out"])
      try laboratory.run(laboratory.plan("other", corpora: ["two"]), Self.seeded)
      let row = try compare(["folds", "loso"], in: laboratory).rows[0]
      #expect(row.p != nil)
      #expect((row.first.networks, row.second.networks) == (4, 8))
      #expect(
        laboratory.sentence { _ = try compare(["folds", "other"], in: laboratory) }
          == "folds and other: these experiments have no training and test corpus in common; compare "
          + "experiments on the same corpora.")
      #expect(
        laboratory.sentence { _ = try compare(["folds"], in: laboratory) }
          == "folds: this experiment has one variant, or none that is finished, so there is nothing to "
          + "compare; name a second experiment.")
      #expect(
        laboratory.sentence { _ = try compare(["folds"], metric: "uarr", in: laboratory) }
          == "--metric uarr: no such measure; did you mean uar?")
    }
  }
}
