import ValenceClassic
import ValenceCore
import ValenceFeatures
import ValencePlan

extension Checkpoint {
  /// Reads a classic model back from arrays that may be anything, and puts what was chosen of a clip's vector
  /// into the settings.
  ///
  /// - Throws: a sentence that names the file if they are none of the model that the settings name.
  static func classic(
    _ file: Safetensors, settings: inout Settings, classes: Int, name: String
  ) throws -> TrainedModel {
    let arrays = file.arrays.filter { !$0.key.hasPrefix(prefix) }.dictionary
    let model: ClassicModel
    do {
      let choices = settings.clipVector.choices
      let alternative = try ClassicModel.alternative(in: arrays)
      guard (alternative == nil) == (choices.count == 1), alternative ?? 0 < choices.count else {
        throw ClassicError.damaged(
          "'alternative' is none of the \(choices.count) vectors that its settings choose among.")
      }
      if let alternative { settings = settings.choosing(choices[alternative]) }
      model = try ClassicModel(
        arrays: arrays, options: settings.classic?.options ?? .init(), classCount: classes,
        dimensions: settings.clipVector.count)
    } catch {
      throw CheckpointFault(file: name, kind: .noClassic("\(error)"))
    }
    let statistics = try statistics(
      of: file, [vectorName: settings.clipVector.count], settings.features.normalization,
      name: name)
    let known = model.arrays
    if let other = arrays.keys.sorted().first(where: { known[$0] == nil }) {
      throw CheckpointFault(file: name, kind: .noClassic("it has no use for '\(other)'."))
    }
    return .classic(model, normalizer: statistics?[vectorName])
  }
}
