import ValenceEvaluation
import ValenceFigures
import ValencePlan
import ValenceStore

/// The figures of a report, as values.
struct ReportFigures {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects

  private var outline: Outline { cells.outline }
  private var options: FigureOptions { outline.figureOptions }
  private let spread = "sd over folds and seeds"

  /// Every figure that the plan wants and that there are results for.
  func all() -> [Figure] {
    var figures: [Figure] = []
    if outline.wants(.generalization), outline.test.count > 1 || outline.train.count > 1 {
      for variant in outline.variants { figures += maps(of: variant) }
    }
    if outline.wants(.ablation), outline.variants.count > 1 {
      figures.append(ablation())
      figures += factors()
    }
    if outline.wants(.confusion) { figures += cells.keys.map(confusion) }
    if outline.wants(.learningCurves) { figures += curves() }
    if outline.wants(.corpora) { figures.append(overview()) }
    return figures
  }

  /// A cell's value: the headline, with the spread over its networks.
  private func value(_ cell: CellSummary, _ metric: MetricName) -> PlottedValue {
    PlottedValue(
      mean: cell.headline(metric).mean, sd: cell.perRun(metric).deviation,
      networks: cell.runs.count)
  }

  /// A figure's name, with the variant where there are several.
  private func name(_ kind: String, variant: String) -> String {
    outline.variants.count > 1 ? "\(kind)-\(variant)" : kind
  }

  /// A figure's title, with the variant where there are several.
  private func title(_ text: String, variant: String) -> String {
    outline.variants.count > 1 ? "\(text) · \(variant)" : text
  }

  // MARK: - Kinds

  private func maps(of variant: String) -> [Figure] {
    let rest = "rest: all training corpora but the one that is tested."
    let figureCells = outline.rows.map { row in
      zip(row.trainings, outline.test).map { train, test -> GeneralizationFigure.Cell? in
        guard let train, let cell = cells[variant, train, test] else { return nil }
        let key = ResultCells.Key(variant: variant, train: train, test: test)
        return GeneralizationFigure.Cell(
          value: value(cell, outline.metric), isWithin: outline.isWithin(train, test),
          notes: (outline.leavesOneOut == true ? [rest] : []) + cells.notes(of: key))
      }
    }
    guard figureCells.contains(where: { $0.contains { $0 != nil } }) else { return [] }
    let counts = outline.test.map { test in
      outline.train.compactMap { cells[variant, $0, test]?.utteranceCount }.max() ?? 0
    }
    var figure = GeneralizationFigure(
      name: name("generalization", variant: variant),
      title: title(outline.mapTitle, variant: variant),
      trainings: outline.rows.map(\.name), tests: outline.test, testUtterances: counts,
      cells: figureCells,
      chance: outline.chance, spread: spread)
    figure.metric = outline.metric.title
    // Pooled corpora and the rest of them make one row: there is no other training to compare with.
    return outline.pools == nil
      ? [figure.figure(options), figure.gapFigure(options)] : [figure.figure(options)]
  }

  private func ablation() -> Figure {
    var series: [AblationFigure.Series] = []
    for train in outline.train {
      for test in outline.test {
        let values = outline.variants.map { variant in
          cells[variant, train, test].map { value($0, outline.metric) }
        }
        guard values.contains(where: { $0 != nil }) else { continue }
        series.append(
          AblationFigure.Series(name: outline.cellName(train, test), values: values))
      }
    }
    var figure = AblationFigure(
      name: "ablation", title: outline.title, variants: outline.variants, series: series,
      chance: outline.chance, spread: spread)
    figure.metric = outline.metric.title
    figure.notes = cells.attributedNotes
    return figure.figure(options)
  }

  /// The ablation's second form, where one setting at a time is varied: a figure for each row of the
  /// generalization map.
  private func factors() -> [Figure] {
    guard let factors = outline.factors else { return [] }
    return outline.rows.compactMap { row in
      let series = zip(row.trainings, outline.test).compactMap { train, test in
        train.flatMap { effects.series($0, test) }
      }
      guard !series.isEmpty else { return nil }
      var figure = FactorsFigure(
        name: outline.rows.count > 1 ? "factors-\(row.name)" : "factors",
        title: outline.rows.count > 1 ? "\(outline.title) · \(row.name)" : outline.title,
        factors: factors.map {
          .init(name: $0.name, base: $0.base, levels: $0.levels.map(\.value))
        },
        series: series.map { effects in
          .init(
            name: effects.name, base: value(effects.base, outline.metric),
            effects: effects.differences.map { $0.map { $0.map(Self.effect) } })
        },
        interval: "95 % paired bootstrap over test speakers")
      figure.metric = outline.metric.title
      figure.notes = cells.attributedNotes
      return figure.figure(options)
    }
  }

  private static func effect(_ difference: PairedDifference) -> FactorsFigure.Effect {
    FactorsFigure.Effect(
      difference: difference.difference,
      interval: difference.interval.map { $0.low...$0.high }, parts: difference.parts)
  }

  private func confusion(_ key: ResultCells.Key) -> Figure {
    guard let cell = cells.cells[key] else { preconditionFailure("no cell \(key)") }
    let count = outline.classes.count
    let counts = (0..<count).map { truth in (0..<count).map { cell.confusion[truth, $0] } }
    let isWithin = key.train == key.test
    var figure = ConfusionFigure(
      name: name("confusion-\(key.train)" + (isWithin ? "" : "-\(key.test)"), variant: key.variant),
      title: title(isWithin ? key.train : "\(key.train) → \(key.test)", variant: key.variant),
      classes: outline.classes, counts: counts, uar: value(cell, .uar),
      spread: cell.runs.count > 1 ? spread : "", utterances: cell.utteranceCount)
    figure.notes = cells.notes(of: key)
    return figure.figure(options)
  }

  private func curves() -> [Figure] {
    outline.variants.flatMap { variant in
      outline.train.compactMap { train -> Figure? in
        let key = ResultCells.Key(variant: variant, train: train, test: train)
        guard let histories = cells.histories[key], !histories.isEmpty else { return nil }
        var figure = LearningCurvesFigure(
          name: name("learning-\(train)", variant: variant),
          title: title(train, variant: variant),
          runs: histories.map { history in
            LearningCurvesFigure.Run(
              name: "fold \(history.listing.fold), seed \(history.listing.seed)",
              trainLoss: history.epochs.map(\.trainLoss),
              validationLoss: history.epochs.map(\.validationLoss),
              validationScore: history.epochs.map(\.validationUAR),
              bestEpoch: history.record.bestEpoch)
          })
        figure.notes = cells.notes(variant: variant, corpora: outline.members(of: train))
        return figure.figure(options)
      }
    }
  }

  private func overview() -> Figure {
    var figure = CorporaFigure(
      name: "corpora", title: "Corpora", classes: outline.classes,
      corpora: corpora.map { corpus in
        CorporaFigure.Corpus(
          name: corpus.name, counts: corpus.counts, durationsS: corpus.durationsS,
          speakers: corpus.speakers.count, dropped: corpus.dropped.values.reduce(0, +))
      })
    figure.notes = corpora.flatMap(\.remarks)
    return figure.figure(options)
  }
}
