import Testing
import ValenceClassic
import ValenceCore
import ValenceEncoders
import ValenceFeatures
import ValenceNN

@testable import ValencePlan
@testable import ValenceReport

@Suite("Classic models and baselines in a plan")
struct ClassicPlanTests {
  private static let words = "majority, ridge, kernel_ridge, svm, logistic, lda"

  @Test("what cannot be fitted, or has no effect, gets its sentence", arguments: wrong)
  func refused(plan: WrongPlan) { #expect(complaints(plan.text) == plan.complaint) }

  static let wrong = [
    WrongPlan(
      "model: {classic: rigde}",
      "exp.yaml:6: model.classic: 'rigde' is not one of none, \(words); did you mean ridge?"),
    WrongPlan(
      "model: {classic: [ridge]}",
      "exp.yaml:6: model.classic: expected one of none, \(words), found a list."),
    WrongPlan(
      "model: {classic: {}}", "exp.yaml:6: model.classic.name: is missing; name one of \(words)."),
    WrongPlan(
      "model: {classic: {name: forest}}",
      "exp.yaml:6: model.classic.name: 'forest' is not one of \(words)."),
    WrongPlan(
      "model: {classic: ridge}\ntraining: {epochs: 60}",
      "exp.yaml:7: training.epochs: has no effect: every variant is a classic model, which has no network to "
        + "train; leave it out."),
    WrongPlan(
      "model: {classic: svm, rnn: {hidden: 64}}",
      "exp.yaml:6: model.rnn: has no effect: every variant is a classic model, which has no network to train; "
        + "leave it out."),
    WrongPlan(
      "training: {augmentation: {mixup: 0.2}}\nsweep: {grid: {model.classic: [ridge, svm]}}",
      "exp.yaml:6: training.augmentation: has no effect: every variant is a classic model, which has no network "
        + "to train; leave it out."),
    WrongPlan(
      "model: {classic: {name: majority, penalty: 1}}",
      "exp.yaml:6: model.classic.penalty: has no effect: majority has no penalty; leave it out."),
    WrongPlan(
      "model: {classic: {name: lda, penalty: nested}}",
      "exp.yaml:6: model.classic.penalty: has no effect: lda has no penalty; leave it out."),
    WrongPlan(
      "model: {classic: {name: svm, gamma: 2}}",
      "exp.yaml:6: model.classic.gamma: has no effect: svm has no gamma; leave it out."),
    WrongPlan(
      "model: {classic: {name: ridge, kernels: group}}",
      "exp.yaml:6: model.classic.kernels: has no effect: ridge has no kernels; leave it out."),
    WrongPlan(
      "model: {classic: {name: logistic, shrinkage: 0.1}}",
      "exp.yaml:6: model.classic.shrinkage: has no effect: logistic has no shrinkage; leave it out."
    ),
    WrongPlan(
      "model: {classic: {name: majority, class_weights: none}}",
      "exp.yaml:6: model.classic.class_weights: has no effect: majority has no class_weights; leave it out."
    ),
    WrongPlan(
      "model: {classic: {name: svm, balance: corpus}}",
      "exp.yaml:6: model.classic.balance: has no effect: svm has no balance; leave it out."),
    WrongPlan(
      "model: {classic: {name: majority, self_training: {}}}",
      "exp.yaml:6: model.classic.self_training: has no effect: majority has no self_training; leave it out."
    ),
    WrongPlan(
      "model: {classic: {name: ridge, self_training: {rounds: 0}}}",
      "exp.yaml:6: model.classic.self_training.rounds: '0' is outside 1…100."),
    WrongPlan(
      "model: {classic: {name: ridge, self_training: {share: 0}}}",
      "exp.yaml:6: model.classic.self_training.share: '0' is outside 0.05…1."),
    WrongPlan(
      "model: {classic: {name: ridge, self_training: {score: half}}}",
      "exp.yaml:6: model.classic.self_training.score: 'half' is not one of all, others."),
    WrongPlan(
      "model: {classic: {name: ridge, penalty: strong}}",
      "exp.yaml:6: model.classic.penalty: expected nested or a number, found text 'strong'."),
    WrongPlan(
      "model: {classic: {name: ridge, penalty: 0}}",
      "exp.yaml:6: model.classic.penalty: '0' is outside 0.0001…10000."),
    WrongPlan(
      "model: {classic: {name: kernel_ridge, gamma: 0}}",
      "exp.yaml:6: model.classic.gamma: '0' is outside 0.001…1000."),
    WrongPlan(
      "model: {classic: {name: lda, shrinkage: 2}}",
      "exp.yaml:6: model.classic.shrinkage: '2' is outside 1.0e-05…1."),
    WrongPlan(
      "model: {classic: {name: ridge, pooling: max}}",
      "exp.yaml:6: model.classic.pooling: 'max' is not one of mean, mean_std, nested."),
    WrongPlan(
      "model: {classic: {name: ridge, epochs: 4}}",
      "exp.yaml:6: model.classic.epochs: no such key; valid are name, penalty, shrinkage, class_weights, gamma, "
        + "kernels, pooling, inner, …"),
    WrongPlan(
      "features: {fusion: gated}\nmodel: {classic: ridge}",
      "exp.yaml:6: features.fusion: 'gated' weighs features at each time step by learned gates, but a classic "
        + "model sees one vector of a clip; use concat, or branches where an encoder joins."),
    WrongPlan(
      "features: {fusion: late}\nmodel: {classic: ridge}",
      "exp.yaml:6: features.fusion: 'late' averages whole networks, but a classic model sees one vector of a "
        + "clip; use concat, or branches where an encoder joins."),
    WrongPlan(
      "features: {fusion: stack, mfcc: {coefficients: 64}}\nmodel: {classic: ridge}",
      "exp.yaml:6: features.fusion: 'stack' lays features over each other as channels of an image, but a classic "
        + "model sees one vector of a clip; use concat, or branches where an encoder joins."),
    WrongPlan(
      "features: {fusion: encoder, encoder: {path: \"${ENCODERS}/one\", layer: weighted}}\n"
        + "model: {classic: ridge}",
      "exp.yaml:6: features.encoder.layer: 'weighted' learns the weights of layers with a network; a classic model "
        + "needs one layer, mean, or nested, which chooses one."),
    WrongPlan(
      "features: {fusion: encoder, encoder: {path: \"${ENCODERS}/one\", layer: nested}}",
      "exp.yaml:6: features.encoder.layer: 'nested' chooses the layer by inner folds of the training speakers, "
        + "which networks do not have; give a layer, mean or weighted, or a model.classic."),
    WrongPlan(
      "features: {fusion: encoder, encoder: {path: \"${ENCODERS}/one\", layer: nested}}\n"
        + "model: {classic: majority}",
      "exp.yaml:6: features.encoder.layer: 'nested' chooses the layer by inner folds of the training speakers, "
        + "and majority hears nothing to choose by; give a layer."),
    WrongPlan(
      "model: {classic: ridge}\nsweep: {grid: {model.classic.penalty: [1, 2]}}",
      "exp.yaml:7: model.classic.penalty: model.classic is text 'ridge', so there is nothing below it to set."
    ),
    WrongPlan(
      "sweep: {variants: {a: {model.classic: svm}, b: {model.classic: {name: svm}}}}",
      "exp.yaml:6: sweep.variants.b: 'b' has the same settings as 'a'; leave one out."),
    WrongPlan(
      "baselines: [svm, forest]",
      "exp.yaml:6: baselines: 'forest' is not one of \(words)."),
    WrongPlan("baselines: [svm, svm]", "exp.yaml:6: baselines: 'svm' is in this list twice."),
    WrongPlan("baselines: []", "exp.yaml:6: baselines: expected 1…6 entries, found 0."),
    WrongPlan(
      "baselines: svm", "exp.yaml:6: baselines: expected a list of words, found text 'svm'."),
  ]

  @Test("networks and their training leave no trace beside a classic model")
  func setAside() throws {
    let text =
      head + "model: {rnn: {hidden: 64}}\ntraining: {epochs: 7, augmentation: {speed: [0.9]}}\n"
    let plan = try readPlan(text, overrides: ["model.classic=svm"])
    let variant = try #require(plan.variants.first)
    #expect(variant.settings.training == TrainingOptions())
    #expect(variant.settings.model == ModelOptions())
    #expect(!variant.identity.contains("training") && !variant.identity.contains("rnn"))
    #expect(variant.identity.contains("classic:\n    name: svm\n    penalty: nested\n"))
    #expect(!plan.resolvedYAML.contains("epochs"))
    #expect(try readPlan(plan.resolvedYAML) == plan)
    #expect(
      try readPlan(head, overrides: ["model.classic={name: svm}"]).variants == plan.variants)
  }

