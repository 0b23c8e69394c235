import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

/// A network on disk with all that is needed to ask it about new speech.
///
/// Beside the network's own arrays it holds the statistics that its inputs are normalized by
/// (`normalization.<feature>.means` and `.deviations`), and in its notes the classes and settings.
struct Checkpoint {
  let settings: Settings
  let classes: [String]
  let network: Network
  let normalizers: [FeatureKind: Normalizer]?

  private static let prefix = "normalization."

  /// The file of a network.
  static func make(
    _ network: Network, variant: Variant, classes: [String],
    normalizers: [FeatureKind: Normalizer]?
  ) -> Safetensors {
    var file = network.checkpoint(metadata: [
      "format": "pt", "valence.classes": classes.joined(separator: "\n"),
      "valence.settings": variant.identity,
    ])
    for (kind, normalizer) in normalizers ?? [:] {
      let shape = [normalizer.means.count]
      file.arrays["\(prefix)\(kind.rawValue).means"] =
        Safetensors.Array(shape: shape, values: normalizer.means)
      file.arrays["\(prefix)\(kind.rawValue).deviations"] =
        Safetensors.Array(shape: shape, values: normalizer.deviations)
    }
    return file
  }

  /// Reads a network back.
  ///
  /// - Throws: a sentence that names the file if it is no checkpoint of Valence.
  init(_ file: Safetensors, name: String, batch: Int, workers: Workers) throws {
    guard let classes = file.metadata["valence.classes"]?.split(separator: "\n").map(String.init),
      let text = file.metadata["valence.settings"]
    else {
      throw SafetensorsError(
        file: name, reason: "it holds no network of Valence (its notes on classes are missing)")
    }
    self.classes = classes
    settings = try Settings(identity: text, file: name)
    network = try Network(
      settings.model, input: settings.networkInput(frames: settings.frames),
      classes: classes.count, maxClips: batch, seed: 0, workers: workers)
    var weights = file
    weights.arrays = file.arrays.filter { !$0.key.hasPrefix(Self.prefix) }
    try network.load(weights, name: name)
    var normalizers: [FeatureKind: Normalizer] = [:]
    for kind in settings.features.kinds {
      guard let means = file.arrays["\(Self.prefix)\(kind.rawValue).means"],
        let deviations = file.arrays["\(Self.prefix)\(kind.rawValue).deviations"]
      else { continue }
      normalizers[kind] = Normalizer(
        means: means.values, deviations: deviations.values, source: .trainingFold)
    }
    self.normalizers = normalizers.isEmpty ? nil : normalizers
  }
}
