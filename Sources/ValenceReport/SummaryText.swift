import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The tables of an experiment as a person reads them: `summary.md`, and short for a terminal.
struct SummaryText {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects
  /// Files and labels left out, by corpus.
  let dropped: [String: Int]
  /// The names of the figures.
  let figures: [String]
  /// The way from the summary to the figures, as a link has it.
  let plots: String

  /// The headline of each cell with its interval.
  let headlines: [ResultCells.Key: Estimate]
  /// Which variant validation chooses, for each training set.
  let choices: [VariantChoice]

  private var outline: Outline { cells.outline }

  /// What validation chooses, and the result table.
  var terminal: String {
    var text = ""
    for lead in leads(isMarkdown: false) { text += lead + "\n" }
    if !text.isEmpty { text += "\n" }
    text += results(withEveryMeasure: false).text
    for remark in readings { text += "\(remark)\n" }
    for note in cells.attributedNotes { text += "Note: \(note)\n" }
    if !cells.unfinished.isEmpty { text += "\(unfinishedText)\n" }
    return text
  }

  /// The whole summary.
  var markdown: String {
    var parts = ["# \(escaped(outline.title))"]
    let leads = leads(isMarkdown: true)
    if !leads.isEmpty { parts.append(leads.joined(separator: "\n\n")) }
    parts.append(introduction)
    parts.append(
      "## Results\n\n" + results(withEveryMeasure: true).markdown + "\n"
        + readings.map(escaped).joined(separator: "\n"))
    parts.append("## Chance and majority\n\n" + guesses)
    parts += outline.variants.compactMap(map)
    parts += effects.markdown.map { ["## Effects of single settings\n\n" + $0] } ?? []
    parts += effects.comparisons.map { ["## Comparisons of variants\n\n" + $0] } ?? []
    parts.append("## Variants\n\n" + variantTable().markdown)
    parts.append("## Corpora\n\n" + corpusTable().markdown + "\n" + soundText + droppedText)
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
    [.svg, .png, .pdf].first(where: outline.figureOptions.formats.contains)
  }

  private var introduction: String {
    var text = """
      Classes (\(outline.labelSpace)): \(outline.classes.joined(separator: ", ")). Protocol: \
      \(outline.protocolText). Seeds: \(outline.seeds.map(String.init).joined(separator: ", ")).
      """
    text =
      escaped(text) + "\n\n" + """
        Within a corpus, the held-out folds of a seed are pooled and seeds averaged; across corpora, \
        every network of the row scores the same utterances of the test corpus and networks are \
        averaged. All measures are in percent, over the classes of the label space that the test set has.
        """
    if !cells.attributedNotes.isEmpty {
      text +=
        "\n\n" + cells.attributedNotes.map { "- **Note:** \(escaped($0))" }.joined(separator: "\n")
    }
    return text
  }

  // MARK: - What validation chooses

