import ValenceClassic
import ValenceCore
import ValenceFeatures
import ValencePlan

extension Checkpoint {
  /// Reads a classic model back from arrays that may be anything.
  ///
  /// - Throws: a sentence that names the file if they are none of the model that the settings name.
  static func classic(
    _ file: Safetensors, settings: Settings, _ classic: ClassicSettings, classes: Int, name: String
  ) throws -> TrainedModel {
    let vector = settings.clipVector
    let statistics = try statistics(
      of: file, [vectorName: vector.count], settings.features.normalization, name: name)
    let own = file.arrays.filter { !$0.key.hasPrefix(prefix) }
    let model: ClassicModel
    do {
      model = try ClassicModel(
        arrays: own.dictionary, options: classic.options, classCount: classes,
        dimensions: vector.count)
    } catch {
      throw CheckpointFault(file: name, kind: .noClassic("\(error)"))
    }
    let known = model.arrays
    if let other = own.first(where: { known[$0.key] == nil }) {
      throw CheckpointFault(file: name, kind: .noClassic("it has no use for '\(other.key)'."))
    }
    return .classic(model, normalizer: statistics?[vectorName])
  }
}
