import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The figures of a report, as values.
struct ReportFigures {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects
  /// The headline of each cell with its interval.
  let headlines: [ResultCells.Key: Estimate]
  /// Which variant validation chooses, for each training set.
  let choices: [VariantChoice]

  private var outline: Outline { cells.outline }
  private var options: FigureOptions { outline.figureOptions }

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

  /// A cell's value by the headline's measure.
  private func value(_ key: ResultCells.Key) -> PlottedValue? {
    guard let headline = headlines[key] else { return nil }
    return value(key, outline.headline, headline)
  }

  private func value(
    _ key: ResultCells.Key, _ metric: MetricName, _ estimate: Estimate
  ) -> PlottedValue {
    PlottedValue(
      mean: estimate.mean,
      interval: estimate.interval.map {
        .init(low: $0.low, high: $0.high, isApproximate: $0.isApproximate)
      },
      networks: cells.cells[key]?.runs.count ?? 0,
      chance: cells.references[key]?.chance(metric) ?? .nan)
  }

  /// What some cells score, where it is the same for all: `N = 672, 24 speakers`.
  private func tested(_ keys: [ResultCells.Key]) -> String {
    let texts = Set(
      keys.map { key in
        let unit = headlines[key]?.interval.map { ", " + ResultWording.basis($0) } ?? ""
        return "N = \(cells.testSets[key]?.utterances ?? 0)\(unit)"
      })
    return texts.count == 1 ? texts.first ?? "" : ""
  }

  /// What the intervals of some cells are.
  private func interval(_ keys: [ResultCells.Key]) -> String {
    ResultWording.kind(of: keys.compactMap { headlines[$0]?.interval })
  }

  /// What must be said of some cells' intervals and classes.
  private func remarks(_ keys: [ResultCells.Key]) -> [String] {
    var remarks = ResultWording.remarks(on: keys.compactMap { headlines[$0] }, isMarked: false)
    let approximate = keys.filter { headlines[$0]?.interval?.isApproximate == true }
    if !approximate.isEmpty {
      var names: [String] = []
      for key in approximate {
        // Where only some variants of a place are, they are named too.
        let isWhole = keys.allSatisfy { other in
          (other.train, other.test) != (key.train, key.test) || approximate.contains(other)
        }
        let place = outline.cellName(key.train, key.test)
        let name = isWhole ? place : "\(place) of \(key.variant)"
        if !names.contains(name) { names.append(name) }
      }
      let which = approximate.count == keys.count ? "" : " (\(names.joined(separator: ", ")))"
      remarks.append("Approximate\(which): \(ResultWording.approximate).")
    }
    for key in keys {
      guard let known = cells.references[key],
        let sentence = ResultWording.classes(known, of: outline.classes)
      else { continue }
      let text = "On \(outline.cellName(key.train, key.test)): \(sentence)"
      if !remarks.contains(text) { remarks.append(text) }
    }
    return remarks
  }

  /// Notes as sentences of their own: those on a corpus begin with its name, which may be in small letters.
  private func asSentences(_ notes: [String]) -> [String] {
    notes.map { note in
      corpora.contains { note.hasPrefix("\($0.name): ") } ? "Corpus \(note)" : note
    }
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
    let rest = "Row rest: all training corpora but the one that is tested."
    var keys: [ResultCells.Key] = []
    let figureCells = outline.rows.map { row in
      zip(row.trainings, outline.test).map { train, test -> GeneralizationFigure.Cell? in
        guard let train else { return nil }
        let key = ResultCells.Key(variant: variant, train: train, test: test)
        guard let value = value(key), let known = cells.references[key],
          let set = cells.testSets[key]
        else { return nil }
        keys.append(key)
        let classes = ResultWording.classes(known, of: outline.classes)
        return GeneralizationFigure.Cell(
          value: value, isWithin: outline.isWithin(train, test),
          tested: .init(
            utterances: set.utterances,
            basis: headlines[key]?.interval.map(ResultWording.bases) ?? [], set: set.digest),
          notes: (outline.leavesOneOut == true ? [rest] : []) + [classes].compactMap(\.self)
            + asSentences(cells.notes(of: key)))
      }
    }
    guard !keys.isEmpty else { return [] }
    var figure = GeneralizationFigure(
      name: name("generalization", variant: variant),
      title: title(outline.mapTitle, variant: variant),
      grid: .init(trainings: outline.rows.map(\.name), tests: outline.test, cells: figureCells),
      interval: interval(keys))
    figure.metric = outline.headline.title
    figure.notes = ResultWording.remarks(on: keys.compactMap { headlines[$0] })
    // Pooled corpora and the rest of them make one row: there is no other training to compare with.
    return outline.pools == nil
      ? [figure.figure(options), figure.gapFigure(options)] : [figure.figure(options)]
  }

