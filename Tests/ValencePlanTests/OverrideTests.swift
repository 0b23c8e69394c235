import Foundation
import Testing
import ValenceCorpora
import ValenceFeatures
import ValenceNN

@testable import ValencePlan

@Suite struct OverrideTests {
  @Test(
    "overrides have the syntax and the checks of the file, and their own place",
    arguments: [
      ("features.fusoin=mel", "features.fusoin: no such key; did you mean fusion?"),
      ("training.epochs=0", "training.epochs: '0' is outside 1…10000."),
      ("training.epochs=", "training.epochs: expected a whole number, found nothing."),
      ("seeds=1", "seeds: expected a list of whole numbers, found the number 1."),
      ("model.cnn.kernel=4", "model.cnn.kernel: 4 is even; use an odd kernel such as 5."),
      ("seeds", "'seeds' is not of the form key=value, as in seeds=[1]."),
      ("=1", "'=1' is not of the form key=value, as in seeds=[1]."),
      ("a..b=1", "'a..b=1' is not of the form key=value, as in seeds=[1]."),
      ("seeds=[1", "seeds: this is not well-formed YAML: did not find expected ',' or ']'."),
      ("title.x=1", "title.x: title is nothing, so there is nothing below it to set."),
      ("labels.x=1", "labels.x: labels is text 'emotion4', so there is nothing below it to set."),
    ])
  func overrides(override: String, complaint: String) {
    #expect(
      complaints(head + "title:\n", overrides: [override]).contains("command line: \(complaint)"))
  }

  @Test("an override takes the place of what the file says")
  func overridden() throws {
    let text = head + "model: {cnn: {channels: [8, 16], pool: [2, 2]}}\n"
    let changed = try readPlan(
      text,
      overrides: [
        "model.cnn.channels=[4,8]", "seeds=[5]", "corpora.emovo.path=corpora/calls",
        "protocol.across=none",
      ])
    #expect(changed.base.model.cnn.channels == [4, 8])
    #expect(changed.seeds == [5])
    #expect(changed.corpora[1].path.lastPathComponent == "calls")
    #expect(changed.splitProtocol.across == .none)
    #expect(
      complaints(text, overrides: ["seeds=[1]", "seeds=[2]"])
        == "command line: seeds: this key is given twice.")
  }

  private static let swept =
    head + """
      sweep:
        grid:
          features.fusion: [mel, mfcc, concat]
          model.rnn.hidden: [32, 64]
      """

  @Test("an override of a key that the grid varies takes its axis out of the grid")
  func heldAxis() throws {
    let held = try readPlan(Self.swept, overrides: ["features.fusion=mfcc"])
    #expect(held.variants.map(\.name) == ["hidden=32", "hidden=64"])
    #expect(held.variants.allSatisfy { $0.settings.features.fusion == .mfcc })
    let all = try readPlan(Self.swept)
    #expect(held.variants.map(\.identity) == all.variants[2...3].map(\.identity))
    let single = try readPlan(
      Self.swept, overrides: ["features.fusion=mfcc", "model.rnn.hidden=32"])
    #expect(single.variants.map(\.name) == ["base"])
    #expect(single.variants[0].identity == all.variants[2].identity)
  }

  @Test("an axis and a variant can be overridden by their whole keys")
  func overriddenSweep() throws {
    let grid = try readPlan(
      Self.swept,
      overrides: [
        "sweep.grid.features.fusion=[stack, branches]",
        "features.mfcc.coefficients=64",
      ])
    #expect(grid.variants.map(\.name).first == "fusion=stack hidden=32")
    #expect(grid.variants.count == 4)
    let named = try readPlan(
      head + "sweep: {variants: {a: {}, b: {model.rnn.hidden: 32}}}",
      overrides: ["sweep.variants.b.model.rnn.hidden=16", "sweep.variants.c.model.pooling=max"])
    #expect(named.variants.map(\.settings.model.rnn?.hidden) == [128, 16, 128])
    #expect(named.variants[2].settings.model.pooling == .max)
  }

  @Test(
    "an axis that the file does not have is added by its whole key",
    arguments: [
      ("", ["fusion=mel", "fusion=mfcc"]),
      ("sweep: {grid: {features.fusion: [stack, concat, mel]}}", ["fusion=mel", "fusion=mfcc"]),
      (
        "sweep: {grid: {model.pooling: [mean, max]}}",
        [
          "pooling=mean fusion=mel", "pooling=mean fusion=mfcc", "pooling=max fusion=mel",
          "pooling=max fusion=mfcc",
        ]
      ),
      ("sweep:\n  grid:", []),
    ])
  func addedAxis(lines: String, names: [String]) throws {
    let override = "sweep.grid.features.fusion=[mel,mfcc]"
    if names.isEmpty {
      #expect(
        complaints(head + lines, overrides: [override]).contains(
          "command line: sweep.grid.features.fusion: sweep.grid is nothing, so there is nothing "
            + "below it to set."))
      return
    }
    let plan = try readPlan(head + lines, overrides: [override])
    #expect(plan.variants.map(\.name) == names)
  }

  @Test("an override that a sweep would leave without effect is refused")
  func shadowed() {
    #expect(
      complaints(
        head + "sweep: {grid: {model.rnn: [{hidden: 32}, {hidden: 64}]}}",
        overrides: ["model.rnn.layers=2"])
        == "command line: model.rnn.layers: sweep.grid varies model.rnn as a whole, so this has no effect."
    )
    #expect(
      complaints(
        head + "sweep: {variants: {a: {}, b: {model.rnn.hidden: 32}}}",
        overrides: ["model.rnn.hidden=16"])
        == "command line: model.rnn.hidden: sweep.variants.b sets model.rnn.hidden, so this has no effect there."
    )
    #expect(
      complaints(head, overrides: ["model.rnn.hidden=16", "model.rnn={}"])
        == "command line: model.rnn: would undo model.rnn.hidden; give it first.")
    for axis in ["sweep.grid.model.rnn.hidden=[8,16]", "sweep={grid: {model.rnn.hidden: [8,16]}}"] {
      #expect(
        complaints(head, overrides: ["model.rnn.hidden=16", axis])
          == """
          command line: model.rnn.hidden: sweep.grid varies this on the command line too; give one \
          of the two.
          """)
    }
  }
}
