import ValenceClassic
import ValenceCore
import ValenceData
import ValenceFeatures
import ValenceKernels
import ValencePlan
import ValenceStore

extension TrialTraining {
  /// Fits a classic model to the clips of the training and validation sides together: it chooses nothing by
  /// validation.
  ///
  /// - Throws: what made the trial fail; `CancellationError`.
  func fitted(_ classic: ClassicSettings) throws -> Trained {
    let clips = ClassicClips(experiment: experiment, library: library, trial: trial)
    let (source, train) = (clips.source, clips.train)
    try check(train, set: "training", source: source)
    let normalizer = try clips.normalizer
    let data = try clips.data(normalizer: normalizer, control: control)
    let model: ClassicModel
    do {
      model = try ClassicModel(fitting: data, classic.options, workers: workers)
    } catch {
      throw TrainingError.classic(error)
    }
    var training = TrialRecord.Training(
      parameters: model.parameters, epochs: 0, bestEpoch: 0, train: source.clipSet(train),
      validation: source.clipSet([]))
    training.trainCounts = source.counts(of: train, classes: classes.count)
    return Trained(
      model: .classic(model, normalizer: normalizer),
      record: TrialRecord(
        key: trial.key, settings: trial.variant.identity, seed: trial.seed, classes: classes,
        training: training), history: [], seconds: 0)
  }
}

extension ClassicModel {
  /// How many numbers it learned: weights and offsets, or the shares of classes alone.
  fileprivate var parameters: Int {
    let learned = options.kind == .majority ? ["offsets"] : ["weights", "offsets"]
    return learned.reduce(0) { $0 + (arrays[$1]?.values.count ?? 0) }
  }
}
