package import Foundation
import ValenceStore

/// A tool for language models: its name, what it does, and the forms of its arguments and its result.
///
/// The list of the Model Context Protocol and the function definitions for OpenAI's interfaces are both made
/// from these values, and calls are answered by `Agent`.
package enum Tool: String, Hashable, Sendable, CaseIterable {
  case predictEmotion = "predict_emotion"
  case describeModel = "describe_model"
  case listExperiments = "list_experiments"
  case compare

  var title: String {
    switch self {
    case .predictEmotion: "Emotion classes of a recording"
    case .describeModel: "Card of a model"
    case .listExperiments: "Experiments with results"
    case .compare: "Comparison of experiments"
    }
  }

  /// What it does and what its answers mean, for language models.
  var text: String {
    switch self {
    case .predictEmotion:
      "Plays a recording of speech to trained models and returns the probability of each emotion class, for the "
        + "whole recording or for windows of it, with what each model was tested on. Give either path or "
        + "audio_base64. The classes are labels of the models' training speech; they do not say what "
        + "somebody feels. A prediction of null means silence."
    case .describeModel:
      "Returns what is known of the models: classes, training speech, scores with intervals within and across "
        + "corpora, normalization, and what they must not be used for. Read it before you rely on a prediction."
    case .listExperiments:
      "Lists the experiments of the results folder, newest first, with their variants, corpora, classes and how "
        + "many of their trials are finished."
    case .compare:
      "Compares the variants of one experiment, or equal variants of several, with differences, 95 % "
        + "intervals and p-values that are corrected for their number. Cells that cannot be paired say why."
    }
  }

  /// The arguments.
  var input: [Schema.Member] {
    switch self {
    case .predictEmotion:
      [
        .init(
          "path", .string,
          "The path of an audio file on the server's machine; only where the server is reached over standard "
            + "input and output.", isRequired: false),
        .init(
          "audio_base64", .string,
          "The bytes of an audio file (WAV, FLAC, Ogg, MP3 and others) in base64.",
          isRequired: false),
        .init(
          "windows", .boolean,
          "Whether each window gets an answer; by default there is one for all of the recording.",
          isRequired: false),
        .init(
          "window_s", .number,
          "The length of a window in seconds; by default that of the model's clips. It implies windows.",
          isRequired: false),
        .init(
          "hop_s", .number,
          "The seconds from the start of a window to that of the next; by default half a window. It implies "
            + "windows.", isRequired: false),
      ]
    case .describeModel:
      [
        .init(
          "model", .string,
          "The name of one model, as answers have it; by default all are described.",
          isRequired: false)
      ]
    case .listExperiments: []
    case .compare:
      [
        .init(
          "experiments", .array(of: .string),
          "The names of the experiments: one, whose variants are compared, or several."),
        .init(
          "metric", .string,
          "The measure, such as uar or macro_f1; by default the first experiment's headline.",
          isRequired: false),
        .init(
          "networks", .boolean,
          "Whether intervals and p-values are about these trained models, not about their settings.",
          isRequired: false),
      ]
    }
  }

  /// The result.
  var output: Schema {
    switch self {
    case .predictEmotion: .object(ToolResults.prediction)
    case .describeModel: .object([.init("models", .array(of: ToolResults.card), "The cards.")])
    case .listExperiments:
      .object([
        .init("experiments", .array(of: .object(ToolResults.experiment)), "Newest first.")
      ])
    case .compare: .object(ToolResults.comparison)
    }
  }

  /// The entry of the Model Context Protocol's list.
  var listing: JSONValue {
    .object([
      "name": .string(rawValue), "title": .string(title), "description": .string(text),
      "inputSchema": Schema.object(input).json(.plain), "outputSchema": output.json(.plain),
      // No tool changes anything, and none reaches beyond this machine.
      "annotations": .object([
        "title": .string(title), "readOnlyHint": true, "destructiveHint": false,
        "idempotentHint": true, "openWorldHint": false,
      ]),
    ])
  }

  /// The list of all tools as JSON over several lines.
  package static func list() throws -> Data { try JSON.encoded(allCases.map(\.listing)) }
}
