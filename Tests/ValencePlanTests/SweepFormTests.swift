import Foundation
import Testing
import ValenceFeatures
import ValenceNN

@testable import ValencePlan
@testable import ValenceReport

@Suite("Random draws, one setting at a time, and points left out")
struct SweepFormTests {
  private static let space = """
    sweep:
      random:
        draws: 12
        axes:
          training.optimizer.learning_rate: {log_uniform: [1e-5, 1e-2]}
          model.head.dropout: {uniform: [0.1, 0.5]}
          model.rnn.hidden: {integer: [8, 256]}
          model.pooling: {choice: [mean, max, attention]}

    """

  @Test("random draws are within their ranges, different, and the same for the same seed")
  func draws() throws {
    let plan = try readPlan(head + Self.space)
    #expect(plan.variants.count == 12)
    #expect(Set(plan.variants.map(\.identity)).count == 12)
    #expect(Set(plan.variants.map(\.name)).count == 12)
    for variant in plan.variants {
      #expect((1e-5...1e-2).contains(variant.settings.training.optimizer.learningRate))
      #expect((0.1...0.5).contains(variant.settings.model.head.dropout))
      #expect((8...256).contains(variant.settings.model.rnn!.hidden))
    }
    #expect(try readPlan(head + Self.space).variants == plan.variants)
    #expect(
      try readPlan(head + Self.space, overrides: ["sweep.random.seed=1"]).variants == plan.variants)
    let other = try readPlan(head + Self.space, overrides: ["sweep.random.seed=2"])
    #expect(Set(other.variants.map(\.identity)).isDisjoint(with: plan.variants.map(\.identity)))
  }

  @Test("drawn values are printed with few digits, as names and as the settings that they are")
  func names() throws {
    let form =
      /learning_rate=\d(\.\d{1,2})?(0*\d{0,3})?(e-\d\d)? dropout=0\.\d{1,3} hidden=\d+ pooling=[a-z]+/
    for variant in try readPlan(head + Self.space, overrides: ["sweep.random.draws=60"]).variants {
      #expect(variant.name.wholeMatch(of: form) != nil, "\(variant.name)")
      let rate = variant.settings.training.optimizer.learningRate
      #expect(rate == Double(String(format: "%.2e", rate)))
      #expect(variant.axes[0].value == ResolvedValue.number(rate).flow)
    }
  }

  @Test("more draws, or fewer axes, leave the values that there were")
  func stability() throws {
    let few = try readPlan(head + Self.space)
    let many = try readPlan(head + Self.space, overrides: ["sweep.random.draws=30"])
    #expect(Array(many.variants.prefix(12)) == few.variants)
    let held = try readPlan(head + Self.space, overrides: ["model.pooling=mean"])
    #expect(
      held.variants.map(\.settings.model.rnn?.hidden)
        == few.variants.map(\.settings.model.rnn?.hidden))
    #expect(held.variants.allSatisfy { $0.settings.model.pooling == .mean })
  }

  @Test("log_uniform draws as often below the middle of its orders of magnitude as above")
  func logarithms() throws {
    let plan = try readPlan(head + Self.space, overrides: ["sweep.random.draws=400"])
    let rates = plan.variants.map(\.settings.training.optimizer.learningRate)
    let low = rates.count { $0 < pow(10, -3.5) }
    #expect((160...240).contains(low), "\(low)")  // 4 standard deviations around 200
    let dropouts = plan.variants.map(\.settings.model.head.dropout)
    #expect((160...240).contains(dropouts.count { $0 < 0.3 }))
  }

  @Test("points that differ in what has no effect are one variant, and the search goes on")
  func idleDraws() throws {
    let plan = try readPlan(
      head + """
        sweep:
          random:
            draws: 4
            axes:
              features.fusion: {choice: [mel, mfcc]}
              features.mfcc.deltas: {integer: [0, 2]}
        """)
    #expect(Set(plan.variants.map(\.identity)).count == 4)
    #expect(plan.variants.count { $0.settings.features.fusion == .mel } == 1)
  }

  @Test("one at a time varies each value alone, around the base")
  func oneAtATime() throws {
    let plan = try readPlan(
      head + """
        model: {rnn: {hidden: 64}}
        sweep:
          one_at_a_time:
            features.fusion: [mel, mfcc]
            model.rnn.hidden: [32, 128]
            model.cnn.channels: [[8, 16, 32]]
        """)
    #expect(
      plan.variants.map(\.name) == [
        "base", "fusion=mel", "fusion=mfcc", "hidden=32", "hidden=128", "channels=8-16-32",
      ])
    #expect(plan.variants[0].settings == plan.base)
    var expected = plan.base
    expected.model.rnn?.hidden = 128
    #expect(plan.variants[4].settings == expected)
    #expect(plan.factors.map(\.name) == ["fusion", "hidden", "channels"])
    #expect(plan.factors.map(\.base) == ["concat", "64", "32-64-128"])
    #expect(plan.factors[1].levels.map(\.value) == ["32", "128"])
    #expect(plan.factors[1].levels.map(\.variant) == ["hidden=32", "hidden=128"])
    #expect(try readPlan(head).factors.isEmpty)
    let held = try readPlan(
      head + "sweep: {one_at_a_time: {model.pooling: [max], model.rnn.hidden: [32]}}",
      overrides: ["model.pooling=mean"])
    #expect(held.variants.map(\.name) == ["base", "hidden=32"])
    #expect(held.variants.allSatisfy { $0.settings.model.pooling == .mean })
  }

  @Test("one at a time may vary a group of keys beside a key in it")
  func oneAtATimeWithin() throws {
    let plan = try readPlan(
      head + "sweep: {one_at_a_time: {model.rnn.hidden: [32], model.rnn: [none]}}")
    #expect(plan.variants.map(\.name) == ["base", "hidden=32", "rnn=none"])
    #expect(plan.variants[1].settings.model.rnn?.hidden == 32)
    #expect(plan.variants[2].settings.model.rnn == nil)
    #expect(plan.factors.map(\.base) == ["128", "base"])
  }

  private static let grid = """
    sweep:
      grid:
        features.fusion: [mel, concat]
        features.mfcc.deltas: [0, 1]
      exclude:
        - {features.fusion: mel, features.mfcc.deltas: 1}
    """

  @Test("excluded points are no variants, and an axis that is overridden takes its part along")
  func exclude() throws {
    func names(_ overrides: [String] = []) throws -> [String] {
      try readPlan(head + Self.grid, overrides: overrides).variants.map(\.name)
    }
    #expect(
      try names() == [
        "fusion=mel deltas=0", "fusion=concat deltas=0", "fusion=concat deltas=1",
      ])
    #expect(try names(["features.fusion=concat"]) == ["deltas=0", "deltas=1"])
    #expect(try names(["features.mfcc.deltas=1"]) == ["fusion=concat"])
    #expect(try names(["features.mfcc.deltas=0"]) == ["fusion=mel", "fusion=concat"])
    let random = try readPlan(
      head + """
        sweep:
          random: {draws: 5, axes: {model.pooling: {choice: [mean, max]}, model.rnn.layers: {integer: [1, 3]}}}
          exclude: [{model.pooling: max, model.rnn.layers: 2}]
        """)
    #expect(random.variants.count == 5)
    #expect(!random.variants.map(\.name).contains("pooling=max layers=2"))
  }

  @Test("none is no sweep")
  func none() throws {
    #expect(try readPlan(head + "sweep: none").variants == readPlan(head).variants)
    #expect(try readPlan(head + Self.grid, overrides: ["sweep=none"]).variants.count == 1)
  }

  @Test("a sweep that cannot be what was meant is refused", arguments: wrongSweeps)
  func wrong(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  private static func random(_ axes: String, draws: String = "draws: 4, ") -> String {
    "sweep:\n  random: {\(draws)axes: {\(axes)}}"
  }

  static let wrongSweeps: [WrongPlan] = [
    WrongPlan(
      random("model.rnn.hidden: {integer: [1, 99]}", draws: ""),
      "exp.yaml:7: sweep.random.draws: is missing; say how many points to draw."),
    WrongPlan(
      random("model.pooling: {choice: [mean, max]}"),
      "exp.yaml:7: sweep.random: 4 draws are more than the 2 different points that the axes have."),
    WrongPlan(
      random("model.rnn.hidden: {integer: [1, 99]}", draws: "draws: 0, "),
      "exp.yaml:7: sweep.random.draws: '0' is outside 1…10000."),
    WrongPlan(
      random("model.rnn.hidden: {integer: [1, 99]}", draws: "draws: 4, seed: x, "),
      "exp.yaml:7: sweep.random.seed: expected a whole number, found text 'x'."),
    WrongPlan("sweep: {random: {draws: 4}}", "exp.yaml:6: sweep.random.axes: has no axes."),
    WrongPlan(random(""), "exp.yaml:7: sweep.random.axes: has no axes."),
    WrongPlan(
      random("protocol.within: {choice: [a, b]}"),
      """
      exp.yaml:7: sweep.random.axes.protocol.within: a sweep can vary only keys under audio, \
      features, model and training.
      """),
    WrongPlan(
      random("model.pooling: [mean, max]"),
      """
      exp.yaml:7: sweep.random.axes.model.pooling: expected one of log_uniform, uniform, integer, \
      choice, as in {uniform: [0, 0.5]}, found a list.
      """),
    WrongPlan(
      random("model.pooling: {choise: [mean, max]}"),
      """
      exp.yaml:7: sweep.random.axes.model.pooling: 'choise' is not one of log_uniform, uniform, \
      integer, choice; did you mean choice?
      """),
    WrongPlan(
      random("model.rnn.hidden: {integer: [1, 4], choice: [1, 2]}"),
      """
      exp.yaml:7: sweep.random.axes.model.rnn.hidden: expected exactly one of log_uniform, uniform, \
      integer, choice, found 2 keys.
      """),
    WrongPlan(
      random("model.head.dropout: {uniform: [0.5, 0.1]}"),
      """
      exp.yaml:7: sweep.random.axes.model.head.dropout: uniform needs the lower end first, found \
      [0.5, 0.1].
      """),
    WrongPlan(
      random("model.head.dropout: {uniform: 0.5}"),
      """
      exp.yaml:7: sweep.random.axes.model.head.dropout: uniform needs two numbers, as in [1, 4], \
      found the number 0.5.
      """),
    WrongPlan(
      random("model.rnn.hidden: {integer: [1.5, 4]}"),
      """
      exp.yaml:7: sweep.random.axes.model.rnn.hidden: integer needs two whole numbers, as in [1, 4], \
      found [1.5, 4].
      """),
    WrongPlan(
      random("training.clip_norm: {log_uniform: [0, 1]}"),
      """
      exp.yaml:7: sweep.random.axes.training.clip_norm: log_uniform needs ends above 0, found 0; use \
      uniform.
      """),
    WrongPlan(
      random("model.pooling: {choice: [mean]}"),
      """
      exp.yaml:7: sweep.random.axes.model.pooling: has only one value; write it under model instead.
      """),
    WrongPlan(
      random("model.pooling: {choice: [mean, max, mean]}"),
      "exp.yaml:7: sweep.random.axes.model.pooling: 'mean' is in this list twice."),
    WrongPlan(
      random("model.head.dropout: {uniform: [0.1, 1.5]}"),
      "exp.yaml:7: model.head.dropout: '1.5' is outside 0…0.95."),
    WrongPlan(
      random("model.rnn.hidden: {uniform: [8, 64.5]}"),
      "exp.yaml:7: model.rnn.hidden: expected a whole number, found the number 64.5."),
    WrongPlan(
      random("model.rnn.hiden: {integer: [8, 64]}"),
      "exp.yaml:7: model.rnn.hiden: no such key; did you mean hidden?"),
    WrongPlan(
      random(
        "model.rnn.dropout: {uniform: [0, 0.5]}, model.pooling: {choice: [mean, max]}",
        draws: "draws: 2, "),
      "exp.yaml:7: sweep.random.axes.model.rnn.dropout: this axis changes nothing."),
    WrongPlan(
      random(
        "features.fusion: {choice: [mel, mfcc]}, features.mfcc.deltas: {integer: [0, 2]}",
        draws: "draws: 6, "),
      """
      exp.yaml:7: sweep.random.draws: only 4 different points were found where 6 are asked for; ask \
      for fewer draws, or widen the axes.
      """),
    WrongPlan(
      random("model.pooling: {choice: [mean, max]}") + "\n  grid: {model.rnn.hidden: [8, 16]}",
      "exp.yaml:7: sweep.random: cannot be combined with sweep.grid; choose one of the two."),
    WrongPlan(
      "sweep:\n  variants: {a: {}}\n  one_at_a_time: {model.rnn.hidden: [8]}",
      "exp.yaml:8: sweep.one_at_a_time: cannot be combined with sweep.variants; choose one of the two."
    ),
    WrongPlan(
      "sweep: {one_at_a_time: {}}", "exp.yaml:6: sweep.one_at_a_time: has no axes."),
    WrongPlan(
      "sweep: {one_at_a_time: {model.pooling: []}}",
      "exp.yaml:6: sweep.one_at_a_time.model.pooling: has no values."),
    WrongPlan(
      "sweep:\n  one_at_a_time:\n    model.rnn.hidden: [64, 128]",
      """
      exp.yaml:8: sweep.one_at_a_time.model.rnn.hidden: 'hidden=128' has the same settings as \
      'base'; leave one out.
      """),
    WrongPlan(
      "sweep:\n  one_at_a_time:\n    model.rnn.hidden: [64]\n    model.rnn.dropout: [0.1, 0.2]",
      "exp.yaml:9: sweep.one_at_a_time.model.rnn.dropout: this axis changes nothing."),
    WrongPlan(
      "sweep:\n  one_at_a_time: {model.rnn.hidden: [8]}\n  exclude: [{model.rnn.hidden: 8}]",
      "exp.yaml:8: sweep.exclude: cannot be combined with sweep.one_at_a_time; leave the value out there."
    ),
    WrongPlan(
      "sweep:\n  variants: {a: {}}\n  exclude: [{model.rnn.hidden: 8}]",
      "exp.yaml:8: sweep.exclude: cannot be combined with sweep.variants; leave the variant out there."
    ),
    WrongPlan(
      "sweep:\n  grid: {model.rnn.hidden: [8, 16]}\n  exclude: {model.rnn.hidden: 8}",
      """
      exp.yaml:8: sweep.exclude: expected a list of points such as [{features.fusion: mel}], found a \
      map.
      """),
    WrongPlan(
      "sweep:\n  grid: {model.rnn.hidden: [8, 16]}\n  exclude: [8]",
      """
      exp.yaml:8: sweep.exclude: expected a point such as {features.fusion: mel}, found the number 8.
      """),
    WrongPlan(
      "sweep:\n  grid: {model.rnn.hidden: [8, 16]}\n  exclude: [{model.rnn.hiden: 8}]",
      """
      exp.yaml:8: sweep.exclude: 'model.rnn.hiden' is not an axis of sweep.grid; did you mean \
      model.rnn.hidden?
      """),
    WrongPlan(
      "sweep:\n  grid: {model.rnn.hidden: [8, 16]}\n  exclude:\n    - {model.rnn.hidden: 32}",
      """
      exp.yaml:9: sweep.exclude: {model.rnn.hidden: 32} leaves out no point of the grid; is a value \
      wrong, or another entry the same?
      """),
    WrongPlan(
      "sweep:\n  grid: {model.rnn.hidden: [8, 16]}\n  exclude: [{model.rnn.hidden: 8}, {model.rnn.hidden: 16}]",
      "exp.yaml:8: sweep.exclude: leaves no point of the grid."),
    WrongPlan(
      random("model.head.dropout: {uniform: [0, 0.5]}")
        + "\n  exclude: [{model.head.dropout: 0.1}]",
      """
      exp.yaml:8: sweep.exclude: {model.head.dropout: 0.1} leaves out nothing: model.head.dropout \
      is drawn from a continuous range, so an exact value is practically never drawn; exclude by \
      another key.
      """),
    WrongPlan(
      random("model.pooling: {choice: [mean, max]}", draws: "draws: 1, ")
        + "\n  exclude: [{model.pooling: last}]",
      """
      exp.yaml:8: sweep.exclude: {model.pooling: last} leaves out nothing: model.pooling is never \
      last, only one of mean, max.
      """),
    WrongPlan(
      "sweep: 3",
      "exp.yaml:6: sweep: expected a map of keys, found the number 3.\nexp.yaml:6: sweep.grid: expected one of grid, variants, random and one_at_a_time."
    ),
  ]

  @Test("overrides that a sweep would leave without effect, or leave nothing of, are refused")
  func overrides() {
    #expect(
      complaints(head + Self.space, overrides: ["model.pooling.x=1"]).hasPrefix(
        "command line: model.pooling.x: sweep.random.axes varies model.pooling as a whole, so this "
          + "has no effect."))
    let text =
      head + "sweep:\n  grid: {model.rnn.hidden: [8, 16], model.pooling: [mean, max]}\n"
      + "  exclude: [{model.rnn.hidden: 8}]"
    #expect(
      complaints(text, overrides: ["model.rnn.hidden=8"])
        == "command line: model.rnn.hidden: sweep.exclude leaves out every point with this value.")
  }
}
