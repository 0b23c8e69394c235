import Foundation
import ValenceCore
import ValenceNN
import ValencePlan

/// The work that a bench times: a network or an extraction, its batch, and the repetitions.
package struct BenchOptions: Sendable {
  /// The networks that the PyTorch reference has too; LSTMs of two directions over 64 log-mel bands
  /// and 40 MFCC.
  package enum Size: String, Sendable, CaseIterable {
    /// 16-32-64 channels, 64 units.
    case small
    /// 32-64-128 channels, 128 units.
    case reference
    /// 64-128-256 channels, 256 units in two layers.
    case large

    /// The settings, as an experiment file has them.
    fileprivate var text: String {
      switch self {
      case .small: "model: {cnn: {channels: [16, 32, 64]}, rnn: {hidden: 64}}"
      case .reference: "model: {cnn: {channels: [32, 64, 128]}, rnn: {hidden: 128}}"
      case .large: "model: {cnn: {channels: [64, 128, 256]}, rnn: {hidden: 256, layers: 2}}"
      }
    }
  }

  /// The network that `overrides` start from.
  package var size = Size.reference
  /// Settings over those of the size and the defaults, each `key=value`.
  package var overrides: [String] = []
  /// Clips a step.
  package var batch = 32
  /// Threads of a step.
  package var threads = 2
  /// Steps that are timed, after `Bench.warmUps` that are not.
  package var repeats = 10
  /// Whether clips last from a quarter to the full length instead of all the full length.
  package var ragged = false

  /// The reference network, batch 32, two threads.
  package init() {}

  /// The settings that result.
  ///
  /// - Parameter sections: the top-level keys that the bench depends on.
  /// - Throws: `Problems` for a key that is none, does not fit, or would have no effect.
  func settings(of sections: [String]) throws(Problems) -> Settings {
    let settings = try Settings(
      text: size.text, named: "--size \(size.rawValue)", overrides: overrides,
      classes: Bench.classes)
    let keys = overrides.map { String($0.prefix { $0 != "=" }) }
    let idle = keys.filter { key in
      !sections.contains { key == $0 || key.hasPrefix($0 + ".") }
        || key == "features.normalization"
    }
    guard idle.isEmpty else {
      throw Problems(
        idle.map {
          Problem(
            "has no effect on this bench; give keys of \(sections.joined(separator: " or ")).",
            at: SourcePlace(file: "command line"), key: $0)
        })
    }
    return settings
  }
}
