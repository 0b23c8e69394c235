import ValenceClassic
import ValenceEncoders
import ValenceFeatures
import ValenceNN

@testable import ValencePlan

extension EveryKeyTests {
  /// Classic models, beside which networks and training are the defaults.
  static let classic: [Change] =
    ClassicOptions.Kind.allCases.map { kind in
      Change("model.classic=\(kind.rawValue)") {
        $0.base.classic = ClassicSettings(ClassicOptions(kind))
      }
    } + [
      change("name=lda") { $0 = ClassicSettings(ClassicOptions(.lda)) },
      change("penalty=0.5") { $0.options.penalty = .fixed(0.5) },
      change("class_weights=none") { $0.options.classWeights = .none },
      change("pooling=mean_std") { $0.pooling = .meanStd },
      change("pooling=nested") { $0.pooling = .nested },
      Change(
        "features.encoder.layer=nested",
        with: overrides(encoder: "one") + ["model={classic: {name: ridge}}"]
      ) {
        $0.base.features.encoder?.layer = .nested
      },
      change("gamma=0.5", of: .kernelRidge) { $0.options.gamma = 0.5 },
      change("kernels=group", of: .kernelRidge) { $0.options.kernels = .group },
      change("shrinkage=0.25", of: .lda) { $0.options.shrinkage = .fixed(0.25) },
      Change(
        "model.classic.balance=corpus",
        with: ["model={classic: {name: ridge}}", "protocol.across=pooled"]
      ) { $0.base.classic?.balance = .corpus },
      Change(
        "model.classic.inner=corpora",
        with: ["model={classic: {name: ridge}}", "protocol.across=pooled"]
      ) { $0.base.classic?.inner = .corpora },
      change("self_training={}") { $0.selfTraining = SelfTrainingOptions() },
    ] + [
      adapting("rounds=5") { $0.rounds = 5 }, adapting("share=0.5") { $0.share = 0.5 },
      adapting("score=others") { $0.score = .others },
    ]

  private static func adapting(
    _ override: String, _ apply: @escaping @Sendable (inout SelfTrainingOptions) -> Void
  ) -> Change {
    Change(
      "model.classic.self_training.\(override)",
      with: ["model={classic: {name: ridge, self_training: {}}}"]
    ) {
      guard var options = $0.base.classic?.selfTraining else { return }
      apply(&options)
      $0.base.classic?.selfTraining = options
    }
  }

  private static func change(
    _ override: String, of kind: ClassicOptions.Kind = .ridge,
    _ apply: @escaping @Sendable (inout ClassicSettings) -> Void
  ) -> Change {
    Change("model.classic.\(override)", with: ["model={classic: {name: \(kind.rawValue)}}"]) {
      guard var classic = $0.base.classic else { return }
      apply(&classic)
      $0.base.classic = classic
    }
  }
}
