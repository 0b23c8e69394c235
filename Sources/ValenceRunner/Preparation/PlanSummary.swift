import ValenceCore
import ValenceCorpora
import ValenceNN
import ValencePlan

/// An experiment as planned: corpora, folds, shapes, cost and the state of every trial.
public struct PlanSummary: Codable, Sendable {
  /// A corpus in numbers.
  public struct Corpus: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The labeled utterances.
    public var utterances: Int
    /// The known speakers.
    public var speakers: Int
    /// The utterances of each class, in the order of `classes`.
    public var classCounts: [Int]
    /// The utterances that the label space leaves out.
    public var leftOut: Int
    /// Its folds; none where nothing is trained on it.
    public var folds: [Fold]
  }

  /// A fold in numbers.
  public struct Fold: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The utterances to learn from.
    public var train: Int
    /// The utterances that choose the epoch.
    public var validation: Int
    /// The utterances that are held out.
    public var test: Int
    /// The speakers who stand on both sides of a published split.
    public var sharedSpeakers: [String]
  }

  /// A variant's network.
  public struct Variant: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The layers, in order.
    public var layers: [Layer]
    /// How many numbers it learns.
    public var parameters: Int
    /// Multiply-adds of one clip, forward.
    public var multiplyAdds: Int
    /// Memory in training.
    public var trainingBytes: Int
    /// The most epochs.
    public var epochs: Int
    /// Roughly how long a trial takes on one core if all epochs are needed.
    public var trialS: Double
  }

  /// A layer's shape and cost.
  public struct Layer: Codable, Sendable {
    /// Its name.
    public var name: String
    /// The shape of its output.
    public var output: String
    /// How many numbers it learns.
    public var parameters: Int
    /// Multiply-adds of one clip, forward.
    public var multiplyAdds: Int
  }

  /// A trial and how far it is.
  public struct Trial: Codable, Sendable {
    /// From 1, in the plan's order.
    public var number: Int
    /// The variant's name.
    public var variant: String
    /// What is trained on.
    public var train: String
    /// The fold's name.
    public var fold: String
    /// The seed.
    public var seed: UInt64
    /// The key that it is kept under.
    public var key: String
    /// What a run would do with it.
    public var state: String
  }

  /// The experiment's name.
  public let name: String
  /// The question in words.
  public let title: String
  /// The class names.
  public let classes: [String]
  /// The corpora, in the plan's order.
  public let corpora: [Corpus]
  /// What a reader must know of the corpora, their folds and copies in them.
  public let remarks: [String]
  /// The variants, in the plan's order.
  public let variants: [Variant]
  /// The trials, in the plan's order.
  public let trials: [Trial]
  /// How many trials have to be trained.
  public let missing: Int

  /// Describes an experiment and what `runner` would do with it.
  ///
  /// - Throws: `StoreError.unreadable`.
  public init(_ experiment: Experiment, runner: Runner) throws {
    name = experiment.plan.name
    title = experiment.plan.title
    classes = experiment.space.classes
    corpora = experiment.corpora.map(Corpus.init)
    remarks = experiment.corpora.flatMap { $0.remarks + $0.foldRemarks }.reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    let clips = experiment.trials.map(\.fold.trainCount).max() ?? 0
    variants = experiment.plan.variants.map { variant in
      Variant(
        variant.name, shape: experiment.networkShape(of: variant),
        training: variant.settings.training, clips: clips)
    }
    let states = try experiment.trials.map { try runner.state(of: $0) }
    trials = zip(experiment.trials, states).map { trial, state in
      Trial(
        number: trial.number, variant: trial.variant.name, train: trial.train,
        fold: trial.fold.name, seed: trial.seed, key: trial.key, state: state.rawValue)
    }
    missing = states.count { $0 == .missing }
  }
}

extension PlanSummary.Corpus {
  fileprivate init(_ corpus: PreparedCorpus) {
    self.init(
      name: corpus.name, utterances: corpus.labeled.utterances.count,
      speakers: corpus.labeled.speakers.count, classCounts: corpus.labeled.classCounts,
      leftOut: corpus.labeled.dropped.count,
      folds: corpus.folds.map { fold in
        PlanSummary.Fold(
          name: fold.name, train: fold.train.count, validation: fold.validation.count,
          test: fold.test.count, sharedSpeakers: fold.sharedSpeakers)
      })
  }
}

extension PlanSummary.Variant {
  /// - Parameter clips: how many clips an epoch has at the most.
  fileprivate init(_ name: String, shape: NetworkShape, training: TrainingOptions, clips: Int) {
    let cost = shape.cost
    // Backward takes about twice forward.
    let operations = 3 * Double(cost.forwardOperations) * Double(clips * training.epochs)
    self.init(
      name: name,
      layers: shape.layers.map {
        PlanSummary.Layer(
          name: $0.name, output: $0.output, parameters: $0.parameters,
          multiplyAdds: $0.multiplyAdds)
      }, parameters: cost.parameters, multiplyAdds: cost.multiplyAdds,
      trainingBytes: cost.trainingBytes(batch: training.batch, optimizer: training.optimizer),
      epochs: training.epochs,
      trialS: operations / KernelReport.trainingOperationsPerSecond)
  }
}
