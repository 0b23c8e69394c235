/// A file in the folder of an experiment, `Results/<name>/`, by its name there.
package enum ResultFile: String, Hashable, Sendable {
  /// The resolved experiment file; a folder without it holds no experiment.
  case plan = "experiment.yaml"
  /// The parts of the plan that tables and figures depend on.
  case reportSpec = "outline.json"
  /// The corpora in numbers.
  case corpora = "corpora.json"
  /// The trials of the plan, finished or not.
  case trials = "trials.json"
  /// The files and labels that are left out, with the reason.
  case dropped = "dropped.csv"
  /// The data, code and machines behind the numbers.
  case provenance = "provenance.json"
  /// The score of each network.
  case table = "results.csv"
  /// The tables for readers.
  case summary = "summary.md"

  /// The folder of the trials, each in a folder named by its key.
  static let trialsFolder = "trials"
}

/// A file in the folder of a trial, `Results/<name>/trials/<key>/`.
package enum TrialFile: Hashable, Sendable {
  /// The record of the trial, with the digests of the other files.
  case record
  /// The losses and scores of each epoch.
  case history
  /// The measures on each test corpus.
  case metrics
  /// The network.
  case model
  /// The clips that the network has learned from or chosen its epoch by; trials of older versions and of
  /// classic models have none.
  case heard
  /// The predictions on a test corpus.
  case predictions(corpus: String)
  /// The seconds that training and evaluation took.
  case timing
  /// The note of a diverged training, which then is the only file.
  case divergence

  /// The folder of the predictions, below the trial's folder.
  static let predictionsFolder = "predictions"

  /// The path below the trial's folder.
  package var path: String {
    switch self {
    case .record: "trial.json"
    case .history: "history.csv"
    case .metrics: "metrics.json"
    case .model: "model.safetensors"
    case .heard: "heard.csv"
    case .predictions(let corpus): "\(Self.predictionsFolder)/\(corpus).csv"
    case .timing: "timing.json"
    case .divergence: "diverged.json"
    }
  }
}

/// A file in a bundle, the folder that a model is handed on in, by its name there.
///
/// Beside these a bundle has `TrialFile.model` and, where the trial is known, `TrialFile.record`.
package enum BundleFile: String, Hashable, Sendable {
  /// The list of the other files with their digests; a folder without it is no bundle.
  case manifest = "bundle.json"
  /// The model's card, for programs.
  case card = "card.json"
  /// The same for readers.
  case cardText = "card.md"

  /// The folder of the encoder's files.
  package static let encoderFolder = "encoder"
}
