import Foundation
import ValenceCore
import ValenceFigures
import ValenceStore

extension ModelCard {
  /// The card for readers, in Markdown (GitHub's dialect).
  package var markdown: String {
    var parts = ["# Model card: \(escaped(name))", summary]
    parts.append("## What it must not be used for\n\n" + list(use.excluded))
    parts.append("It is meant for:\n\n" + list(use.intended))
    parts.append("## How well it does\n\n" + scoresText)
    if !unknown.isEmpty { parts.append("## What is not known\n\n" + list(unknown)) }
    parts += trainingText.map { ["## What it was trained on\n\n" + $0] } ?? []
    if !corpora.isEmpty { parts.append("## The corpora as a whole\n\n" + corporaText) }
    parts.append("## What it hears\n\n" + inputText)
    parts.append("## How it was made\n\n" + madeText)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func escaped(_ text: String) -> String { ReportTable.markdownText(text) }

  private func list(_ sentences: [String]) -> String {
    sentences.map { "- \(escaped($0))" }.joined(separator: "\n")
  }

  private var summary: String {
    var text =
      "This \(kind) hears up to \(seconds(input.clipS)) of speech at a time and gives the probability of "
      + "\(Wording.list(classes))."
    if let corpora = training?.corpora {
      text += " It was trained on speech of \(Wording.list(corpora))."
    }
    let tested = scores.map(\.corpus)
    text +=
      tested.isEmpty
      ? " No test of it is known here." : " It was tested on \(Wording.list(tested))."
    return escaped(text)
  }

  private func seconds(_ value: Double) -> String { "\(NumberText.decimal(value, 1)) s" }

  // MARK: - Scores

  private var scoresText: String {
    guard !scores.isEmpty else { return "No score is known here." }
    var parts = [
      escaped(
        "UAR is unweighted average recall, in percent: the mean over classes of the share of their clips that "
          + "are recognized. Chance is what guessing gives on average. Held-out clips are of speakers or "
          + "recordings of a training corpus that this model was not trained on."),
      scoreTable.markdown + "\n" + escaped(intervalText),
    ]
    parts.append(
      recallTable.markdown + "\n" + escaped("Recall of each class by this model, in percent."))
    if !allNotes.isEmpty { parts.append("To be read with these scores:\n\n" + list(allNotes)) }
    return parts.joined(separator: "\n\n")
  }

  private var scoreTable: ReportTable {
    var rows: [[String]] = []
    for score in scores {
      let place = [score.corpus, score.within ? "held-out clips" : "another corpus"]
      rows.append(place + ["this model"] + cells(score.model))
      if let settings = score.settings {
        let models = Wording.counted(settings.models, "model")
        rows.append(
          place + ["all \(models) of its settings, \(Wording.counted(settings.seeds, "seed"))"]
            + cells(settings))
      }
    }
    return ReportTable(
      columns: [
        .init("tested on"), .init("which is"), .init("score of"), .init("UAR", .right),
        .init("95 % interval", .right), .init("chance", .right), .init("clips", .right),
        .init("speakers", .right),
      ], rows: rows)
  }

  private func cells(_ score: Measured) -> [String] {
    var interval = "–"
    if let low = score.low, let high = score.high {
      interval = (score.isApproximate == true ? "≈ " : "") + NumberText.percents(low, high)
    }
    return [
      NumberText.percent(score.uar), interval, NumberText.percent(score.chance), "\(score.clips)",
      score.speakers.map(String.init) ?? "unknown",
    ]
  }

  private var intervalText: String {
    let all = scores.flatMap { [$0.model, $0.settings].compactMap(\.self) }
    var text =
      "An interval of this model is about other test speakers of the same kind; one of all models is about "
      + "other seeds too, where there are several. None is about other training speakers, other recording "
      + "conditions or spontaneous instead of acted speech. "
      + "A model that is picked from several because of these scores does worse than they say."
    if all.contains(where: { $0.isApproximate == true }) {
      text += " Behind ≈ its coverage may be below 90 %."
    }
    var seen: Set<String> = []
    for gap in all.compactMap(\.gap) where seen.insert(gap).inserted {
      text += " No interval (–): \(gap)"
    }
    return text
  }

  private var recallTable: ReportTable {
    ReportTable(
      columns: [.init("tested on")] + classes.map { .init($0, .right) },
      rows: scores.map { score in
        [score.corpus]
          + classes.map { score.model.recall[$0].map(NumberText.percent) ?? "not tested" }
      })
  }

  /// The warnings of the trial and the remarks on its corpora, each once.
  private var allNotes: [String] {
    var seen: Set<String> = []
    let sentences =
      warnings.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." } + corpora.flatMap(\.remarks)
    return sentences.filter { seen.insert($0).inserted }
  }

  // MARK: - Data

  private var trainingText: String? {
    guard let training else { return nil }
    var sentences: [String] = []
    if let names = training.corpora {
      let fold = training.fold.map { ", fold \($0)" } ?? ""
      sentences.append("Corpora: \(names.joined(separator: ", "))\(fold).")
    }
    let counts = classes.map { "\($0) \(training.clipsByClass[$0].map(String.init) ?? "unknown")" }
    sentences.append(
      "\(Wording.counted(training.clips, "clip")): \(counts.joined(separator: ", ")).")
    sentences.append(
      training.validationClips == 0
        ? "No clips were held back to choose the epoch."
        : "\(Wording.counted(training.validationClips, "further clip")) chose the epoch.")
    for part in training.parts ?? [] {
      let who =
        part.speakers.map { "of " + Wording.counted($0, "speaker") } ?? "of unknown speakers"
      let use = part.side == "train" ? "In training" : "In validation"
      sentences.append("\(use): \(Wording.counted(part.clips, "clip")) of \(part.corpus) \(who).")
    }
    if let clips = training.refitClips {
      sentences.append("It was then trained anew on all \(clips) of them.")
    }
    if let split = training.split { sentences.append("Split: \(split).") }
    sentences.append(
      "Which speakers these clips are of is not part of the card; speakers are counted and not named."
    )
    return escaped(sentences.joined(separator: " "))
  }

  private var corporaText: String {
    let table = ReportTable(
      columns: [.init("corpus"), .init("use"), .init("speakers", .right), .init("clips", .right)]
        + classes.map { .init($0, .right) }
        + [.init("clips a speaker", .right), .init("hours", .right)],
      rows: corpora.map { corpus in
        [
          corpus.name, corpus.isTrainedOn ? "training" : "tests alone",
          corpus.speakers == 0 ? "unknown" : "\(corpus.speakers)", "\(corpus.clips)",
        ] + classes.map { "\(corpus.clipsByClass[$0] ?? 0)" } + [
          zip([corpus.fewestClips].compactMap(\.self), [corpus.mostClips].compactMap(\.self))
            .map { NumberText.range([$0, $1]) }.first ?? "–",
          NumberText.decimal(corpus.hours, 2),
        ]
      })
    let left = corpora.filter { !$0.leftOut.isEmpty }.map { corpus in
      let labels = corpus.leftOut.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      return "Of \(corpus.name) these labels are left out: \(labels.joined(separator: ", "))."
    }
    let lines = table.markdown.trimmingCharacters(in: .newlines)
    return left.isEmpty ? lines : lines + "\n\n" + list(left)
  }

  // MARK: - Input and making

  private var inputText: String {
    var sentences = [
      "Sound is mixed to one channel and brought to \(input.rateHz) Hz. Features: "
        + "\(input.features.joined(separator: ", ")); fusion: \(input.fusion). \(longClips)",
      normalization.live,
    ]
    if let encoder {
      let license = encoder.license.map { "its files state the license \($0)" }
      let heard = encoder.heard ?? []
      sentences.append(
        "It hears through a frozen encoder, \(encoder.identity), layer: \(encoder.layer); "
          + "\(license ?? "its license is not stated in files at hand"). "
          + (heard.isEmpty
            ? "What the encoder has heard is not stated."
            : "The encoder has heard \(Wording.list(heard))."))
    }
    return sentences.map(escaped).joined(separator: "\n\n")
  }

  private var longClips: String {
    input.longClips == "windows"
      ? "Longer clips are heard in windows of that length, whose scores are averaged."
      : "In training longer clips are cut to that length."
  }

  private var madeText: String {
    var rows = [["digest of the model", "`\(digest)`"]]
    if let training {
      rows.append(["trial", "`\(training.key)`"])
      if let name = training.experiment {
        let title = training.title.map { " (\(escaped($0)))" } ?? ""
        rows.append(["experiment", escaped(name) + title])
      }
      if let variant = training.variant { rows.append(["variant", escaped(variant)]) }
      rows.append(["seed", "\(training.seed)"])
      rows.append(["parameters", "\(training.parameters)"])
      rows.append(["epochs", epochs(training)])
      if let choice = training.choice { rows.append(["chosen by inner folds", escaped(choice)]) }
    }
    if let made {
      let build = made.code.build.map { ", build \($0)" } ?? ""
      rows.append([
        "Valence",
        "\(made.code.version)\(build); training revision \(made.code.trialRevision); features "
          + made.code.featureRevision,
      ])
      rows.append(["engine", escaped(made.engine)])
      rows.append(["machine", escaped("\(made.processor), \(made.system)")])
    }
    for (name, value) in seconds.sorted(by: { $0.key < $1.key }) {
      let what = name.hasSuffix("_s") ? String(name.dropLast(2)) : name
      rows.append(["seconds of \(escaped(what))", NumberText.decimal(value, 1)])
    }
    let list = rows.map { "- \($0[0]): \($0[1])" }.joined(separator: "\n")
    guard let settings = training?.settings else { return list }
    return list + "\n\nIts settings, as an experiment file has them:\n\n```yaml\n\(settings)```"
  }

  private func epochs(_ training: Training) -> String {
    kind == "classic model"
      ? "none: a classic model is fitted once"
      : "\(training.epochs); weights of "
        + (training.average ?? "epoch \(training.keptEpoch)")
  }
}
