import Foundation
import ValenceCore
import ValenceCorpora
import ValenceData
import ValenceEvaluation
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore

/// Trains and evaluates one trial from features to files; plain synchronous code.
package struct TrialRunner: Sendable {
  let experiment: Experiment
  let library: FeatureLibrary
  let store: RunStore
  let control: RunControl

  /// Trains a trial, scores it on every test corpus, and keeps everything.
  ///
  /// - Parameter again: the record of the trial, if it was finished and has lost its network: where the
  ///   processor is of the same kind, the same network has to come out.
  /// - Returns: the kept record.
  /// - Throws: what made the trial fail; `CancellationError` if the run was interrupted.
  func run(_ trial: Trial, again: TrialRecord?, workers: Workers) throws -> TrialRecord {
    let (network, normalizers, trained) = try train(trial, workers: workers)
    let clock = ContinuousClock()
    let began = clock.now
    let evaluation = TrialEvaluation(
      experiment: experiment, library: library, trial: trial, network: network,
      normalizers: normalizers)
    let predictions = try evaluation.predictions(control: control)
    var record = trained.record
    let made = Provenance(trial, of: experiment)
    record.made = made
    record.evaluations = evaluation.records(predictions)
    let evaluationS = (clock.now - began).seconds
    let model = Checkpoint.make(
      network, variant: trial.variant, classes: record.classes, normalizers: normalizers)
    if let again, again.made?.engine == made.engine, try !RunStore.isModel(model, of: again) {
      throw TrainingError.otherNetwork(key: trial.key)
    }
    // A file that changed while the trial ran has no place in its key, so nothing of it is kept.
    try library.verify()
    var files = RunStore.TrialFiles(
      record: record, history: trained.history, model: model, predictions: predictions,
      metrics: try JSON.encoded(evaluation.metrics(predictions)))
    files.timing = ["training_s": trained.seconds, "evaluation_s": evaluationS]
    try store.commit(files)
    return record
  }

  /// Trains a trial's network; the record lacks what is known after evaluation.
  private func train(
    _ trial: Trial, workers: Workers
  ) throws -> (
    network: Network, normalizers: [FeatureKind: Normalizer]?,
    trained: (record: TrialRecord, history: [EpochRecord], seconds: Double)
  ) {
    let settings = trial.variant.settings
    let classes = experiment.space.classes
    let network = Network(
      try NetworkShape(
        model: settings.model, input: settings.networkInput(frames: settings.frames),
        classes: classes.count),
      maxClips: settings.training.batch, seed: trial.seed, workers: workers)
    let (source, normalizers) = try makeSource(trial)
    let train = source.train(trial.fold).filter(source.isUsable)
    let validation = source.validation(trial.fold).filter(source.isUsable)
    try check(train, set: "training", source: source)
    if validation.isEmpty { throw TrainingError.nothingToValidate }

    let trainer = Trainer(
      options: settings.training, network: network, source: source, train: train,
      validation: validation, classes: classes.count, seed: trial.seed, control: control)
    let clock = ContinuousClock()
    let began = clock.now
    let outcome = try trainer.train(onEpoch: progress(of: trial))
    let seconds = (clock.now - began).seconds
    var record = TrialRecord(
      key: trial.key, settings: trial.variant.identity, seed: trial.seed, classes: classes,
      training: TrialRecord.Training(
        parameters: network.layout.parameterCount, epochs: outcome.history.count,
        bestEpoch: outcome.bestEpoch, train: source.clipSet(train),
        validation: source.clipSet(validation)))
    record.training.trainCounts = train.reduce(into: classes.map { _ in 0 }) {
      $0[source.target(of: $1)] += 1
    }
    record.warnings = warnings(on: trial)
    return (network, normalizers, (record, outcome.history, seconds))
  }

  /// Reports each epoch of a trial with the seconds that it took.
  private func progress(of trial: Trial) -> (EpochRecord) -> Void {
    let clock = ContinuousClock()
    var epochStart = clock.now
    return { [control] record in
      let seconds = (clock.now - epochStart).seconds
      epochStart = clock.now
      control.report(
        .epoch(
          number: trial.number, title: trial.title,
          record: RunControl.EpochProgress(
            epoch: record.epoch, epochs: trial.variant.settings.training.epochs,
            trainLoss: record.trainLoss, validationUAR: record.validationUAR, seconds: seconds)))
    }
  }

  /// Scores a finished trial's stored network on the test corpora that are new to it, and drops what
  /// the plan does not ask for any more; nothing is trained.
  ///
  /// The trial's files are then those that training it under this plan would leave.
  /// - Throws: as `run` does.
  func rescore(_ trial: Trial, record: TrialRecord, workers: Workers) throws -> TrialRecord {
    let clock = ContinuousClock()
    let began = clock.now
    let model = try store.model(of: record)
    let checkpoint = try Checkpoint(
      model, name: "trial \(trial.key)", batch: trial.variant.settings.training.batch,
      workers: workers)
    let used = UsedClips(trial, experiment: experiment, library: library)
    let made = Provenance(trial, of: experiment)
    var kept: [String: [Prediction]] = [:]
    var makers: [String: Provenance] = [:]
    for test in trial.tests {
      makers[test.name] = made
      guard let evaluation = test.evaluation(in: record, of: trial.variant),
        evaluation.clips == used.digest(of: test).hex
      else { continue }
      kept[test.name] = try store.predictions(of: record, on: evaluation.corpus)
      makers[test.name] = evaluation.made ?? record.made
    }
    let evaluation = TrialEvaluation(
      experiment: experiment, library: library, trial: trial, network: checkpoint.network,
      normalizers: checkpoint.normalizers)
    let predictions = try evaluation.predictions(kept: kept, control: control)
    var rescored = record
    rescored.warnings = warnings(on: trial)
    rescored.evaluations = evaluation.records(predictions).map { evaluation in
      var evaluation = evaluation
      let maker = makers[evaluation.corpus]
      evaluation.made = maker == record.made ? nil : maker
      return evaluation
    }
    let seconds = (clock.now - began).seconds
    // Made of the files as they were, or not kept.
    try library.verify()
    var files = RunStore.TrialFiles(
      record: rescored, history: try store.history(of: record), model: model,
      predictions: predictions, metrics: try JSON.encoded(evaluation.metrics(predictions)))
    files.timing = store.timing(of: record.key)
    files.timing["evaluation_s", default: 0] += seconds
    try store.commit(files)
    return rescored
  }

  private func makeSource(
    _ trial: Trial
  ) throws -> (ClipSource, [FeatureKind: Normalizer]?) {
    let corpora = experiment.trainingSet(trial.train).corpora
    let raw = ClipSource(asTheyAre: corpora, variant: trial.variant, library: library)
    let normalizers =
      trial.variant.settings.features.normalization == .train
      ? try raw.trainingNormalizers(trial.fold) : nil
    let source = try ClipSource(
      corpora, variant: trial.variant, library: library, training: normalizers)
    return (source, normalizers)
  }

  private func check(_ indices: [Int], set: String, source: ClipSource) throws {
    let present = Set(indices.map(source.target))
    for (target, name) in experiment.space.classes.enumerated() where !present.contains(target) {
      throw TrainingError.missingClass(name: name, set: set)
    }
  }

  /// The warnings that belong to a trial; those on its corpora are in `corpora.json`, because a trial
  /// outlives the plan that names them.
  private func warnings(on trial: Trial) -> [TrialWarning] {
    var warnings: [TrialWarning] = []
    let features = trial.variant.settings.features
    let normalization = features.normalization
    if normalization.usesTestSpeech {
      warnings.append(.testStatistics(of: normalization.rawValue))
    }
    if !trial.fold.sharedSpeakers.isEmpty {
      warnings.append(.sharedSpeakers(trial.fold.sharedSpeakers.count))
    }
    if let encoder = features.usedEncoder {
      warnings.append(.encoder(encoder.description, heard: encoder.heard))
    }
    return warnings
  }
}

extension ClipSource {
  /// How a record describes some clips.
  fileprivate func clipSet(_ indices: [Int]) -> TrialRecord.ClipSet {
    .init(utterances: indices.count, digest: identity(of: indices).hex)
  }
}