  /// For each training set the variant that validation chooses with its test scores, or why it chooses
  /// none.
  private func leads(isMarkdown: Bool) -> [String] {
    func text(_ sentence: String) -> String { isMarkdown ? escaped(sentence) : sentence }
    func strong(_ name: String) -> String { isMarkdown ? "**\(escaped(name))**" : name }
    return choices.map { choice in
      let start =
        choices.count > 1
        ? "Trained on \(choice.train): validation chooses " : "Validation chooses "
      let remarks = choice.remarks.map { " " + text($0) }.joined()
      guard let chosen = choice.chosen, let score = choice.scores[chosen] else {
        return text("\(start)no variant.") + remarks
      }
      let tests = outline.test.compactMap { test -> String? in
        let key = ResultCells.Key(variant: chosen, train: choice.train, test: test)
        guard let headline = headlines[key], let known = cells.references[key] else { return nil }
        return
          "\(test) \(value(headline)), chance \(NumberText.percent(known.chance(outline.headline)))"
      }
      let ties =
        choice.equals.isEmpty
        ? "" : "; as good, but later in the plan: \(choice.equals.joined(separator: ", "))"
      return text(start) + strong(chosen)
        + text(
          " of \(Wording.counted(choice.scores.count, "variant")) (validation UAR "
            + "\(NumberText.percent(score)) %\(ties)). Its test \(outline.headline.title) in %: "
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
      + "\(intervalText(interval)), \(ResultWording.basis(interval)))"
  }

  private func intervalText(_ interval: Interval) -> String {
    (interval.isApproximate ? "≈ " : "") + NumberText.percents(interval.low, interval.high)
  }

  private func choice(_ train: String) -> VariantChoice? { choices.first { $0.train == train } }

  /// A variant's validation score with a mark for the chosen one; a dash for those that do not compete.
  private func validation(_ key: ResultCells.Key) -> String {
    guard let choice = choice(key.train), let score = choice.scores[key.variant] else { return "–" }
    return NumberText.percent(score) + (choice.chosen == key.variant ? " ✓" : "")
  }

  // MARK: - Tables

  /// A row for each variant and pair of corpora.
  private func results(withEveryMeasure: Bool) -> ReportTable {
    let metric = outline.headline
    let more = withEveryMeasure ? MetricName.allCases.filter { $0 != metric } : []
    let isSwept = !choices.isEmpty
    let lacksClasses = cells.keys.contains { lackingClasses($0) != nil }
    let rows = cells.keys.compactMap { key -> [String]? in
      guard let cell = cells.cells[key], let headline = headlines[key],
        let known = cells.references[key]
      else { return nil }
      var row = [key.variant, key.train, key.test]
      if isSwept { row.append(validation(key)) }
      row += [
        NumberText.percent(headline.mean), headline.interval.map(intervalText) ?? "–",
        headline.interval.map(ResultWording.basis) ?? "–",
      ]
      if withEveryMeasure {
        let spread = cell.spread(metric)
        row += [spread.speakers, spread.folds, spread.seeds].map {
          $0.map(NumberText.percent) ?? "–"
        }
      }
      row += [
        NumberText.percent(known.chance(metric)),
        known.majority(metric).map(NumberText.percent) ?? "–",
      ]
      row += more.map { NumberText.percent(cell.headline($0).mean) }
      row += ["\(cell.runs.count)", "\(cell.utteranceCount)"]
      return row + (lacksClasses ? [classCount(known)] : [])
    }
    let spreads: [ReportTable.Column] =
      withEveryMeasure
      ? [.init("sd speakers", .right), .init("sd folds", .right), .init("sd seeds", .right)] : []
    return ReportTable(
      columns: [.init("variant"), .init("train"), .init("test")]
        + (isSwept ? [.init("validation UAR", .right)] : [])
        + [.init(metric.title, .right), .init("95 % interval", .right), .init("over", .right)]
        + spreads + [.init("chance", .right), .init("majority", .right)]
        + more.map { .init($0.title, .right) }
        + [.init("networks", .right), .init("utterances", .right)]
        + (lacksClasses ? [.init("classes", .right)] : []),
      rows: rows)
  }

  /// `3 of 4` for a cell that is scored over fewer classes than the label space has.
  private func lackingClasses(_ key: ResultCells.Key) -> String? {
    cells.references[key].flatMap { ResultWording.classes($0, of: outline.classes) }
  }

  private func classCount(_ known: ReferenceScores) -> String {
    "\(known.classes.count) of \(outline.classes.count)"
  }

  /// How the result table is to be read, a sentence each.
  private var readings: [String] {
    var sentences = [
      "Chance and majority: \(outline.headline.title) of guessing on the same test set."
    ]
    if !choices.isEmpty {
      sentences.append(
        "Validation UAR: mean over a variant's networks, at the epochs that were kept; ✓: chosen by it; "
          + "–: does not compete.")
    }
    let intervals = cells.keys.compactMap { headlines[$0]?.interval }
    if !intervals.isEmpty { sentences.append("Interval: \(ResultWording.kind(of: intervals)).") }
    sentences += ResultWording.remarks(on: cells.keys.compactMap { headlines[$0] })
    for key in cells.keys {
      guard let known = cells.references[key], known.classes.count < outline.classes.count else {
        continue
      }
      let place = key.train == key.test ? key.test : "\(key.train) → \(key.test)"
      let sentence =
        "\(place) is scored over \(classCount(known)) classes: \(Wording.list(known.classes))."
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences
  }

  /// What guessing scores by every measure, on each test set.
  private var guesses: String {
    var rows: [[String]] = []
    for train in outline.train {
      for test in outline.test {
        let groups = cells.guessedAlike(train: train, test: test)
        for group in groups {
          guard let known = cells.references[group[0]], let cell = cells.cells[group[0]] else {
            continue
          }
          let whose = groups.count > 1 ? " (\(group.map(\.variant).joined(separator: ", ")))" : ""
          let start = { (guess: String) in [train, test + whose, guess] }
          let count = ["\(cell.utteranceCount)"]
          rows.append(
            start("chance")
              + MetricName.allCases.map { NumberText.percent(known.chance($0)) } + count)
          rows.append(
            start("majority")
              + MetricName.allCases.map { known.majority($0).map(NumberText.percent) ?? "–" }
              + count)
        }
      }
    }
    let table = ReportTable(
      columns: [.init("train"), .init("test"), .init("guess")]
        + MetricName.allCases.map { .init($0.title, .right) } + [.init("utterances", .right)],
      rows: rows)
    return table.markdown
      + "\nChance: labels drawn at the test set's own shares, their expected score. Majority: always the "
      + "class that most of the network's training clips have."
  }

  /// The generalization map of a variant; nil where nothing is tested on another corpus.
  private func map(of variant: String) -> String? {
    guard outline.testsAcross, outline.train.count > 1 || outline.test.count > 1 else { return nil }
    let sets = outline.test.map { cells.testSets(variant: variant, test: $0) }
    let rows = outline.rows.map { row in
      [row.name]
        + zip(row.trainings, outline.test.indices).map { train, column -> String in
          let test = outline.test[column]
          guard let train, let cell = cells[variant, train, test] else { return "–" }
          let value = NumberText.percent(cell.headline(outline.headline).mean)
          let shown = outline.isWithin(train, test) ? "[\(value)]" : value
          return sets[column].count > 1 ? "\(shown) (N = \(cell.utteranceCount))" : shown
        }
    }
    let columns = zip(outline.test, sets).map { test, sets in
      ReportTable.Column(sets.count == 1 ? "\(test) (N = \(sets[0].utterances))" : test, .right)
    }
    let table = ReportTable(columns: [.init("trained on")] + columns, rows: rows)
    var reading: [String] = []
    let within = outline.test.filter { test in
      outline.train.contains { outline.isWithin($0, test) && cells[variant, $0, test] != nil }
    }
    if outline.leavesOneOut == true {
      reading.append("rest: all training corpora but the one that is tested.")
    } else if !within.isEmpty {
      reading.append(
        "In brackets: within the corpus; \(ResultWording.heldOut(within, outline.speakers)).")
    }
    let uneven = zip(outline.test, sets).filter { $1.count > 1 }.map(\.0)
    if !uneven.isEmpty {
      reading.append(
        "The cells of \(Wording.list(uneven)) do not all score the same utterances.")
    }
    return
      "## \(outline.headline.title) of \(escaped(variant)), trained on (row), tested on (column)\n\n"
      + table.markdown + "\n" + escaped(reading.joined(separator: " "))
  }

  private func variantTable() -> ReportTable {
    ReportTable(
      columns: [.init("variant"), .init("trained parameters", .right)],
      rows: outline.variants.map { [$0, cells.parameters[$0].map(String.init) ?? "–"] })
  }

  private func corpusTable() -> ReportTable {
    let rows = corpora.map { corpus in
      let minutes = corpus.durationsS.reduce(0, +) / 60
      return [corpus.name, "\(corpus.counts.reduce(0, +))", "\(corpus.speakers.count)"]
        + corpus.counts.map(String.init)
        + [NumberText.decimal(minutes, 1), "\(dropped[corpus.name] ?? 0)"]
    }
    return ReportTable(
      columns: [.init("corpus"), .init("utterances", .right), .init("speakers", .right)]
        + outline.classes.map { .init($0, .right) }
        + [.init("minutes", .right), .init("left out", .right)],
      rows: rows)
  }

  /// The sampling rates and the bandwidths of the corpora, in a line each; empty where none are known.
  private var soundText: String {
    let lines = corpora.compactMap { $0.soundText.map { text in "- \(text)" } }
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n"
  }

  private var droppedText: String {
    let lines = corpora.flatMap { corpus in
      corpus.dropped.sorted { $0.key < $1.key }.map {
        "- \(corpus.name): \($0.value) × '\(escaped($0.key))', for which the label space has no class"
      }
    }
    let odd = corpora.flatMap { corpus in
      (corpus.oddLengths ?? []).map { "- \(corpus.name): \(escaped($0))" }
    }
    return [
      ("\nLeft out (each file is listed in `dropped.csv`):\n\n", lines),
      ("\nOdd lengths:\n\n", odd),
    ].filter { !$0.1.isEmpty }.map { $0.0 + $0.1.joined(separator: "\n") }.joined(separator: "\n")
  }

  private var unfinishedText: String {
    let count = cells.unfinished.count
    return
      "\(ResultWording.unfinished(count)); the table is without \(count == 1 ? "it" : "them")."
  }

  private var unfinishedList: String {
    cells.unfinished.map {
      escaped(
        "- \($0.variant), \($0.train) fold \($0.fold), seed \($0.seed): "
          + cells.state(of: $0))
    }.joined(separator: "\n")
  }
}

private func escaped(_ text: String) -> String { ReportTable.markdownText(text) }
