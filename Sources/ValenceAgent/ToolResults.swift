/// The forms of the tools' results.
///
/// Open objects are those that other parts of Valence write, and describe only what a reader needs most.
enum ToolResults {
  // MARK: - predict_emotion

  static let prediction: [Schema.Member] = [
    .init(
      "answers", .array(of: .object(answer)), "By window where those are asked for, then by model."),
    .init("models", .array(of: .object(tested)), "What each model was tested on."),
    .init("remarks", .array(of: .string), "Sentences that belong to the answers."),
  ]

  private static let answer: [Schema.Member] = [
    .init("model", .string, "The model, or ensemble for the mean over all of them."),
    .init("start_s", .number, "Where the part begins, in seconds."),
    .init("end_s", .number, "Where it ends, in seconds."),
    .init("prediction", .nullable(.string), "The most probable class; null for silence."),
    .init("probabilities", .map(of: .number), "The probability of each class; none for silence."),
  ]

  private static let tested: [Schema.Member] = [
    .init("model", .string, "The model's name."),
    .init("digest", .string, "The SHA-256 digest of its file."),
    .init("trained_on", .nullable(.array(of: .string)), "Its training corpora; null if unknown."),
    .init(
      "tests", .array(of: .object(test)),
      "Its scores; without any nothing is known of how well it does."),
  ]

  private static let test: [Schema.Member] = [
    .init("corpus", .string, "The corpus."),
    .init("within", .boolean, "Whether these are held-out clips of a training corpus."),
    .init("uar", .number, "Unweighted average recall of this model, from 0 to 1."),
    .init("low", .nullable(.number), "The lower end of its 95 % interval."),
    .init("high", .nullable(.number), "The upper end."),
    .init("chance", .number, "The expected value of guessing."),
    .init("clips", .integer, "How many clips were tested."),
    .init("speakers", .nullable(.integer), "How many speakers; null if one is unknown."),
  ]

  // MARK: - describe_model

  static let card: Schema = .open([
    .init("name", .string, "The model's name, as answers have it."),
    .init("kind", .string, "network or classic model."),
    .init("digest", .string, "The SHA-256 digest of its file."),
    .init("classes", .array(of: .string), "The classes, in order."),
    .init(
      "input",
      .open([
        .init("rate_hz", .integer, "The rate that sound is brought to."),
        .init("clip_s", .number, "The length of a clip, in seconds."),
      ]), "What it hears."),
    .init(
      "normalization",
      .open([
        .init("by", .string, "none, train, corpus or speaker."),
        .init("live", .string, "What that means for recordings and live speech."),
      ]), "By whose statistics its features are normalized."),
    .init("corpora", .array(of: .open(corpus)), "The corpora that it was trained and tested on."),
    .init("scores", .array(of: .open(score)), "Its scores."),
    .init("warnings", .array(of: .string), "Sentences that belong to every score."),
    .init("unknown", .array(of: .string), "What is not known of it."),
    .init(
      "use",
      .open([
        .init("intended", .array(of: .string), "What it is meant for."),
        .init("excluded", .array(of: .string), "What it must not be used for."),
      ]), "What it may be used for."),
  ])

  private static let corpus: [Schema.Member] = [
    .init("name", .string, "The corpus."),
    .init("is_trained_on", .boolean, "Whether the model was trained on a part of it."),
    .init("clips_by_class", .map(of: .integer), "Its clips of each class."),
    .init("speakers", .integer, "Its known speakers."),
  ]

  private static let measured: Schema = .open([
    .init("uar", .number, "Unweighted average recall, from 0 to 1."),
    .init("low", .number, "The lower end of its 95 % interval.", isRequired: false),
    .init("high", .number, "The upper end.", isRequired: false),
    .init("gap", .string, "Why there is no interval.", isRequired: false),
    .init("chance", .number, "The expected value of guessing."),
    .init("recall", .map(of: .number), "The recall of each class."),
    .init("clips", .integer, "How many clips were tested."),
    .init("speakers", .integer, "How many speakers, if all are known.", isRequired: false),
  ])

  private static let score: [Schema.Member] = [
    .init("corpus", .string, "The corpus."),
    .init("within", .boolean, "Whether these are held-out clips of a training corpus."),
    .init("model", measured, "The score of this very model."),
    .init("settings", measured, "That of all models of its settings.", isRequired: false),
  ]

  // MARK: - list_experiments

  static let experiment: [Schema.Member] = [
    .init("name", .string, "The name, as compare takes it."),
    .init("title", .nullable(.string), "The title."),
    .init("trials", .integer, "How many trials its plan has."),
    .init("finished", .integer, "How many of them are finished."),
    .init("failed", .integer, "How many failed."),
    .init("changed", .string, "When its results last changed, in UTC."),
    .init("classes", .array(of: .string), "The classes."),
    .init("variants", .array(of: .string), "The variants, the base first, then the baselines."),
    .init("train", .array(of: .string), "The training sets."),
    .init("test", .array(of: .string), "The test corpora."),
    .init("fault", .nullable(.string), "Why its trials are not known; null if they are."),
  ]

  // MARK: - compare

  static let comparison: [Schema.Member] = [
    .init("metric", .string, "The measure."),
    .init("claim", .string, "What intervals and p-values are about: settings or networks."),
    .init("rows", .array(of: .open(pair)), "The compared cells."),
    .init("notes", .array(of: .string), "Sentences that belong to the numbers."),
  ]

  private static let side: Schema = .open([
    .init("experiment", .string, "The experiment."), .init("variant", .string, "The variant."),
    .init("value", .number, "The measure."), .init("networks", .integer, "How many models it has."),
  ])

  private static let pair: [Schema.Member] = [
    .init("train", .string, "The training set."), .init("test", .string, "The test corpus."),
    .init("first", side, "The cell that comes first."),
    .init("second", side, "The cell that it is compared with."),
    .init("difference", .number, "The second's value minus the first's.", isRequired: false),
    .init("low", .number, "The lower end of its 95 % interval.", isRequired: false),
    .init("high", .number, "The upper end.", isRequired: false),
    .init("p", .number, "The p-value.", isRequired: false),
    .init("p_adjusted", .number, "The p-value, corrected for all tests.", isRequired: false),
    .init("untested", .string, "Why the two are not tested.", isRequired: false),
  ]
}
