import ValenceClassic
import ValenceCore
import ValenceCorpora
import ValenceData
import ValenceEvaluation
import ValenceFeatures
import ValenceNN
import ValencePlan
import ValenceStore

/// Scores one trained model on every test corpus of the experiment.
struct TrialEvaluation {
  let experiment: Experiment
  let library: FeatureLibrary
  let trial: Trial
  let model: TrainedModel

  private var tests: [TestSet] { trial.tests }

  /// The predictions by test corpus.
  ///
  /// - Parameter kept: predictions that exist already; they are returned unchanged.
  func predictions(
    kept: [String: [Prediction]] = [:], control: RunControl
  ) throws -> [String: [Prediction]] {
    let score = try scorer(control: control)
    var result = kept
    for test in tests where kept[test.name] == nil {
      try control.checkInterruption()
      result[test.name] = try score(test)
      if result[test.name]?.isEmpty == true { throw TrainingError.nothingToTest(on: test.name) }
    }
    return result
  }

  /// What predicts the classes of a test set.
  private func scorer(control: RunControl) throws -> (TestSet) throws -> [Prediction] {
    let variant = trial.variant
    switch model {
    case .network(let network, let normalizers):
      let batch = variant.settings.training.batch
      let evaluator = Evaluator(
        network: network,
        assembler: BatchAssembler(input: network.input, clips: batch, workers: network.workers),
        batch: batch, control: control)
      return { test in
        let source = try ClipSource(
          [test.corpus], variant: variant, library: library, training: normalizers)
        return try evaluator.predictions(test.indices, from: source)
      }
    case .classic(let model, let normalizer):
      let choice = model.alternative.map { variant.settings.clipVector.choices[$0] }
      let clips = ClassicClips(experiment: experiment, library: library, trial: trial)
      let adapting = try AdaptingModel(model, of: clips, variant.settings.classic) {
        try clips.data(choice, normalizer: normalizer, control: control)
      }
      return { test in
        let source = try VectorSource(
          [test.corpus], variant: variant, library: library, choice: choice, training: normalizer)
        let usable = test.indices.filter(source.clips.isUsable)
        let logits =
          try adapting?.logits(
            of: source.vectors(of: usable, control: control),
            speakers: source.speakers(of: usable), corpus: test.name)
          ?? model.logits(of: usable, from: source, control: control)
        return source.clips.predictions(usable, logits: logits)
      }
    }
  }

  /// The records of the evaluations, in the order of the plan's `test_on`.
  func records(_ predictions: [String: [Prediction]]) -> [TrialRecord.Evaluation] {
    let used = UsedClips(trial, experiment: experiment, library: library)
    return tests.map { test in
      TrialRecord.Evaluation(
        corpus: test.name, within: test.isWithin, identity: test.identity(of: trial.variant),
        utterances: predictions[test.name]?.count ?? 0,
        clips: used.digest(of: test).hex)
    }
  }

  /// The measures of each evaluation over the classes that its test set has; what `metrics.json` says.
  func metrics(_ predictions: [String: [Prediction]]) throws -> [String: ScoreSummary] {
    try predictions.mapValues {
      ScoreSummary(score: try Score($0, names: experiment.space.classes, absent: .allow))
    }
  }
}

extension ClassicModel {
  /// The log probabilities of clips, in their order; some at a time, so that memory does not grow with the
  /// corpus.
  fileprivate func logits(
    of indices: [Int], from source: VectorSource, control: RunControl
  ) throws -> [[Float]] {
    let size = 256
    return try stride(from: 0, to: indices.count, by: size).flatMap { start in
      let part = Array(indices[start..<min(start + size, indices.count)])
      let vectors = try source.vectors(of: part, control: control)
      return try logProbabilities(vectors, count: part.count).map { $0.map(Float.init) }
    }
  }
}

/// A score as `metrics.json` keeps it: each measure under its name, beside what is below.
struct ScoreSummary: Encodable {
  let score: Score

  /// The classes that the measures average over.
  private var present: [Score.ClassScore] { score.classes.filter { $0.support > 0 } }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    func key(_ name: String) -> Key { Key(stringValue: name) }
    try values.encode(present.map(\.name), forKey: key("labels"))
    try values.encode(score.count, forKey: key("utterances"))
    for metric in MetricName.allCases {
      try values.encode(score.value(metric), forKey: key(metric.rawValue))
    }
    try values.encode(present.compactMap(\.recall), forKey: key("recall"))
    // Counts by true class, then by predicted class, over all classes of the experiment.
    let classes = 0..<score.confusion.classCount
    try values.encode(
      classes.map { truth in classes.map { score.confusion[truth, $0] } }, forKey: key("confusion"))
  }
}
