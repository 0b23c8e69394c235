import Foundation
import Testing
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

@testable import ValenceData
@testable import ValenceTraining

extension Laboratory {
  /// Writes an untrained network of the laboratory's plans, with no record of what it has heard.
  ///
  /// - Parameter overrides: settings of its plan, which is one of the corpora `one` and `two`.
  @discardableResult
  func writeBody(
    _ name: String = "body.safetensors", classes: [String] = ["low", "mid", "high"],
    seed: UInt64 = 9, _ overrides: [String] = []
  ) throws -> URL {
    let variant = try experiment(plan(corpora: ["one", "two"]), overrides).plan.variants[0]
    let settings = variant.settings
    let network = Network(
      try NetworkShape(
        model: settings.model, input: settings.networkInput(frames: settings.frames),
        classes: classes.count), maxClips: 1, seed: seed, workers: .single)
    let statistics = settings.features.kinds.map { kind in
      let bins = settings.features.bins(of: kind)
      return (
        kind,
        Normalizer(
          means: (0..<bins).map { -40 + Float($0) }, deviations: (0..<bins).map { 10 + Float($0) },
          source: .trainingFold)
      )
    }
    let normalizers =
      settings.features.normalization == .train
      ? Dictionary(uniqueKeysWithValues: statistics) : nil
    let file = url(name)
    try Checkpoint.make(
      .network(network, normalizers: normalizers), variant: variant, classes: classes
    ).encoded().write(to: file)
    return file
  }
}