  @Test(
    "a file may extend that of a network and say a classic model, beside which its keys stay idle")
  func beside() throws {
    let text = head + "training: {epochs: 7}\nsweep: {grid: {model.classic: [none, svm, lda]}}"
    let plan = try readPlan(text)
    #expect(plan.variants.map(\.name) == ["classic=none", "classic=svm", "classic=lda"])
    #expect(plan.variants[0].settings.training.epochs == 7)
    #expect(
      plan.variants[0].identity
        == (try readPlan(head + "training: {epochs: 7}")).variants[0].identity)
    #expect(try readPlan(plan.resolvedYAML) == plan)
  }

  @Test("a classic model is no part of a network's identity")
  func identity() throws {
    let before = try readPlan(head).variants[0].identity
    #expect(!before.contains("classic"))
    #expect(try readPlan(head, overrides: ["model.classic=none"]).variants[0].identity == before)
  }

  @Test("majority and svm are the baselines unless the file says others; they are no variants")
  func baselines() throws {
    let plan = try readPlan(
      head + "features: {normalization: speaker, fusion: mel}\naudio: {clip_s: 2}")
    #expect(plan.variants.map(\.name) == ["base"])
    #expect(plan.baselines.map(\.name) == ["baseline majority", "baseline svm"])
    for baseline in plan.baselines {
      #expect(baseline.settings.audio == plan.base.audio)
      #expect(baseline.settings.features.normalization == .speaker)
      #expect(baseline.settings.classic != nil)
    }
    #expect(plan.baselines[1].settings.classic == ClassicSettings(ClassicOptions(.svm)))
    #expect(try readPlan(head + "baselines: none").baselines.isEmpty)
    let none = try readPlan(head + "features: {normalization: none}").baselines
    #expect(none.allSatisfy { $0.settings.features.normalization == .train })
  }

  @Test("a sweep over the normalization has baselines for each, of what hears something")
  func byNormalization() throws {
    let sweep = "sweep={grid: {features.normalization: [none, speaker, train]}}"
    let plan = try readPlan(head, overrides: [sweep])
    #expect(
      plan.baselines.map(\.name) == [
        "baseline majority", "baseline svm normalization=train",
        "baseline svm normalization=speaker",
      ])
    #expect(
      plan.baselines.map(\.settings.features.normalization) == [.train, .train, .speaker])
    // Those of one normalization are the same models under the names that they always had.
    #expect(plan.baselines[0...1].map(\.identity) == (try readPlan(head)).baselines.map(\.identity))
    let speaker = try readPlan(head + "features: {normalization: speaker}").baselines
    #expect(speaker.map(\.name) == ["baseline majority", "baseline svm"])
    #expect(speaker[1].identity == plan.baselines[2].identity)
    let one = try readPlan(head + "sweep: {variants: {a: {features.normalization: corpus}}}")
    #expect(one.baselines.allSatisfy { $0.settings.features.normalization == .corpus })
  }

  @Test("a nested layer and pooling are choices of the classic model alone")
  func choices() throws {
    let alone = overrides(encoder: "one") + ["features.encoder.layer=nested"]
    let plan = try readPlan(
      head, overrides: alone + ["model.classic={name: ridge, pooling: nested}"])
    let settings = try #require(plan.variants.first).settings
    let shape = try #require(settings.features.encoder).identity.shape
    #expect(settings.choosesVector)
    #expect(settings.clipVector.choices.count == 2 * (shape.layers + 1))
    #expect(settings.clipVector.count == 2 * shape.width * (shape.layers + 1))
    for choice in settings.clipVector.choices {
      let chosen = settings.choosing(choice)
      #expect(!chosen.choosesVector)
      #expect(
        chosen.clipVector.count
          == settings.clipVector.columns(of: choice).reduce(0) { $0 + $1.count })
    }
    #expect(try readPlan(plan.resolvedYAML) == plan)
    let functionals = try readPlan(
      head + "features: {fusion: functionals}\nmodel: {classic: {name: ridge, pooling: nested}}")
    #expect(functionals.variants.allSatisfy { !$0.settings.choosesVector })
  }

  @Test("baselines are what they are whatever the sweep, and leave the variants' identities alone")
  func aside() throws {
    let plan = try readPlan(
      head + "model: {rnn: {hidden: 5}}\nsweep: {grid: {features.fusion: [mel, mfcc]}}")
    let without = try readPlan(
      head
        + "model: {rnn: {hidden: 5}}\nbaselines: none\nsweep: {grid: {features.fusion: [mel, mfcc]}}"
    )
    #expect(plan.variants == without.variants)
    #expect(plan.baselines == (try readPlan(head)).baselines)
    #expect(plan != without)
    #expect(try readPlan(plan.resolvedYAML) == plan)
    #expect(try readPlan(without.resolvedYAML) == without)
  }

  @Test("pairs to compare may name baselines")
  func compared() throws {
    let plan = try readPlan(head + "report: {compare: [[baseline svm, base]]}")
    #expect(plan.report.compare == .pairs([.init("baseline svm", "base")]))
  }
}
