import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN

@testable import ValencePlan

@Suite struct SweepTests {
  @Test("a grid runs its last axis fastest and names its variants after the values")
  func grid() throws {
    let plan = try readPlan(
      head + """
        sweep:
          grid:
            features.fusion: [mel, concat]
            model.cnn.channels: [[16, 32, 64], [4, 4, 8]]
            training.optimizer.learning_rate: [1e-3, 0.01]
        """)
    #expect(
      plan.variants.map(\.name) == [
        "fusion=mel channels=16-32-64 learning_rate=0.001",
        "fusion=mel channels=16-32-64 learning_rate=0.01",
        "fusion=mel channels=4-4-8 learning_rate=0.001",
        "fusion=mel channels=4-4-8 learning_rate=0.01",
        "fusion=concat channels=16-32-64 learning_rate=0.001",
        "fusion=concat channels=16-32-64 learning_rate=0.01",
        "fusion=concat channels=4-4-8 learning_rate=0.001",
        "fusion=concat channels=4-4-8 learning_rate=0.01",
      ])
    let third = plan.variants[2]
    #expect(third.settings.features.fusion == .mel)
    #expect(third.settings.model.cnn.channels == [4, 4, 8])
    #expect(third.settings.training == plan.base.training)
    #expect(third.axes.map(\.key).first == "features.fusion")
    #expect(third.axes.map(\.value) == ["mel", "[4, 4, 8]", "0.001"])
    #expect(Set(plan.variants.map(\.identity)).count == 8)
  }

  @Test("axes that end alike are told apart by more of their keys")
  func shortKeys() {
    #expect(
      Sweep.shortKeys([
        "model.cnn.dropout", "model.head.dropout", "model.pooling", "training.batch",
      ])
        == ["cnn.dropout", "head.dropout", "pooling", "batch"])
  }

  @Test("named variants keep their names and their order")
  func named() throws {
    let plan = try readPlan(
      head + """
        sweep:
          variants:
            large: {model.rnn.hidden: 256, model.rnn.layers: 2}
            plain: {}
            silent: {training.augmentation: none}
        """)
    #expect(plan.variants.map(\.name) == ["large", "plain", "silent"])
    #expect(plan.variants.map(\.settings.model.rnn?.hidden) == [256, 128, 128])
    #expect(plan.variants[1].settings == plan.base)
    #expect(plan.variants[2].settings.training.augmentation.specaugment == nil)
    #expect(plan.variants[0].axes.map(\.value) == ["256", "2"])
  }

  @Test("a sweep that cannot be what was meant is refused", arguments: wrongSweeps)
  func sweep(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let wrongSweeps = [
    WrongPlan(
      "sweep:\n  grid:\n    features.fusoin: [mel, mfcc]",
      "exp.yaml:8: features.fusoin: no such key; did you mean fusion?"),
    WrongPlan(
      "sweep:\n  grid:\n    features.fusion: [mel, mfc]",
      """
      exp.yaml:8: features.fusion: 'mfc' is not one of \(fusions); \
      did you mean mfcc?
      """),
    WrongPlan(
      "sweep:\n  grid:\n    model.rnn.hidden:\n      - 64\n      - 0",
      "exp.yaml:10: model.rnn.hidden: '0' is outside 1…2048."),
    WrongPlan(
      "sweep: {grid: {protocol.within: [a, b]}}",
      """
      exp.yaml:6: sweep.grid.protocol.within: a sweep can vary only keys under audio, features, \
      model and training.
      """),
    WrongPlan(
      "sweep: {grid: {features.fusion: mel}}",
      "exp.yaml:6: sweep.grid.features.fusion: expected a list of values, found text 'mel'."),
    WrongPlan(
      "sweep: {grid: {features.fusion: []}}",
      "exp.yaml:6: sweep.grid.features.fusion: has no values."
    ),
    WrongPlan(
      "sweep: {grid: {features.fusion: [mel]}}",
      """
      exp.yaml:6: sweep.grid.features.fusion: has only one value; write it under features instead.
      """),
    WrongPlan(
      "sweep: {grid: {training.clip_norm: [1, 2, 1.0]}}",
      "exp.yaml:6: sweep.grid.training.clip_norm: '1' is in this list twice."),
    WrongPlan(
      "sweep:\n  grid:\n    features.fusion: [mel, mfcc]\n    model.rnn.dropout: [0, 0.5]",
      "exp.yaml:9: sweep.grid.model.rnn.dropout: this axis changes nothing."),
    WrongPlan(
      "sweep: {grid: {training.loss.gamma: [1, 2]}}",
      "exp.yaml:6: sweep.grid.training.loss.gamma: this axis changes nothing."),
    WrongPlan(
      "sweep: {grid: {training.optimizer.momentum: [0, 0.9]}}",
      "exp.yaml:6: sweep.grid.training.optimizer.momentum: this axis changes nothing."),
    WrongPlan(
      "training: {schedule: {name: cosine}}\nsweep: {grid: {training.schedule.factor: [0.1, 0.5]}}",
      "exp.yaml:7: sweep.grid.training.schedule.factor: this axis changes nothing."),
    WrongPlan(
      "sweep:\n  grid:\n    features.fusion: [mel, mfcc]\n    features.mfcc.deltas: [0, 1]",
      """
      exp.yaml:7: sweep.grid: 'fusion=mel deltas=1' has the same settings as 'fusion=mel deltas=0'; \
      leave one out by sweep.exclude.
      """),
    WrongPlan(
      "sweep:\n  variants:\n    a: {model.rnn.hidden: 64}\n    b: {model.rnn.hidden: 64}",
      "exp.yaml:9: sweep.variants.b: 'b' has the same settings as 'a'; leave one out."),
    WrongPlan(
      "sweep: {grid: {model.cnn: [{}, {kernel: 5}], model.cnn.kernel: [3, 5]}}",
      """
      exp.yaml:6: sweep.grid.model.cnn.kernel: overlaps with model.cnn; vary one of the two.
      """),
    WrongPlan(
      "sweep: {grid: {}}", "exp.yaml:6: sweep.grid: has no axes."),
    WrongPlan("sweep: {variants: {}}", "exp.yaml:6: sweep.variants: has no variants."),
    WrongPlan(
      "sweep: {}",
      "exp.yaml:6: sweep.grid: expected one of grid, variants, random and one_at_a_time."),
    WrongPlan(
      "sweep:\n  grid: {model.pooling: [mean, max]}\n  variants: {a: {}}",
      "exp.yaml:8: sweep.variants: cannot be combined with sweep.grid; choose one of the two."),
    WrongPlan(
      "sweep: {variants: {a b: {}}}",
      """
      exp.yaml:6: sweep.variants.a b: 'a b' may have only letters, digits and - _ . + in its name.
      """),
    WrongPlan(
      "sweep:\n  grid:\n    features.fusion: [mel, stack]\n    model.pooling: [mean, max]",
      """
      exp.yaml:8: features.fusion: 'stack' lays features over each other, which needs as many \
      coefficients (features.mfcc.coefficients is 40) as bands (features.mel.bands is 64); set both \
      to 64 or fuse by concat or branches (variant fusion=stack pooling=mean and 1 more).
      """),
    WrongPlan(
      "training: {augmentation: none}\nsweep:\n  grid:\n"
        + "    training.augmentation.specaugment.time_masks: [1, 2]",
      """
      exp.yaml:9: training.augmentation.specaugment.time_masks: training.augmentation is text \
      'none', so there is nothing below it to set.
      """),
    WrongPlan(
      "sweep:\n  grid:\n"
        + (0..<14).map { "    training.x\($0): [1, 2]\n" }.joined(),
      "exp.yaml:7: sweep.grid: has more than 10000 variants."),
  ]

  private func identity(_ lines: String) throws -> String {
    try readPlan(head + lines).variants[0].identity
  }

  @Test("equal settings have equal identities, whatever the order, form and comments")
  func identities() throws {
    let one = try identity(
      """
      model: {rnn: {hidden: 64, layers: 2}, pooling: mean}
      training:
        augmentation: none
        optimizer: {learning_rate: 1e-3}
      """)
    let other = try identity(
      """
      # comments do not matter
      training: {optimizer: {name: adamw, learning_rate: 0.001}, augmentation: {specaugment: none}}
      title: nor does what a trial does not depend on
      seeds: [9]
      model:
        pooling: "mean"
        rnn:
          layers: 2   # two
          bidirectional: true
          hidden: +64
      """)
    #expect(one == other)
    let grid = try readPlan(
      head + """
        model: {rnn: {layers: 2}, pooling: mean}
        training: {augmentation: none}
        sweep: {grid: {model.rnn.hidden: [32, 64]}}
        """)
    #expect(grid.variants[1].identity == one)
    #expect(grid.variants[0].identity != one)
  }

  /// Changes of `EveryKeyTests` that do nothing while all other keys have their defaults.
  private static let idle = [
    "audio.unreadable=drop", "model.rnn.dropout=0.5", "training.optimizer.momentum=0.5",
    "training.optimizer.nesterov=true", "training.schedule.every_epochs=10",
    "training.schedule.factor=0.5", "training.loss.gamma=0.5",
    "model.projection=none", "model.projection.width=64", "model.projection.activation=gelu",
    "model.projection.activation=none", "model.projection.dropout=0.2",
    "model.projection.input_dropout=0.2",
    "model.modality_dropout=0.2",
  ]

  @Test("settings without effect are no part of an identity, and all others are")
  func effects() throws {
    let base = try identity("")
    for change in EveryKeyTests.settings {
      // Some settings are refused unless several corpora are trained on together.
      let overrides = [change.override, "protocol.across=pooled"]
      let changed = try readPlan(head, overrides: overrides).variants[0].identity
      let isIdle = Self.idle.contains(change.override)
      #expect((changed == base) == isIdle, "\(change.override)")
    }
    #expect(
      try identity("features: {fusion: mel, mfcc: {deltas: 2}}")
        == identity("features: {fusion: mel}"))
    #expect(
      try identity("model: {head: {hidden: [], dropout: 0}}")
        == identity("model: {head: {hidden: []}}"))
    #expect(
      try identity("training: {augmentation: {specaugment: {time_masks: 0}}}")
        == identity("training: {augmentation: {specaugment: {time_frames: 0}}}"))
    #expect(
      try identity("model: {cnn: {pool: {time: [1, 2, 4], frequency: [1, 2, 4]}}}")
        == identity("model: {cnn: {pool: [1, 2, 4]}}"))
    #expect(try identity("model: {cnn: {pool: {}}}") == identity(""))
    func optimizer(_ text: String) throws -> String {
      try identity("training: {optimizer: {name: sgd, \(text)}}")
    }
    #expect(try optimizer("momentum: 0") == optimizer("momentum: 0, nesterov: true"))
    #expect(try optimizer("nesterov: true") != optimizer("nesterov: false"))
    #expect(try optimizer("weight_decay: 0") == optimizer("momentum: 0.9"))
    for (text, other) in [
      ("loss: {name: focal}", "loss: {name: focal, gamma: 1}"),
      ("schedule: {name: step}", "schedule: {name: step, every_epochs: 9}"),
      ("schedule: {name: step}", "schedule: {name: step, factor: 0.5}"),
    ] {
      #expect(try identity("training: {\(text)}") != identity("training: {\(other)}"))
    }
  }

  @Test("augmentations that are not asked for leave identities as they were before they existed")
  func quietAugmentations() throws {
    let base = try identity("")
    for word in ["noise", "speed", "mixup"] { #expect(!base.contains(word)) }
    for lines in [
      "training: {augmentation: {noise: none, speed: none, mixup: none}}",
      "training: {augmentation: {speed: [1.0]}}",
    ] { #expect(try identity(lines) == base, "\(lines)") }
    #expect(
      try identity("training: {augmentation: {speed: [1, 0.9]}}")
        == identity("training: {augmentation: {speed: [0.9, 1.0]}}"))
  }

  @Test("settings that a finished trial was stored with still have the identity that they had")
  func storedIdentity() throws {
    let url = folder.appending(path: "identity.yaml")
    let stored = try String(contentsOf: url, encoding: .utf8)
    #expect(try identity(stored) == stored)
  }

  @Test("a sweep can switch augmentations on and off")
  func augmentations() throws {
    let plan = try readPlan(
      head + """
        sweep:
          grid:
            training.augmentation.mixup: [none, 0.2, 1]
            training.augmentation.speed: [none, [0.9, 1.0, 1.1]]
            training.augmentation.noise: [{snr_db: [20, 20]}, none]
        """)
    let augmentations = plan.variants.map(\.settings.training.augmentation)
    #expect(augmentations.map(\.mixup) == [nil, 0.2, 1].flatMap { Array(repeating: $0, count: 4) })
    #expect(augmentations.map(\.speed)[0...2] == [nil, nil, [0.9, 1, 1.1]])
    #expect(augmentations.map(\.noise?.snrDb)[0...1] == [20...20, nil])
    #expect(plan.variants[7].name == "mixup=0.2 speed=0.9-1-1.1 noise=none")
  }

  @Test("what enters the network follows from fusion")
  func inputs() throws {
    func input(_ fusion: String, _ mfcc: String) throws -> String {
      let plan = try readPlan(head + "features: {fusion: \(fusion), mfcc: {\(mfcc)}}")
      let input = plan.variants[0].networkInput(frames: 300)
      #expect(input.frames == 300)
      return input.branches.map { "\($0.name) \($0.channels) × \($0.bins)" }.joined(separator: ", ")
    }
    #expect(try input("mel", "deltas: 2") == "mel 1 × 64")
    #expect(try input("mfcc", "coefficients: 13, deltas: 2") == "mfcc 1 × 39")
    #expect(try input("concat", "deltas: 1") == "concat 1 × 144")
    #expect(try input("stack", "coefficients: 64, deltas: 2") == "stack 4 × 64")
    #expect(try input("branches", "deltas: 1") == "mel 1 × 64, mfcc 1 × 80")
  }

  @Test("frames of a clip: one on its first sample and one every hop")
  func frames() throws {
    #expect(try readPlan(head).base.frames == 301)
    #expect(
      try readPlan(head + "features: {hop_ms: 12.5}\naudio: {clip_s: 2.51}").base.frames == 201)
    #expect(try readPlan(head + "audio: {rate_hz: 22050}").base.frames == 1 + 66150 / 221)
  }
}
