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
    let choices = settings.clipVector.choices
    let model: ClassicModel
    do throws(ClassicError) {
      model =
        choices.count == 1
        ? try ClassicModel(fitting: data, classic.options, workers: workers)
        : try ClassicModel(
          fitting: choices.lazy.map { data.picking($0, of: settings) }, classic.options,
          workers: workers)
    } catch {
      throw TrainingError.classic(error)
    }
    let choice = model.alternative.map { choices[$0] }
    let columns = choice.map(settings.clipVector.columns)
    var training = TrialRecord.Training(
      parameters: model.parameters, epochs: 0, bestEpoch: 0, train: source.clipSet(train),
      validation: source.clipSet([]))
    training.trainCounts = source.counts(of: train, classes: classes.count)
    training.choice = TrialRecord.Choice(model, choices)
    return Trained(
      model: .classic(
        model, normalizer: columns.flatMap { normalizer?.picking($0) } ?? normalizer),
      record: TrialRecord(
        key: trial.key, settings: trial.variant.identity, seed: trial.seed, classes: classes,
        training: training), history: [], seconds: 0)
  }
}

extension ClassicData {
  /// The numbers of a choice, of vectors that hold those of all.
  fileprivate func picking(_ choice: VectorChoice, of settings: Settings) -> ClassicData {
    picking(
      settings.clipVector.columns(of: choice),
      groups: settings.choosing(choice).clipVector.groups)
  }
}

extension TrialRecord.Choice {
  /// What inner folds chose for a model among vectors and strengths; nil of `majority`.
  fileprivate init?(_ model: ClassicModel, _ choices: [VectorChoice]) {
    guard let strength = model.strength else { return nil }
    let own = model.innerScores.filter { $0.alternative == model.alternative ?? 0 }
    self.init(
      key: model.options.kind == .lda ? "shrinkage" : "penalty", strength: strength,
      innerUAR: own.first { $0.strength == strength }?.uar ?? 0, hasConverged: model.hasConverged)
    isChosen = own.count > 1
    isAtEnd = isChosen && (own.first?.strength == strength || own.last?.strength == strength)
    guard let alternative = model.alternative else { return }
    if let chosen = choices[alternative].layer {
      layer = chosen
      layerUARs = (0...(choices.compactMap(\.layer).max() ?? 0)).map { layer in
        model.innerScores.filter { choices[$0.alternative].layer == layer }.map(\.uar).max() ?? 0
      }
    }
    if Set(choices.map(\.pooling)).count > 1 { pooling = choices[alternative].pooling.rawValue }
  }
}

extension ClassicModel {
  /// How many numbers it learned: weights and offsets, or the shares of classes alone.
  fileprivate var parameters: Int {
    let learned = options.kind == .majority ? ["offsets"] : ["weights", "offsets"]
    return learned.reduce(0) { $0 + (arrays[$1]?.values.count ?? 0) }
  }
}
