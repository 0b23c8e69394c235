import ValenceClassic
import ValenceCore
import ValenceData
import ValenceEvaluation
import ValenceKernels
import ValenceNN
import ValenceStore

/// Trains one network on one fold and keeps the weights that the options ask for.
struct Trainer {
  let options: TrainingOptions
  let network: Network
  let source: ClipSource
  /// The training clips in `source`, all usable.
  let train: [Int]
  /// The validation clips in `source`, all usable.
  let validation: [Int]
  let classes: Int
  let seed: UInt64
  let control: RunControl
  /// The number of epochs after which training ends, whatever the schedule has still to come; nil for all.
  var stopAfter: Int?

  /// The result of training.
  struct Outcome {
    var history: [EpochRecord] = []
    /// The epoch whose weights the network holds, or the last one of their mean.
    var bestEpoch = 0
    /// The mean that the network holds, if it is one.
    var average: TrialRecord.Average?
  }

  /// Trains; `onEpoch` is called after each epoch.
  ///
  /// - Throws: `TrainingError.diverged` if a loss or gradient is not finite; `CancellationError`; why the
  ///   features of a clip cannot be read.
  func train(onEpoch: (EpochRecord) -> Void) throws -> Outcome {
    let assembler = BatchAssembler(
      input: network.input, clips: options.batch, workers: network.workers)
    let evaluator = Evaluator(
      network: network, assembler: assembler, batch: options.batch, control: control)
    let weights = clipWeights
    let reversal = Reversal(self)
    network.reversal = reversal?.classifier
    defer { network.reversal = nil }
    let loss = CrossEntropy(options.loss, counts: weightOfClasses(weights))
    var steps = Steps(
      optimizer: Optimizer(
        options.optimizer, count: network.parameters.count, ranges: network.trainable),
      schedule: LearningRateSchedule(
        options.schedule, peak: options.optimizer.learningRate, epochs: options.epochs,
        stepsPerEpoch: batcher(nil).batches),
      order: RandomStream(seed: seed, "order"), dropout: RandomStream(seed: seed, "dropout"))
    var outcome = Outcome()
    var kept = KeptWeights(options, epochs: stopAfter)

    for epoch in 1...kept.epochs {
      let trainLoss = try train(
        epoch, steps: &steps, loss: (loss, weights, reversal), assembler: assembler)
      let validated = try validate(loss, evaluator, after: (epoch, steps.count))
      let record = EpochRecord(
        epoch: epoch, learningRate: steps.rate, trainLoss: trainLoss,
        validationLoss: validated?.loss, validationUAR: validated?.uar)
      outcome.history.append(record)
      onEpoch(record)
      kept.note(record, network: network)
      if kept.isSettled(after: epoch) { break }
    }
    kept.restore(into: network)
    outcome.bestEpoch = kept.epoch
    if let epochs = kept.averaged {
      try renewStatistics(assembler)
      let validated = try validate(loss, evaluator, after: (kept.epoch, steps.count))
      outcome.average = TrialRecord.Average(epochs: epochs)
      outcome.average?.validationLoss = validated?.loss
      outcome.average?.validationUAR = validated?.uar
    }
    return outcome
  }

  /// Makes the running statistics of normalization anew for weights that no step has led to: over the
  /// training clips as they are, without augmentation.
  ///
  /// Those of a frozen body stay.
  private func renewStatistics(_ assembler: BatchAssembler) throws {
    if network.statistics.count == 0 || network.isBodyFrozen { return }
    var random = RandomStream(seed: seed, "batch statistics")
    for (number, batch) in batcher(nil).epoch(&random).enumerated() {
      try control.checkInterruption()
      let shape = try assembler.fill(
        batch.map { train[$0] }, as: batch.map { _ in ClipView() }, from: source)
      network.averageStatistics(
        inputs: assembler.inputs, batch: shape, earlier: number, step: random.next())
    }
  }

  /// The loss of classes, how much each training clip counts in it, and what else is learned.
  private typealias Loss = (of: CrossEntropy, weights: [Double]?, reversal: Reversal?)

  /// The state that carries over from step to step.
  private struct Steps {
    let optimizer: Optimizer
    let schedule: LearningRateSchedule
    var order: RandomStream
    var dropout: RandomStream
    /// How many steps were taken.
    var count = 0
    /// The learning rate of the last step.
    var rate = 0.0
  }

  /// Cuts the clips into batches of like length; at other speeds clips have other lengths.
  private func batcher(_ augmentation: EpochAugmentation?) -> Batcher {
    let frames = train.enumerated().map { position, index in
      source.frames(of: index, as: augmentation?.view(of: position) ?? ClipView())
    }
    return Batcher(frames: frames, batch: options.batch)
  }

