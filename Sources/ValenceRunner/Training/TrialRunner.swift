import Foundation
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore

/// Trains and evaluates one trial from features to files; plain synchronous code.
struct TrialRunner: Sendable {
  let experiment: Experiment
  let library: FeatureLibrary
  let store: RunStore
  let control: RunControl
  /// Threads that this trial may use.
  let threads: Int

  /// Trains a trial, scores it on every test corpus, and keeps everything.
  ///
  /// - Returns: the kept record.
  /// - Throws: what made the trial fail; `CancellationError` if the run was interrupted.
  func run(_ trial: Trial) throws -> TrialRecord {
    let clock = ContinuousClock()
    let settings = trial.variant.settings
    let classes = experiment.space.classes
    let corpus = experiment.corpus(trial.train)
    let input = settings.networkInput(frames: settings.frames)
    let network = try Network(
      settings.model, input: input, classes: classes.count, maxClips: settings.training.batch,
      seed: trial.seed, workers: Workers(threads: threads))
    let (source, normalizers) = makeSource(trial, corpus: corpus)
    let train = trial.fold.train.filter(source.isUsable)
    let validation = trial.fold.validation.filter(source.isUsable)
    try check(train, set: "training", source: source)

    let trainer = Trainer(
      options: settings.training, network: network, source: source, train: train,
      validation: validation, classes: classes.count, seed: trial.seed, control: control)
    var epochStart = clock.now
    let began = clock.now
    let outcome = try trainer.train { record in
      let seconds = (clock.now - epochStart).seconds
      epochStart = clock.now
      control.report(
        .epoch(
          number: trial.number, title: trial.title,
          record: RunControl.EpochProgress(
            epoch: record.epoch, epochs: settings.training.epochs, trainLoss: record.trainLoss,
            validationUAR: record.validationUAR, seconds: seconds)))
    }
    let trainingS = (clock.now - began).seconds

    var record = TrialRecord(
      key: trial.key, settings: trial.variant.identity, seed: trial.seed, classes: classes,
      parameters: network.layout.parameterCount, epochs: outcome.history.count,
      bestEpoch: outcome.bestEpoch, trainUtterances: train.count,
      validationUtterances: validation.count, badges: badges(trial))
    let evaluation = TrialEvaluation(
      experiment: experiment, library: library, trial: trial, network: network, source: source,
      normalizers: normalizers)
    let predictions = try evaluation.predictions(control: control)
    record.evaluations = evaluation.records(predictions)
    let evaluationS = (clock.now - began).seconds - trainingS
    try store.commit(
      RunStore.TrialFiles(
        record: record, history: outcome.history,
        model: Checkpoint.make(
          network, variant: trial.variant, classes: classes, normalizers: normalizers),
        predictions: predictions,
        metrics: try JSON.encoded(evaluation.metrics(predictions)),
        timing: ["training_s": trainingS, "evaluation_s": evaluationS]))
    return record
  }

  private func makeSource(
    _ trial: Trial, corpus: PreparedCorpus
  ) -> (ClipSource, [FeatureKind: Normalizer]?) {
    let minimum = trial.variant.settings.minimumFrames
    let raw = ClipSource(
      corpus, variant: trial.variant, library: library, minimumFrames: minimum, training: nil)
    guard trial.variant.settings.features.normalization == .train else {
      return (raw, nil)
    }
    let normalizers = raw.trainingNormalizers(trial.fold)
    let source = ClipSource(
      corpus, variant: trial.variant, library: library, minimumFrames: minimum,
      training: normalizers)
    return (source, normalizers)
  }

  private func check(_ indices: [Int], set: String, source: ClipSource) throws {
    let present = Set(indices.map(source.target))
    for (target, name) in experiment.space.classes.enumerated() where !present.contains(target) {
      throw TrainingError.missingClass(name: name, set: set)
    }
  }

  /// What must stand beside every number of a trial.
  private func badges(_ trial: Trial) -> [String] {
    var badges = experiment.corpus(trial.train).corpus.remarks
    for corpus in experiment.testCorpora(for: trial.train) { badges += corpus.corpus.remarks }
    if trial.variant.settings.features.normalization.usesTestSpeech {
      let unit = trial.variant.settings.features.normalization.rawValue
      badges.append("normalized by statistics of each \(unit), unlabeled test speech included")
    }
    if !trial.fold.sharedSpeakers.isEmpty {
      let count = trial.fold.sharedSpeakers.count
      badges.append("published split: \(count) test speakers are also in training")
    }
    var seen: Set<String> = []
    return badges.filter { seen.insert($0).inserted }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
