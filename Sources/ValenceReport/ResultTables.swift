import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// The tables of an experiment's scores, with the sentences that explain them.
///
/// A sentence that one table alone needs is written here; what figures say too is in `ResultWording`.
struct ResultTables {
  let cells: ResultCells
  /// The headline of each cell with its interval.
  let headlines: [ResultCells.Key: Estimate]
  /// The variant that validation chooses for each training set.
  let choices: [VariantChoice]

  private var spec: ReportSpec { cells.spec }
  /// Whether a row says what validation made of its variant.
  private var isChosen: Bool { choices.contains(where: \.hasValidation) }

  // MARK: - Results

  /// The cells of the result table: those of the variants, then those of the baselines.
  private var shown: [ResultCells.Key] { cells.keys + cells.baselineKeys }

  /// The result table: a row for each variant, or baseline, and pair of corpora.
  func results(withEveryMeasure: Bool) -> ReportTable {
    let metric = spec.headline
    let more = withEveryMeasure ? MetricName.allCases.filter { $0 != metric } : []
    let lacksClasses = shown.contains { lackingClasses($0) != nil }
    let rows = shown.flatMap(entries).map { entry -> [String] in
      let (cell, headline, known) = (entry.cell, entry.headline, entry.known)
      var row = [entry.name, entry.key.train, entry.key.test]
      if isChosen { row.append(entry.isEnsemble ? "–" : validation(entry.key)) }
      row += [
        NumberText.percent(headline.mean), headline.interval.map(Self.interval) ?? "–",
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
      row += ["\(entry.networks)", "\(cell.utteranceCount)"]
      return row + (lacksClasses ? [classCount(known)] : [])
    }
    let spreads: [ReportTable.Column] =
      withEveryMeasure
      ? [.init("sd speakers", .right), .init("sd folds", .right), .init("sd seeds", .right)] : []
    return ReportTable(
      columns: [.init("variant"), .init("train"), .init("test")]
        + (isChosen ? [.init("validation UAR", .right)] : [])
        + [.init(metric.title, .right), .init("95 % interval", .right), .init("over", .right)]
        + spreads + [.init("chance", .right), .init("majority", .right)]
        + more.map { .init($0.title, .right) }
        + [.init(spec.noun.plural, .right), .init("utterances", .right)]
        + (lacksClasses ? [.init("classes", .right)] : []),
      rows: rows)
  }

  /// What a row of the result table tells of: a cell's networks, each for itself, or its ensemble.
  private struct Entry {
    let key: ResultCells.Key
    let name: String
    let cell: CellSummary
    let headline: Estimate
    let known: ReferenceScores
    let networks: Int
    var isEnsemble = false
  }

  /// The rows of a cell.
  private func entries(of key: ResultCells.Key) -> [Entry] {
    guard let cell = cells.cells[key], let headline = headlines[key],
      let known = cells.references[key]
    else { return [] }
    let single = Entry(
      key: key, name: key.variant, cell: cell, headline: headline, known: known,
      networks: cell.runs.count)
    guard let ensemble = cells.ensembles[key] else { return [single] }
    return [
      single,
      Entry(
        key: key, name: Ensemble.name(of: key.variant), cell: ensemble.cell,
        headline: ensemble.headline, known: ensemble.references, networks: ensemble.networks,
        isEnsemble: true),
    ]
  }

  /// `50.1–66.0`, after ≈ if it is approximate.
  static func interval(_ interval: Interval) -> String {
    (interval.isApproximate ? "≈ " : "") + NumberText.percents(interval.low, interval.high)
  }

  /// A variant's validation score with a mark for the chosen one; a dash for variants that do not take part.
  private func validation(_ key: ResultCells.Key) -> String {
    guard let choice = choices.first(where: { $0.train == key.train }),
      let score = choice.scores[key.variant]
    else { return "–" }
    return NumberText.percent(score) + (choice.chosen == key.variant ? " ✓" : "")
  }

  /// `3 of 4` for a cell that is scored over fewer classes than the label space has.
  private func lackingClasses(_ key: ResultCells.Key) -> String? {
    cells.references[key].flatMap { ResultWording.classes($0, of: spec.classes) }
  }

  private func classCount(_ known: ReferenceScores) -> String {
    "\(known.classes.count) of \(spec.classes.count)"
  }

  /// Sentences that explain the result table: plain text, which a terminal shows as it is and `SummaryText`
  /// escapes for Markdown.
  var readings: [String] {
    var sentences = [
      "Chance and majority: \(spec.headline.title) of guessing on the same test set."
    ]
    if isChosen {
      sentences.append(
        "Validation UAR: mean over a variant's networks, each at its kept epoch; ✓: the chosen variant; "
          + "–: not compared.")
    }
    if spec.ensemble == true {
      sentences.append(
        "Ensemble: the mean of the probabilities that the networks of all seeds give an utterance, fold by "
          + "fold; none where a network is missing.")
    }
    sentences += ResultWording.classics(spec)
    let intervals = shown.compactMap { headlines[$0]?.interval }
    if !intervals.isEmpty { sentences.append("Interval: \(ResultWording.kind(of: intervals)).") }
    sentences += ResultWording.remarks(on: shown.compactMap { headlines[$0] })
    for key in cells.keys {
      guard let known = cells.references[key], known.classes.count < spec.classes.count else {
        continue
      }
      let place = key.train == key.test ? key.test : "\(key.train) → \(key.test)"
      let cellsHere = cells.keys(train: key.train, test: key.test)
      let alike = cellsHere.filter { cells.references[$0]?.classes == known.classes }
      let whose =
        alike.count == cellsHere.count
        ? "" : " (\(alike.map(\.variant).joined(separator: ", ")))"
      let sentence =
        "\(place)\(whose) is scored over \(classCount(known)) classes: \(Wording.list(known.classes))."
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences
  }

  // MARK: - Guessing

  /// The scores of guessing by every measure, on each test set; Markdown, escaped.
  var guesses: String {
    var rows: [[String]] = []
    for train in spec.train {
      for test in spec.test {
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
      + "\nChance: the expected score of labels drawn with the test set's class shares. Majority: always "
      + "the most frequent class of the \(spec.noun.rawValue)'s training clips."
  }

  // MARK: - Generalization

  /// The generalization map of a variant; nil if nothing is tested on another corpus.
  ///
  /// Markdown, escaped.
  func map(of variant: String) -> String? {
    guard spec.testsAcross, spec.train.count > 1 || spec.test.count > 1 else { return nil }
    let sets = spec.test.map { cells.testSets(variant: variant, test: $0) }
    let rows = spec.rows.map { row in
      [row.name]
        + zip(row.trainings, spec.test.indices).map { train, column -> String in
          let test = spec.test[column]
          guard let train, let cell = cells[variant, train, test] else { return "–" }
          let value = NumberText.percent(cell.headline(spec.headline).mean)
          let shown = spec.isWithin(train, test) ? "[\(value)]" : value
          return sets[column].count > 1 ? "\(shown) (N = \(cell.utteranceCount))" : shown
        }
    }
    let columns = zip(spec.test, sets).map { test, sets in
      ReportTable.Column(sets.count == 1 ? "\(test) (N = \(sets[0].utterances))" : test, .right)
    }
    let table = ReportTable(columns: [.init("trained on")] + columns, rows: rows)
    var reading: [String] = []
    let within = spec.test.filter { test in
      spec.train.contains { spec.isWithin($0, test) && cells[variant, $0, test] != nil }
    }
    if spec.leavesOneOut == true {
      reading.append("rest: all training corpora except the tested one.")
    } else if !within.isEmpty {
      reading.append(
        "In brackets: within the corpus; \(ResultWording.heldOut(within, spec.speakers)).")
    }
    let uneven = zip(spec.test, sets).filter { $1.count > 1 }.map(\.0)
    if !uneven.isEmpty {
      reading.append(
        "The cells of \(Wording.list(uneven)) do not all score the same utterances.")
    }
    return
      "## \(spec.headline.title) of \(escaped(variant)), trained on (row), tested on (column)\n\n"
      + table.markdown + "\n" + escaped(reading.joined(separator: " "))
  }
}
