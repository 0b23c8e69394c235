import ValenceData
import ValenceKernels
import ValenceNN

extension Trainer {
  /// The classifier of corpora of one training, whose gradient is turned round.
  struct Reversal {
    let classifier: GradientReversal
    private let source: ClipSource
    private let options: TrainingOptions
    private let optimizer: Optimizer
    /// Of a corpus by its position in the source, its number among those that are trained on.
    private let numbers: [Int: Int]
    /// The steps of all epochs.
    private let steps: Int

    /// Nil where the options ask for none.
    init?(_ trainer: Trainer) {
      guard trainer.options.adaptation != nil else { return nil }
      (source, options) = (trainer.source, trainer.options)
      let corpora = trainer.train.map(source.corpus(of:))
      let present = Set(corpora).sorted()
      numbers = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
      let counts = present.map { corpus in corpora.count { $0 == corpus } }
      classifier = GradientReversal(
        on: trainer.network, counts: counts, maxClips: options.batch, seed: trainer.seed)
      optimizer = Optimizer(options.optimizer, count: classifier.parameters.count)
      let batches = (trainer.train.count + options.batch - 1) / options.batch
      steps = max(options.epochs * batches, 1)
    }

    /// The corpora of some clips.
    func corpora(of clips: [Int]) -> [Int] { clips.map { numbers[source.corpus(of: $0)] ?? 0 } }

    /// Sets how much is turned round in a step, counted from 0.
    func prepare(step: Int) {
      let weight = options.adaptation?.gradientReversal ?? 0
      classifier.weight = GradientReversal.weight(weight, after: Double(step) / Double(steps))
    }

    /// Moves the classifier as the network is moved.
    func step(rate: Double) {
      _ = optimizer.step(
        classifier.parameters, gradients: classifier.gradients, rate: rate,
        clipNorm: options.clipNorm, workers: classifier.workers)
    }
  }
}
