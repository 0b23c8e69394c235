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
    let corpora = experiment.trainingSet(trial.train).corpora
    let clips = ClipSource(asTheyAre: corpora, variant: trial.variant, library: library)
    let train = clips.train(trial.fold).filter(clips.isUsable)
    try check(train, set: "training", source: clips)
    let normalizer =
      settings.features.normalization == .train
      ? try VectorSource.trainingNormalizer(trial.fold, of: clips, settings.clipVector) : nil
    let source = try VectorSource(
      corpora, variant: trial.variant, library: library, training: normalizer)
    let data = ClassicData(
      vectors: try source.vectors(of: train, control: control), targets: train.map(clips.target),
      speakers: source.speakers(of: train), classCount: classes.count, groups: source.vector.groups)
    let model: ClassicModel
    do {
      model = try ClassicModel(fitting: data, classic.options, workers: workers)
    } catch {
      throw TrainingError.classic(error)
    }
    var training = TrialRecord.Training(
      parameters: model.parameters, epochs: 0, bestEpoch: 0, train: clips.clipSet(train),
      validation: clips.clipSet([]))
    training.trainCounts = clips.counts(of: train, classes: classes.count)
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
