import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValencePlan

/// The text of an experiment file for a folder of speech, with what was found in it as comments.
struct ExperimentDraft {
  let name: String
  let layout: CorpusLayout
  let survey: AudioSurvey
  let settings: StartingSettings
  let split: SplitChoice
  /// The experiment file as the user named it.
  let file: String
  /// The corpus's path from the experiment file's folder.
  let path: String
  /// The name of the table of folds beside the experiment file, if there is one.
  let foldFile: String?
  /// Whether the same recording is on two sides of the split.
  var hasCopies = false

  private static let width = 100
  private static let column = 36

  /// The whole file.
  var text: String {
    [head, corpus, labels, audio, network, splitText, sweep].map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  // MARK: - Parts

  private var head: [String] {
    let file = PlanSyntax.text(file)
    return comment(
      [
        "Written by `valence init` from what lies in \(path). It runs as it is:"
      ])
      + [
        "#   valence plan \(file)", "#   valence run \(file)",
        "# Whatever has no line here has a default: valence plan \(file) --resolved", "",
        line("name: \(PlanSyntax.text(name))", "folders in Results/ and Plots/"),
        "title: \(PlanSyntax.text("\(name), \(split.space.classes.count) classes"))",
        line("seeds: [1]", "a paper wants several: [1, 2, 3]"),
      ]
  }

  private var corpus: [String] {
    var lines = comment([found] + layout.findings + speakers)
    lines += oddFiles
    lines += ["corpora:", "  \(layout.options.name):", "    adapter: \(adapter)"]
    lines.append("    path: \(PlanSyntax.text(path))")
    switch layout.options.adapter {
    case .folders(let speaker, let emotion):
      if let emotion { lines.append("    emotion: \(quoted(emotion.text))") }
      if let speaker { lines.append("    speaker: \(quoted(speaker.text))") }
    case .manifest(let columns) where !columns.isEmpty:
      let pairs = columns.sorted { $0.key < $1.key }
        .map { "\($0.key): \(PlanSyntax.text($0.value))" }
      lines.append("    columns: {\(pairs.joined(separator: ", "))}")
    default: break
    }
    return lines
  }

  private var labels: [String] {
    let lines = comment(classes)
    guard !split.dropped.isEmpty else {
      return lines + [
        line("labels: native", "every label a class; or emotion4, ekman6, a map of your own")
      ]
    }
    let names = split.dropped.map(\.label)
    return lines + [
      "labels:", "  classes: \(PlanSyntax.list(split.space.classes))",
      "  drop: \(PlanSyntax.list(names))",
    ]
  }

  private var audio: [String] {
    let options = settings.audio
    let rate =
      survey.rates.count > 1
      ? "every file is brought to this rate, which the others have at least"
      : "every file is brought to this rate"
    var lines = [
      "audio:", line("  rate_hz: \(options.rateHz)", rate),
      line("  clip_s: \(number(options.clipS))", "of longer speech the middle is used"),
      line("  trim_db: 35", "the quiet before and after the words says nothing"),
    ]
    if !survey.odd.isEmpty {
      lines.append(line("  unreadable: drop", "the files named above; stop would refuse to run"))
    }
    return lines
  }

  private var network: [String] {
    let features = settings.features
    var lines = [
      "features:", "  window_ms: 32", "  hop_ms: 16",
      "  mel: {bands: \(features.mel.bands), high_hz: \(number(features.mel.highHz))}",
      "  mfcc: {coefficients: \(features.mfcc.coefficients)}",
      line("  fusion: concat", "log-mel beside MFCC; or mel, mfcc, stack, branches"),
      line("  normalization: train", "by statistics of the training speech"),
    ]
    lines += [
      "", "model:", line("  cnn: {channels: [16, 32, 64]}", "convolution blocks, then a BiLSTM"),
      "  rnn: {hidden: 64}", "  head: {hidden: [64]}", "", "training:", "  epochs: 50",
      "  batch: 8", "  optimizer: {learning_rate: 5e-4}",
      line("  early_stopping: {patience: 20}", "the best epoch's weights are kept"),
    ]
    return lines
  }

  private var splitText: [String] {
    let options = split.options
    var lines = comment(splitReason)
    let within: String
    if let foldFile {
      within = "{csv: \(PlanSyntax.text(foldFile))}"
    } else {
      within =
        switch options.within {
        case .leaveOneSpeakerOut: "leave_one_speaker_out"
        case .speakerFolds(let count): "{speaker_folds: \(count)}"
        default: "official"
        }
    }
    let validation =
      switch options.validation {
      case .none: "none"  // not among those that are tried
      case .speakers(let count): "{speakers: \(count)}"
      case .fraction(let share): "{fraction: \(share)}"
      }
    lines += [
      "protocol:", "  within: \(within)",
      line(
        "  validation: \(validation)",
        "chooses the best epoch; \(foldFile == nil ? "no speaker" : "nothing") of it is tested"),
    ]
    if options.missingClasses == .allow {
      lines.append(line("  missing_classes: allow", "some test speakers lack a class"))
    }
    if hasCopies {
      lines.append(
        line("  duplicates: leave_out_of_training", "copies of what is tested, see valence plan"))
    }
    return lines + [line("  across: none", "one corpus; with a second one: pairs")]
  }

  private var sweep: [String] {
    [
      "# What to vary: every combination is trained. Take the # away.", "# sweep:", "#   grid:",
      "#     features.fusion: [mel, mfcc, concat]",
      "#     features.normalization: [train, corpus]", "", "report:",
      "  figures: [confusion, learning_curves, corpora]",
    ]
  }

  // MARK: - Lines

  /// Sentences as comment lines of at most `width` columns.
  func comment(_ sentences: [String]) -> [String] {
    sentences.flatMap { sentence in
      var lines = ["#"]
      for word in sentence.split(whereSeparator: \.isWhitespace) {
        let last = lines[lines.count - 1]
        if last.count + word.count + 1 > Self.width, last != "#" {
          lines.append("#   \(word)")
        } else {
          lines[lines.count - 1] = "\(last) \(word)"
        }
      }
      return lines
    }
  }

  /// A line with a remark beside it.
  private func line(_ text: String, _ remark: String) -> String {
    let space = String(repeating: " ", count: max(1, Self.column - text.count))
    return "\(text)\(space)# \(remark)"
  }

  /// Always in quotes: regular expressions begin with characters that YAML has its own ideas of.
  private func quoted(_ pattern: String) -> String {
    let text = PlanSyntax.text(pattern)
    return text.hasPrefix("\"") ? text : "\"\(text)\""
  }

  /// A number without a useless `.0`.
  private func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
