import Foundation
import ValenceAudio
import ValenceClassic
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
    var trained = try TrialTraining(
      experiment: experiment, library: library, trial: trial, control: control, workers: workers
    ).train()
    trained.record.warnings = warnings(on: trial, trained.record.training)
    let clock = ContinuousClock()
    let began = clock.now
    let evaluation = TrialEvaluation(
      experiment: experiment, library: library, trial: trial, model: trained.model)
    let predictions = try evaluation.predictions(control: control)
    var record = trained.record
    let made = Provenance(trial, of: experiment)
    record.made = made
    record.evaluations = evaluation.records(predictions)
    let evaluationS = (clock.now - began).seconds
    let model = Checkpoint.make(
      trained.model, variant: trial.variant, classes: record.classes)
    if let again, again.made?.engine == made.engine, try !RunStore.isModel(model, of: again) {
      throw TrainingError.otherNetwork(key: trial.key)
    }
    // A file that changed while the trial ran has no place in its key, so nothing of it is kept.
    try library.verify()
    var files = RunStore.TrialFiles(
      record: record, history: trained.history, model: model, predictions: predictions,
      metrics: try JSON.encoded(evaluation.metrics(predictions)))
    files.heard = heard(by: trial, inherited: experiment.startHistory(of: trial)?.inherited)
    files.timing = ["training_s": trained.seconds, "evaluation_s": evaluationS]
    try store.commit(files)
    return record
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
      experiment: experiment, library: library, trial: trial, model: checkpoint.model)
    let predictions = try evaluation.predictions(kept: kept, control: control)
    var rescored = record
    rescored.warnings = warnings(on: trial, record.training)
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
    files.heard = heard(by: trial, inherited: try inherited(by: trial, record))
    files.timing = try store.timing(of: record.key)
    files.timing["evaluation_s", default: 0] += seconds
    try store.commit(files)
    return rescored
  }

  /// What a finished trial inherited: what was known when it was trained.
  ///
  /// What it heard itself follows from its data, so that is made up for where its folder does not say.
  /// - Throws: `StoreError.missing` if neither its folder nor the network that it started from tells any more.
  private func inherited(by trial: Trial, _ record: TrialRecord) throws -> [HeardClip]? {
    if let kept = try store.heard(of: record, revision: AudioReader.digestRevision) {
      return kept.filter { $0.network != nil }
    }
    guard let start = record.training.start, start.isHeardKnown else { return nil }
    guard let history = experiment.startHistory(of: trial), history.gap == nil else {
      throw StoreError.missing(
        file: store.trialFolder(record.key).appending(path: TrialFile.heard.path).path)
    }
    return history.inherited
  }

  /// `heard.csv` of a trial; nil for a classic model.
  ///
  /// - Parameter inherited: what the networks before it have heard.
  private func heard(by trial: Trial, inherited: [HeardClip]?) -> Table? {
    experiment.heard(by: trial, library).map {
      HeardTable.table($0 + (inherited ?? []), revision: AudioReader.digestRevision)
    }
  }

  /// The warnings that belong to a trial; those on its corpora are in `corpora.json`, because a trial
  /// outlives the plan that names them.
  private func warnings(on trial: Trial, _ training: TrialRecord.Training) -> [TrialWarning] {
    var warnings: [TrialWarning] = []
    let features = trial.variant.settings.features
    let normalization = features.normalization
    let corpora = experiment.corpora(of: trial)
    let declared = corpora.compactMap { corpus in
      corpus.declaredNormalization(under: trial.variant).map { (corpus.name, $0) }
    }
    if normalization.usesTestSpeech, declared.count < corpora.count {
      warnings.append(.testStatistics(of: normalization.rawValue))
    }
    for (name, own) in declared {
      warnings.append(.declaredStatistics(of: own.rawValue, corpus: name))
    }
    if let selfTraining = trial.variant.settings.classic?.selfTraining {
      warnings.append(
        .selfTraining(rounds: selfTraining.rounds, isOnOthers: selfTraining.score == .others))
    }
    if !trial.fold.sharedSpeakers.isEmpty {
      warnings.append(.sharedSpeakers(trial.fold.sharedSpeakers.count))
    }
    if let encoder = features.usedEncoder {
      warnings.append(.encoder(encoder.description, heard: encoder.heard))
    }
    if let start = training.start {
      warnings.append(
        .start(
          from: "network \(start.digest.prefix(16))", start.summary, heard: start.heard,
          isNormalized: normalization == .train, tested: experiment.heardClauses(of: trial)))
    }
    if training.choice?.hasConverged == false { warnings.append(.notConverged) }
    return warnings
  }
}
