import ValenceEncoders
import ValenceFeatures
import ValenceNN

@testable import ValencePlan

/// Keys that need a file beside the experiment.
extension EveryKeyTests {
  static let alone = overrides(encoder: "one")

  static let ofEncoders: [Change] = [
    Change("features.encoder.layer=1", with: alone) {
      $0.base.features.encoder?.layer = .state(1)
    },
    Change("features.encoder.layer=weighted", with: alone) {
      $0.base.features.encoder?.layer = .weighted
    },
    Change("features.encoder.layer=mean", with: alone) {
      $0.base.features.encoder?.layer = .mean
    },
    Change("features.encoder.pad_s=30", with: alone) { $0.base.features.encoder?.padS = 30 },
    Change("features.encoder.heard=[msp-podcast, iemocap]", with: alone) {
      $0.base.features.encoder?.heard = ["msp-podcast", "iemocap"]
    },
  ]

  static let ofStarts: [Change] = [
    Change("training.start_from.freeze=body", with: overrides(model: "one")) {
      $0.base.training.startFrom?.freeze = .body
    }
  ]
}
