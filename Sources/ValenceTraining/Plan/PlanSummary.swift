import ValenceClassic
import ValenceCore
import ValenceCorpora
package import ValenceData
import ValenceFeatures
import ValenceNN
import ValencePlan
package import ValenceReport

/// An experiment as planned: corpora, folds, shapes, cost and the state of every trial.
///
/// `valence plan` and `run --dry-run` show it; the names of its properties are the keys of `plan --json`. It is
/// here because only a `Runner` knows the state of a trial.
package struct PlanSummary: Codable, Sendable {
  /// A corpus in numbers.
  package struct Corpus: Codable, Sendable {
    package var name: String
    /// The labeled utterances.
    package var utterances: Int
    /// The known speakers.
    package var speakers: Int
    /// The utterances of each class, in the order of `classes`.
    package var classCounts: [Int]
    /// The utterances that the label space leaves out.
    package var leftOut: Int
    /// Its folds; none where nothing is trained on it.
    package var folds: [Fold]
  }

  /// A fold in numbers.
  package struct Fold: Codable, Sendable {
    package var name: String
    /// The utterances to learn from.
    package var train: Int
    /// The utterances that choose the epoch.
    package var validation: Int
    /// The utterances that are held out.
    package var test: Int
    /// The speakers on both sides of a published split.
    package var sharedSpeakers: [String]
  }

  /// A variant's network.
  package struct Variant: Codable, Sendable {
    package var name: String
    /// The classic model that it is, which has no layers, epochs and seeds; nil for a network.
    package var classic: String?
    /// What its training starts from, in a sentence; nil for random weights.
    package var startFrom: String?
    /// The layers, in order.
    package var layers: [Layer]
    /// How many numbers it learns; of a classic model how many it sees of a clip.
    package var parameters: Int
    /// Multiply-adds of one clip, forward.
    package var multiplyAdds: Int
    /// Memory in training.
    package var trainingBytes: Int
    /// The most epochs.
    package var epochs: Int
    /// Roughly how long a trial takes on one core if all epochs are needed.
    package var trialS: Double
  }

  /// A layer's shape and cost.
  package struct Layer: Codable, Sendable {
    package var name: String
    /// The shape of its output.
    package var output: String
    /// How many numbers it learns.
    package var parameters: Int
    /// Multiply-adds of one clip, forward.
    package var multiplyAdds: Int
  }

  /// A trial and how far it is.
  package struct Trial: Codable, Sendable {
    /// From 1, in the plan's order.
    package var number: Int
    package var variant: String
    /// The training set.
    package var train: String
    package var fold: String
    package var seed: UInt64
    /// The key that it is kept under.
    package var key: String
    /// The action that a run would take.
    package var state: Runner.State
  }

  package let name: String
  /// The question in words.
  package let title: String
  package let classes: [String]
  /// The corpora, in the plan's order.
  package let corpora: [Corpus]
  /// Remarks on corpora, folds and copies.
  package let remarks: [String]
  /// The variants, in the plan's order.
  package let variants: [Variant]
  /// What the variants say of groups of features, where they differ in these alone.
  package let contributions: [Contributions]
  /// What frozen encoders will take, where they are not in the cache yet; none without an encoder.
  package let encodings: [EncodingEstimate]
  /// The trials of the variants, in the plan's order.
  package let trials: [Trial]
  /// How many of them have to be trained.
  package let missing: Int
  /// The trials of the baselines.
  package let baselines: [Trial]
  /// How many of these have to be trained.
  package let missingBaselines: Int

  /// Describes an experiment and what `runner` would do with it.
  ///
  /// - Throws: `StoreError.unreadable`.
  package init(_ experiment: Experiment, runner: Runner) throws {
    name = experiment.plan.name
    title = experiment.plan.title
    classes = experiment.space.classes
    corpora = experiment.corpora.map(Corpus.init)
    let all = experiment.corpora.flatMap { $0.remarks + $0.foldRemarks }
    remarks = (all + experiment.baselineRemarks).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    let clips = experiment.trials.map(\.fold.trainCount).max() ?? 0
    try StartingPoint.check(experiment)
    variants = try experiment.plan.variants.map { variant in
      if let classic = variant.settings.classic { return Variant(variant, classic, of: experiment) }
      var summary = Variant(
        variant.name, shape: experiment.networkShape(of: variant),
        training: variant.settings.training, clips: clips)
      summary.startFrom = try StartingPoint.sentence(of: variant.settings, experiment)
      return summary
    }
    contributions = experiment.plan.contributions
    encodings = try EncodingEstimate.all(of: experiment)
    func summaries(_ trials: [ValenceData.Trial]) throws -> [Trial] {
      try trials.map { trial in
        Trial(
          number: trial.number, variant: trial.variant.name, train: trial.train,
          fold: trial.fold.name, seed: trial.seed, key: trial.key,
          state: try runner.state(of: trial))
      }
    }
    trials = try summaries(experiment.trials.filter { !experiment.isOfBaseline($0) })
    missing = trials.count { $0.state == .missing }
    baselines = try summaries(experiment.trials.filter(experiment.isOfBaseline))
    missingBaselines = baselines.count { $0.state == .missing }
  }
}

extension PlanSummary.Corpus {
  fileprivate init(_ corpus: PreparedCorpus) {
    self.init(
      name: corpus.name, utterances: corpus.labeled.utterances.count,
      speakers: corpus.labeled.speakers.count, classCounts: corpus.labeled.classCounts,
      leftOut: corpus.labeled.dropped.count,
      folds: (corpus.folds + [corpus.whole].compactMap(\.self)).map { fold in
        PlanSummary.Fold(
          name: fold.name, train: fold.train.count, validation: fold.validation.count,
          test: fold.test.count, sharedSpeakers: fold.sharedSpeakers)
      })
  }
}

extension PlanSummary.Variant {
  /// A classic model.
  fileprivate init(
    _ variant: ValencePlan.Variant, _ classic: ClassicSettings, of experiment: Experiment
  ) {
    self.init(
      name: variant.name, classic: classic.options.kind.rawValue, layers: [],
      parameters: variant.settings.clipVector.count, multiplyAdds: 0,
      trainingBytes: experiment.trainingBytes(of: variant), epochs: 0, trialS: 0)
  }

  /// - Parameter clips: how many clips an epoch has at the most.
  fileprivate init(_ name: String, shape: NetworkShape, training: TrainingOptions, clips: Int) {
    let cost = shape.cost
    // Backward takes about twice forward, and next to nothing through the last layer alone.
    let isFrozen = training.startFrom?.freeze == .body
    let operations =
      (isFrozen ? 1 : 3) * Double(cost.forwardOperations) * Double(clips * training.epochs)
    self.init(
      name: name,
      layers: shape.layers.map {
        PlanSummary.Layer(
          name: $0.name, output: $0.output, parameters: $0.parameters,
          multiplyAdds: $0.multiplyAdds)
      }, parameters: isFrozen ? shape.lastLayerParameters : cost.parameters,
      multiplyAdds: cost.multiplyAdds,
      trainingBytes: cost.trainingBytes(batch: training.batch, optimizer: training.optimizer),
      epochs: training.epochs,
      trialS: operations / KernelReport.trainingOperationsPerSecond)
  }
}