  private func ablation() -> Figure {
    var series: [AblationFigure.Series] = []
    var shown: [ResultCells.Key] = []
    for train in outline.train {
      let chosen = choices.first { $0.train == train }?.chosen
      for test in outline.test {
        let keys = cells.keys(train: train, test: test)
        guard !keys.isEmpty else { continue }
        shown += keys
        series.append(
          AblationFigure.Series(
            name: outline.cellName(train, test), tested: tested(keys),
            values: outline.variants.map { variant in
              value(ResultCells.Key(variant: variant, train: train, test: test))
            }, chosen: chosen.flatMap(outline.variants.firstIndex)))
      }
    }
    var figure = AblationFigure(
      name: "ablation", title: outline.title, variants: outline.variants, series: series,
      interval: interval(shown))
    figure.metric = outline.headline.title
    figure.notes = remarks(shown) + asSentences(cells.attributedNotes)
    return figure.figure(options)
  }

  /// The ablation's second form, where one setting at a time is varied: a figure for each row of the
  /// generalization map.
  private func factors() -> [Figure] {
    guard let factors = outline.factors else { return [] }
    return outline.rows.compactMap { row in
      var (series, keys): ([FactorsFigure.Series], [ResultCells.Key]) = ([], [])
      var intervals: [Interval] = []
      for (train, test) in zip(row.trainings, outline.test) {
        guard let train, let effects = effects.series(train, test),
          let key = cells.keys(train: train, test: test).first, let base = value(key)
        else { continue }
        keys.append(key)
        intervals += effects.differences.joined().compactMap { $0?.interval }
        series.append(
          .init(
            name: effects.name, base: base, tested: tested([key]),
            effects: effects.differences.map { $0.map { $0.map(Self.effect) } }))
      }
      guard !series.isEmpty else { return nil }
      var figure = FactorsFigure(
        name: outline.rows.count > 1 ? "factors-\(row.name)" : "factors",
        title: outline.rows.count > 1 ? "\(outline.title) · \(row.name)" : outline.title,
        factors: factors.map {
          .init(name: $0.name, base: $0.base, levels: $0.levels.map(\.value))
        }, series: series, interval: ResultWording.kind(of: intervals, "interval of the difference")
      )
      figure.metric = outline.headline.title
      figure.notes = remarks(keys) + asSentences(cells.attributedNotes(of: keys))
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
    // The diagonal of a confusion matrix is what UAR averages, whatever the headline is.
    let uar =
      outline.headline == .uar ? headlines[key] : cell.headline(.uar, withInterval: true)
    let estimate = uar ?? cell.headline(.uar)
    var figure = ConfusionFigure(
      name: name("confusion-\(key.train)" + (isWithin ? "" : "-\(key.test)"), variant: key.variant),
      title: title(isWithin ? key.train : "\(key.train) → \(key.test)", variant: key.variant),
      matrix: .init(classes: outline.classes, counts: counts, utterances: cell.utteranceCount),
      uar: value(key, .uar, estimate),
      interval: estimate.interval.map { ResultWording.kind(of: [$0]) } ?? "")
    figure.notes = ResultWording.remarks(on: [estimate]) + asSentences(cells.notes(of: key))
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
        figure.notes = asSentences(
          cells.notes(variant: variant, corpora: outline.members(of: train)))
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
    // Remarks on folds are about training and scores, of which this figure shows nothing.
    figure.notes = asSentences(
      corpora.flatMap { corpus in
        corpus.remarks.filter { corpus.foldRemarks?.contains($0) != true }
      })
    return figure.figure(options)
  }
}
