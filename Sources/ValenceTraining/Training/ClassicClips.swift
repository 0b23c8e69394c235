import ValenceClassic
import ValenceCore
import ValenceData
import ValenceFeatures
import ValenceNN
import ValencePlan

/// The clips that the classic model of a trial is fitted to.
struct ClassicClips {
  private let experiment: Experiment
  private let library: FeatureLibrary
  private let trial: Trial
  /// The clips of its training set as they are.
  let source: ClipSource
  /// Those of the training and validation sides that can be used.
  let train: [Int]

  init(experiment: Experiment, library: FeatureLibrary, trial: Trial) {
    (self.experiment, self.library, self.trial) = (experiment, library, trial)
    source = ClipSource(
      asTheyAre: experiment.trainingSet(trial.train).corpora, variant: trial.variant,
      library: library)
    train = source.train(trial.fold).filter(source.isUsable)
  }

  private var settings: Settings { trial.variant.settings }

  /// The statistics of the training fold; nil where the settings normalize by others, or not at all.
  var normalizer: Normalizer? {
    get throws {
      settings.features.normalization == .train
        ? try VectorSource.trainingNormalizer(trial.fold, of: source, settings.clipVector) : nil
    }
  }

  /// What the model is fitted to.
  ///
  /// - Parameters:
  ///   - choice: what inner folds chose; nil for what they choose among.
  ///   - normalizer: the statistics of the training fold, of that.
  func data(
    _ choice: VectorChoice? = nil, normalizer: Normalizer?, control: RunControl
  ) throws -> ClassicData {
    let vectors = try VectorSource(
      experiment.trainingSet(trial.train).corpora, variant: trial.variant, library: library,
      choice: choice, training: normalizer)
    let units =
      settings.classic?.inner == .corpora
      ? train.map(source.corpus(of:)) : vectors.speakers(of: train)
    var data = ClassicData(
      vectors: try vectors.vectors(of: train, control: control), targets: train.map(source.target),
      speakers: units, classCount: experiment.space.classes.count,
      groups: (choice.map(settings.choosing) ?? settings).clipVector.groups)
    if settings.classic?.balance == .corpus { data.weights = source.balancedWeights(of: train) }
    return data
  }

  /// How many corpora it has clips of.
  var corpora: Int { Set(train.map(source.corpus(of:))).count }
}