  /// Trains on every clip once and returns the mean loss; that of clips as they were altered.
  private func train(
    _ epoch: Int, steps: inout Steps, loss: Loss, assembler: BatchAssembler
  ) throws -> Double {
    let augmentation = EpochAugmentation(options: options.augmentation, seed: seed, epoch: epoch)
    var lossSum = 0.0
    for (number, batch) in batcher(augmentation).epoch(&steps.order).enumerated() {
      try control.checkInterruption()
      let indices = batch.map { train[$0] }
      let mixup = augmentation.mixup(batch: number, clips: batch.count)
      let shape = try assembler.fill(
        indices, as: batch.map(augmentation.view), from: source, mixup: mixup,
        masks: batch.compactMap(augmentation.masks))
      var targets = BatchTargets(
        indices.map(source.target), mixup: mixup,
        weights: loss.weights.map { weights in batch.map { weights[$0] } })
      targets.corpora = loss.reversal?.corpora(of: indices)
      loss.reversal?.prepare(step: steps.count)
      let value = network.forwardBackward(
        inputs: assembler.inputs, batch: shape, targets: targets, loss: loss.of,
        step: steps.dropout.next())
      steps.rate = steps.schedule.rate(step: steps.count)
      let norm = steps.optimizer.step(
        network.parameters, gradients: network.gradients, rate: steps.rate,
        clipNorm: options.clipNorm, workers: network.workers)
      loss.reversal?.step(rate: steps.rate)
      // After a gradient that is not finite the weights no longer change, whatever the loss.
      guard value.isFinite, norm.isFinite else {
        throw TrainingError.diverged(epoch: epoch, step: steps.count + 1)
      }
      lossSum += value * Double(batch.count)
      steps.count += 1
    }
    return lossSum / Double(train.count)
  }

  /// The loss and UAR of the network on the validation clips; nil without any.
  ///
  /// - Throws: `TrainingError.diverged`, which names the epoch and step before, if the loss is not finite.
  private func validate(
    _ loss: CrossEntropy, _ evaluator: Evaluator, after place: (epoch: Int, step: Int)
  ) throws -> (loss: Double, uar: Double)? {
    if validation.isEmpty { return nil }
    let logits = try evaluator.logits(validation, from: source)
    let targets = validation.map(source.target)
    var confusion = ConfusionMatrix(classCount: classes)
    for (row, target) in zip(logits, targets) {
      let prediction = row.indices.max { row[$0] < row[$1] } ?? 0
      confusion.add(1, target, prediction)
    }
    let value = loss.mean(logits: logits.flatMap(\.self), targets: targets)
    guard value.isFinite else {
      throw TrainingError.diverged(epoch: place.epoch, step: place.step)
    }
    return (value, confusion.meanRecall)
  }
}

extension ConfusionMatrix {
  /// The mean recall over the classes that occur: validation speakers may lack one.
  fileprivate var meanRecall: Double {
    let present = (0..<classCount).filter { support($0) > 0 }
    let sum = present.reduce(0) { $0 + Double(self[$1, $1]) / Double(support($1)) }
    return sum / Double(max(present.count, 1))
  }
}

/// Why a trial cannot be trained.
enum TrainingError: Error, CustomStringConvertible {
  /// A loss or a gradient became infinite or not a number; steps count from 1 over all epochs.
  case diverged(epoch: Int, step: Int)
  /// Dropped files left a set without utterances of a class.
  case missingClass(name: String, set: String)
  /// Dropped files left nothing to choose the epoch by.
  case nothingToValidate
  /// Dropped files left nothing of a test set.
  case nothingToTest(on: String)
  /// Dropped files left a test set too few speakers to adapt to some and score others.
  case oneTestSpeaker(of: String)
  /// A network that was to be trained again came out as another one.
  case otherNetwork(key: String)
  /// A classic model cannot be fitted to the training clips.
  case classic(ClassicError)
  /// The network that training starts from is not what it was when the plan was read.
  case changedBody(file: String)
  /// Training takes more memory than there is, both in bytes.
  case tooLarge(needed: Int, free: Int)

  var description: String {
    switch self {
    case .diverged(let epoch, let step):
      "the loss or its gradient is no finite number any more in epoch \(epoch), step \(step); "
        + "lower training.optimizer.learning_rate or training.clip_norm."
    case .missingClass(let name, let set):
      "no usable \(set) utterance of class \(name) is left after files were dropped; "
        + "mend the files or change the folds."
    case .nothingToValidate:
      "no usable validation utterance is left after files were dropped; mend the files or change "
        + "the folds."
    case .nothingToTest(let corpus):
      "no usable test utterance of \(corpus) is left after files were dropped; mend the files or "
        + "change the folds."
    case .oneTestSpeaker(let corpus):
      "fewer than two known test speakers of \(corpus) are left after files were dropped, so none can be "
        + "scored that the model has not adapted to; mend the files or change the folds."
    case .otherNetwork(let key):
      "trained again, the network is not the one whose digest stands in trials/\(key)/trial.json, though "
        + "it was made on the same kind of processor, so nothing of it is kept; see what has changed "
        + "(valence doctor), or remove that folder to have the trial trained anew."
    case .classic(let error): "\(error)"
    case .changedBody(let file):
      "\(file): this network, which training starts from, is not what it was when the run began; start the run "
        + "again."
    case .tooLarge(let needed, let free):
      "training takes about \(needed >> 20) MiB of memory and \(free >> 20) MiB are free; lower "
        + "training.batch or audio.clip_s."
    }
  }
}
