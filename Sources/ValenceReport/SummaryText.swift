import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The report of an experiment for readers: `summary.md`, and a short form for a terminal.
struct SummaryText {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects
  let contributed: ContributionEffects
  /// Files and labels left out, by corpus.
  let dropped: [String: Int]
  /// The names of the figures.
  let figures: [String]
  /// The relative path from the summary to the figures, escaped for a link.
  let plots: String

  /// The headline of each cell with its interval.
  let headlines: [ResultCells.Key: Estimate]
  /// The variant that validation chooses for each training set.
  let choices: [VariantChoice]
  /// How networks compare with the best baselines.
  let verdicts: [BaselineVerdict]

  private var spec: ReportSpec { cells.spec }

  private var tables: ResultTables {
    ResultTables(cells: cells, headlines: headlines, choices: choices)
  }

  /// The chosen variant and the result table.
  var terminal: String {
    var text = ""
    for lead in leads(isMarkdown: false) { text += lead + "\n" }
    if !text.isEmpty { text += "\n" }
    text += tables.results(withEveryMeasure: false).text
    for remark in tables.readings { text += "\(remark)\n" }
    for note in cells.attributedNotes { text += "Note: \(note)\n" }
    if !cells.unfinished.isEmpty { text += "\(unfinishedText)\n" }
    return text
  }

  /// The whole summary.
  var markdown: String {
    var parts = ["# \(escaped(spec.title))"]
    let leads = leads(isMarkdown: true)
    if !leads.isEmpty { parts.append(leads.joined(separator: "\n\n")) }
    parts.append(introduction)
    parts.append(
      "## Results\n\n" + tables.results(withEveryMeasure: true).markdown + "\n"
        + tables.readings.map(escaped).joined(separator: "\n"))
    parts += [tables.across].compactMap(\.self)
    parts.append("## Chance and majority\n\n" + tables.guesses)
    parts += spec.variants.compactMap(tables.map)
    parts += effects.markdown.map { ["## Effects of single settings\n\n" + $0] } ?? []
    parts += contributed.markdown.map { ["## What each group of features adds\n\n" + $0] } ?? []
    parts += effects.comparisons.map { ["## Comparisons of variants\n\n" + $0] } ?? []
    parts.append("## Variants\n\n" + variantTable().markdown)
    parts += ChoiceTables(cells).markdown.map { ["## What inner folds chose\n\n" + $0] } ?? []
    let corpora = CorporaText(corpora: corpora, classes: spec.classes, dropped: dropped)
    parts.append("## Corpora\n\n" + corpora.markdown)
    if !cells.unfinished.isEmpty { parts.append("## Not finished\n\n" + unfinishedList) }
    if !figures.isEmpty, let format = linked {
      let links = figures.map {
        "- [\(escaped($0))](\(plots)/\($0).\(format.rawValue))"
      }
      parts.append("## Figures\n\n" + links.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The format that a browser shows best, of those that are drawn.
  private var linked: FigureOptions.Format? {
    [.svg, .png, .pdf].first(where: spec.figureOptions.formats.contains)
  }

  private var seeds: String {
    "Seeds: \(spec.seeds.map(String.init).joined(separator: ", "))."
  }

  private var introduction: String {
    var text = """
      Classes (\(spec.labelSpace)): \(spec.classes.joined(separator: ", ")). Protocol: \
      \(spec.protocolText). \(spec.networks.isEmpty ? "No seeds: every model is fitted once." : seeds)
      """
    text =
      escaped(text) + "\n\n" + """
        Within a corpus, the held-out folds of a seed are pooled and seeds averaged; across corpora, \
        all \(spec.noun.plural) of a row score the same utterances of the test corpus, and their scores are \
        averaged. All measures are in percent, over the classes of the label space that occur in the test \
        set.
        """
    if !cells.attributedNotes.isEmpty {
      text +=
        "\n\n" + cells.attributedNotes.map { "- **Note:** \(escaped($0))" }.joined(separator: "\n")
    }
    return text
  }

  // MARK: - The chosen variant

  /// The networks that do not beat the best baseline, if there are any, then for each training set the variant
  /// that validation chooses, with its test scores, or why there is none.
  private func leads(isMarkdown: Bool) -> [String] {
    func text(_ sentence: String) -> String { isMarkdown ? escaped(sentence) : sentence }
    func strong(_ name: String) -> String { isMarkdown ? "**\(escaped(name))**" : name }
    let lost = BaselineVerdict.sentences(verdicts, spec).map(text)
    return lost
      + choices.map { choice in
        let start =
          choices.count > 1
          ? "Trained on \(choice.train): validation chooses " : "Validation chooses "
        guard choice.hasValidation else {
          let whose = choices.count > 1 ? "Trained on \(choice.train): t" : "T"
          return text("\(whose)here is no validation set, so no variant is chosen.")
        }
        let remarks = choice.remarks.map { " " + text($0) }.joined()
        guard let chosen = choice.chosen, let score = choice.scores[chosen] else {
          return text("\(start)no variant.") + remarks
        }
        let tests = spec.test.compactMap { test -> String? in
          let key = ResultCells.Key(variant: chosen, train: choice.train, test: test)
          guard let headline = headlines[key], let known = cells.references[key] else { return nil }
          return
            "\(test) \(value(headline)), chance \(NumberText.percent(known.chance(spec.headline)))"
        }
        let ties =
          choice.equals.isEmpty
          ? "" : "; tied, but later in the plan: \(choice.equals.joined(separator: ", "))"
        return text(start) + strong(chosen)
          + text(
            " of \(Wording.counted(choice.scores.count, "variant")) (validation UAR "
              + "\(NumberText.percent(score)) %\(ties)). Its test \(spec.headline.title) in %: "
              + "\(tests.isEmpty ? "none yet" : tests.joined(separator: "; ")).") + remarks
      }
  }

  /// `58.3 (95 % interval 50.1–66.0, 24 speakers)`.
  private func value(_ estimate: Estimate) -> String {
    guard let interval = estimate.interval else {
      return "\(NumberText.percent(estimate.mean)) (no interval)"
    }
    return
      "\(NumberText.percent(estimate.mean)) (\(NumberText.decimal(100 * interval.level, 0)) % interval "
      + "\(ResultTables.interval(interval)), \(ResultWording.basis(interval)))"
  }

  private func variantTable() -> ReportTable {
    ReportTable(
      columns: [.init("variant"), .init("trained parameters", .right)],
      rows: spec.variants.map { [$0, cells.parameters[$0].map(String.init) ?? "–"] })
  }

  private var unfinishedText: String {
    let count = cells.unfinished.count
    return
      "\(ResultWording.unfinished(count)); the table omits \(count == 1 ? "it" : "them")."
  }

  private var unfinishedList: String {
    cells.unfinished.map {
      escaped(
        "- \($0.name.variant), \($0.name.train) fold \($0.name.fold), seed \($0.name.seed): "
          + cells.state(of: $0))
    }.joined(separator: "\n")
  }
}

/// Text for Markdown: characters with a meaning there are escaped.
func escaped(_ text: String) -> String { ReportTable.markdownText(text) }
