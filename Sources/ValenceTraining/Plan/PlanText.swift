import Foundation
import ValenceCore
import ValenceData
import ValenceFigures
import ValenceReport

/// What `valence plan` prints.
extension PlanSummary {
  /// Everything, as a person reads it.
  package var text: String {
    let notes = remarks.isEmpty ? [] : [remarks.map { "Note: \($0)" }.joined(separator: "\n")]
    var parts = [title, corpusTable, foldTable] + notes
    parts += variants.map(shapeTable)
    parts += contributions.map(contributionText)
    parts += encodings.map(encodingText)
    parts.append(trialTable)
    return parts.joined(separator: "\n\n")
  }

  private var corpusTable: String {
    let rows = corpora.map { corpus in
      [corpus.name, "\(corpus.utterances)", "\(corpus.speakers)"]
        + corpus.classCounts.map(String.init) + ["\(corpus.leftOut)"]
    }
    return ReportTable(
      columns: [.init("corpus"), .init("utterances", .right), .init("speakers", .right)]
        + classes.map { .init($0, .right) } + [.init("left out", .right)], rows: rows
    ).text
  }

  private var foldTable: String {
    let rows = corpora.flatMap { corpus in
      corpus.folds.map { fold in
        [
          corpus.name, fold.name, "\(fold.train)", "\(fold.validation)", "\(fold.test)",
          fold.sharedSpeakers.isEmpty ? "" : "\(fold.sharedSpeakers.count) speakers shared",
        ]
      }
    }
    return ReportTable(
      columns: [
        .init("corpus"), .init("fold"), .init("train", .right), .init("validation", .right),
        .init("test", .right), .init(""),
      ], rows: rows
    ).text
  }

  private func shapeTable(_ variant: Variant) -> String {
    if let classic = variant.classic {
      return
        "\(variant.name): a classic model (\(classic)) of one vector of \(variant.parameters) numbers a clip; "
        + "fitted once a fold to training and validation speakers together, without seeds and epochs; about "
        + "\(variant.trainingBytes >> 20) MiB\n"
    }
    let rows = variant.layers.map {
      [$0.name, $0.output, "\($0.parameters)", millions($0.multiplyAdds)]
    }
    let table = ReportTable(
      columns: [
        .init("layer"), .init("output", .right), .init("parameters", .right),
        .init("multiply-adds (M)", .right),
      ], rows: rows)
    let start = variant.startFrom.map { "\($0)\n" } ?? ""
    return "\(variant.name): \(cost(variant))\n\(start)" + table.text
  }

  /// Parameters, arithmetic, memory, and how long a trial takes at the most.
  private func cost(_ variant: Variant) -> String {
    let time = duration(variant.trialS)
    let all = variant.layers.reduce(0) { $0 + $1.parameters }
    let frozen = variant.parameters < all ? "\(all) parameters, of which it learns " : ""
    let learned = "\(variant.parameters)\(frozen.isEmpty ? " parameters" : "")"
    return "\(frozen)\(learned), \(millions(variant.multiplyAdds)) million "
      + "multiply-adds a clip, about \(variant.trainingBytes >> 20) MiB in training, roughly "
      + "\(time) a trial on one core if all \(variant.epochs) epochs are needed"
  }

  /// Of how many groups the variants say what they add.
  private func contributionText(_ facts: Contributions) -> String {
    let names = facts.groups.map(\.name)
    let added = facts.groups.count { $0.added != nil }
    let counts = [
      "\(facts.groups.count { $0.alone != nil }) alone",
      facts.base.map { "\(added) added to \($0.name)" } ?? "",
      "\(facts.groups.count { $0.without != nil }) left out of all",
    ].filter { !$0.isEmpty }
    let whose = facts.name.isEmpty ? "" : " (\(facts.name))"
    return
      "What groups of features add\(whose): \(facts.variants) variants of \(Wording.list(names)); "
      + "\(counts.joined(separator: ", "))"
  }

  /// Room in the cache, and the time of encoding what is not there yet.
  private func encodingText(_ encoding: EncodingEstimate) -> String {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let seconds =
      encoding.operations / KernelReport.encodingOperationsPerSecond / Double(cores)
    let layers = encoding.layers.count == 1 ? "layer" : "layers"
    return
      "Encoder \(encoding.encoder), \(layers) \(encoding.layers.joined(separator: ", ")): about "
      + "\(Wording.counted(encoding.clips, "clip")), \(duration(encoding.audioS)) of speech, "
      + "\(encoding.cacheBytes >> 20) MiB in the cache; roughly \(duration(seconds)) to encode on "
      + "\(Wording.counted(cores, "core")) what the cache lacks"
  }

  private func duration(_ seconds: Double) -> String {
    seconds < 90
      ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
  }

  private var trialTable: String {
    let text = "\(trials.count) trials, \(missing) to train\n\(Self.table(of: trials))"
    guard !baselines.isEmpty else { return text }
    return text
      + "\nBaselines: \(Wording.counted(baselines.count, "trial")), \(missingBaselines) to train\n"
      + Self.table(of: baselines)
  }

  private static func table(of trials: [Trial]) -> String {
    let rows = trials.map {
      ["\($0.number)", $0.variant, $0.train, $0.fold, "\($0.seed)", $0.key, $0.state.rawValue]
    }
    return ReportTable(
      columns: [
        .init("", .right), .init("variant"), .init("corpus"), .init("fold"),
        .init("seed", .right), .init("trial"), .init("state"),
      ], rows: rows
    ).text
  }

  private func millions(_ count: Int) -> String { NumberText.decimal(Double(count) / 1e6, 2) }
}
