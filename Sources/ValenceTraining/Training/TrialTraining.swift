import ValenceCore
import ValenceData
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore

/// Trains the network of one trial: once, or a second time for the number of epochs that validation chose; or
/// fits its classic model.
struct TrialTraining {
  let experiment: Experiment
  let library: FeatureLibrary
  let trial: Trial
  let control: RunControl
  let workers: Workers

  /// A trained model, and what is known of it before it is scored.
  struct Trained {
    let model: TrainedModel
    var record: TrialRecord
    /// The epochs of the pass that validation watched.
    let history: [EpochRecord]
    var seconds: Double
  }

  /// One pass over the epochs.
  private struct Pass {
    let network: Network
    let normalizers: [FeatureKind: Normalizer]?
    /// What it started from; nil of random weights.
    let start: TrialRecord.Start?
    let outcome: Trainer.Outcome
    let (train, validation): (TrialRecord.ClipSet, TrialRecord.ClipSet)
    /// The number of training clips of each class.
    let counts: [Int]
  }

  var settings: Settings { trial.variant.settings }
  var classes: [String] { experiment.space.classes }

  /// Trains; the record lacks what is known after evaluation.
  ///
  /// - Throws: what made the trial fail; `CancellationError`.
  func train() throws -> Trained {
    let clock = ContinuousClock()
    let began = clock.now
    var trained =
      if let classic = settings.classic { try fitted(classic) } else {
        settings.training.refit ? try refitted() : try result(of: pass(over: trial.fold))
      }
    trained.seconds = (clock.now - began).seconds
    return trained
  }

  /// What a pass leaves, as a trial that has no other.
  private func result(of pass: Pass) -> Trained {
    var training = TrialRecord.Training(
      parameters: pass.network.trainedCount, epochs: pass.outcome.history.count,
      bestEpoch: pass.outcome.bestEpoch, train: pass.train, validation: pass.validation)
    training.average = pass.outcome.average
    training.trainCounts = pass.counts
    training.start = pass.start
    return Trained(
      model: .network(pass.network, normalizers: pass.normalizers),
      record: TrialRecord(
        key: trial.key, settings: trial.variant.identity, seed: trial.seed, classes: classes,
        training: training), history: pass.outcome.history, seconds: 0)
  }

  /// A new network, trained on training and validation clips for as many epochs as the first one kept.
  ///
  /// The learning rate of each epoch is that of the first pass.
  private func refitted() throws -> Trained {
    let first = try choice()
    let pass = try pass(
      over: trial.fold.withoutValidation, stopAfter: first.record.training.bestEpoch)
    var record = first.record
    record.training.refit = pass.train
    record.training.trainCounts = pass.counts
    return Trained(
      model: .network(pass.network, normalizers: pass.normalizers), record: record,
      history: first.history, seconds: 0)
  }

  /// What the first pass leaves behind its network, whose memory is free before there is another.
  private func choice() throws -> (record: TrialRecord, history: [EpochRecord]) {
    let first = try result(of: pass(over: trial.fold))
    return (first.record, first.history)
  }

  /// Trains a network on a fold.
  ///
  /// - Parameter stopAfter: the number of epochs, if validation has chosen it already.
  private func pass(over fold: TrialFold, stopAfter: Int? = nil) throws -> Pass {
    let network = Network(
      try NetworkShape(
        model: settings.model, input: settings.networkInput(frames: settings.frames),
        classes: classes.count),
      maxClips: settings.training.batch, seed: trial.seed, workers: workers)
    let start = try StartingPoint(settings, workers: workers)
    start?.begin(network, classes: classes)
    let (source, normalizers) = try makeSource(fold, start)
    let train = source.train(fold).filter(source.isUsable)
    let validation = source.validation(fold).filter(source.isUsable)
    try check(train, set: "training", source: source)
    var options = settings.training
    if stopAfter != nil { options.selection = .last }
    if validation.isEmpty, options.selection.needsValidation || !source.validation(fold).isEmpty {
      throw TrainingError.nothingToValidate
    }
    var trainer = Trainer(
      options: options, network: network, source: source, train: train, validation: validation,
      classes: classes.count, seed: trial.seed, control: control)
    trainer.stopAfter = stopAfter
    let outcome = try trainer.train(onEpoch: progress(epochs: stopAfter ?? options.epochs))
    let history = experiment.startHistory(of: trial)
    return Pass(
      network: network, normalizers: normalizers,
      start: start.flatMap { start in history.map { start.record(classes, heard: $0) } },
      outcome: outcome, train: source.clipSet(train),
      validation: source.clipSet(validation),
      counts: source.counts(of: train, classes: classes.count))
  }

  /// Reports each epoch with the seconds that it took.
  private func progress(epochs: Int) -> (EpochRecord) -> Void {
    let clock = ContinuousClock()
    var epochStart = clock.now
    return { record in
      let seconds = (clock.now - epochStart).seconds
      epochStart = clock.now
      control.report(
        .epoch(
          number: trial.number, title: trial.title,
          record: RunControl.EpochProgress(
            epoch: record.epoch, epochs: epochs, trainLoss: record.trainLoss,
            validationUAR: record.validationUAR, seconds: seconds)))
    }
  }

  /// - Parameter start: by whose statistics inputs are normalized in place of the fold's: its body learned with
  ///   them.
  private func makeSource(
    _ fold: TrialFold, _ start: StartingPoint?
  ) throws -> (ClipSource, [FeatureKind: Normalizer]?) {
    let corpora = experiment.trainingSet(trial.train).corpora
    let raw = ClipSource(asTheyAre: corpora, variant: trial.variant, library: library)
    let normalizers =
      settings.features.normalization == .train
      ? try start?.normalizers ?? raw.trainingNormalizers(fold) : nil
    let source = try ClipSource(
      corpora, variant: trial.variant, library: library, training: normalizers)
    return (source, normalizers)
  }

  func check(_ indices: [Int], set: String, source: ClipSource) throws {
    let present = Set(indices.map(source.target))
    for (target, name) in classes.enumerated() where !present.contains(target) {
      throw TrainingError.missingClass(name: name, set: set)
    }
  }
}

extension ClipSource {
  /// How a record describes some clips.
  func clipSet(_ indices: [Int]) -> TrialRecord.ClipSet {
    .init(utterances: indices.count, digest: identity(of: indices).hex)
  }

  /// The number of clips of each class.
  func counts(of indices: [Int], classes: Int) -> [Int] {
    indices.reduce(into: Array(repeating: 0, count: classes)) { $0[target(of: $1)] += 1 }
  }
}

extension TrialRecord.Training {
  /// What was kept, in a line of progress.
  var summary: String {
    if epochs == 0 { return choice.map { "the model, \($0.text)" } ?? "the model" }
    if let average { return "the mean of \(average.epochs)" }
    let epoch = "epoch \(bestEpoch) of \(epochs)"
    return refit == nil
      ? epoch : "\(epoch), trained anew with the \(validation.utterances) validation clips"
  }
}
