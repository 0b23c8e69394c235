import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The figures of a report, as values.
struct ReportFigures {
  let cells: ResultCells
  let corpora: [CorpusSummary]
  let effects: FactorEffects
  let contributed: ContributionEffects
  /// The headline of each cell with its interval.
  let headlines: [ResultCells.Key: Estimate]
  /// The variant that validation chooses for each training set.
  let choices: [VariantChoice]

  var spec: ReportSpec { cells.spec }
  var options: FigureOptions { spec.figureOptions }

  /// All figures of the plan that have results.
  func all() -> [Figure] {
    let kinds = FigureKind.allCases.filter(spec.wants)
    // The summary lists figures in this order: those that compare first.
    return (kinds.filter(\.compares) + kinds.filter { !$0.compares }).flatMap(figures)
  }

  private func figures(of kind: FigureKind) -> [Figure] {
    switch kind {
    case .generalization:
      // Its rows are those of the map of methods, one by one.
      spec.leavesOneOut == true && spec.wants(.leaveOneCorpusOut)
        ? [] : spec.test.count > 1 || spec.train.count > 1 ? spec.variants.flatMap(maps) : []
    case .leaveOneCorpusOut: heldOut()
    case .ablation: spec.variants.count > 1 ? [ablation()] + factors() : []
    case .layers: layers()
    case .contributions: contributions()
    case .confusion: cells.keys.map(confusion)
    case .learningCurves: curves()
    case .corpora: [overview()]
    }
  }

  /// A cell's value by the headline's measure.
  func value(_ key: ResultCells.Key) -> PlottedValue? {
    guard let headline = headlines[key] else { return nil }
    return value(key, spec.headline, headline)
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

  /// The test set of some cells, if it is the same for all: `N = 672, 24 speakers`.
  func tested(_ keys: [ResultCells.Key]) -> String {
    let texts = Set(
      keys.map { key in
        let unit = headlines[key]?.interval.map { ", " + ResultWording.basis($0) } ?? ""
        return "N = \(cells.testSets[key]?.utterances ?? 0)\(unit)"
      })
    return texts.count == 1 ? texts.first ?? "" : ""
  }

  /// The kind of the intervals of some cells.
  func interval(_ keys: [ResultCells.Key]) -> String {
    ResultWording.kind(of: keys.compactMap { headlines[$0]?.interval })
  }

  /// The remarks on some cells' intervals and classes.
  func remarks(_ keys: [ResultCells.Key]) -> [String] {
    var remarks = ResultWording.remarks(on: keys.compactMap { headlines[$0] }, isMarked: false)
    let approximate = keys.filter { headlines[$0]?.interval?.isApproximate == true }
    if !approximate.isEmpty {
      var names: [String] = []
      for key in approximate {
        // The variant is named unless all variants of the place are approximate.
        let isWhole = keys.allSatisfy { other in
          (other.train, other.test) != (key.train, key.test) || approximate.contains(other)
        }
        let place = spec.cellName(key.train, key.test)
        let name = isWhole ? place : "\(place) of \(key.variant)"
        if !names.contains(name) { names.append(name) }
      }
      let which = approximate.count == keys.count ? "" : " (\(names.joined(separator: ", ")))"
      remarks.append("Approximate\(which): \(ResultWording.approximate).")
    }
    for key in keys {
      guard let known = cells.references[key],
        let sentence = ResultWording.classes(known, of: spec.classes)
      else { continue }
      let text = "On \(spec.cellName(key.train, key.test)): \(sentence)"
      if !remarks.contains(text) { remarks.append(text) }
    }
    return remarks
  }

  /// Notes as sentences: those on a corpus begin with its name, which may be in lower case.
  func asSentences(_ notes: [String]) -> [String] {
    notes.map { note in
      corpora.contains { note.hasPrefix("\($0.name): ") } ? "Corpus \(note)" : note
    }
  }

  /// A figure's name, with the variant where there are several.
  private func name(_ kind: String, variant: String) -> String {
    spec.variants.count > 1 ? "\(kind)-\(variant)" : kind
  }

  /// A figure's title, with the variant where there are several.
  private func title(_ text: String, variant: String) -> String {
    spec.variants.count > 1 ? "\(text) · \(variant)" : text
  }

  // MARK: - Kinds

  private func maps(of variant: String) -> [Figure] {
    let rest = "Row rest: all training corpora except the tested one."
    var keys: [ResultCells.Key] = []
    let figureCells = spec.rows.map { row in
      zip(row.trainings, spec.test).map { train, test -> GeneralizationFigure.Cell? in
        guard let train else { return nil }
        let key = ResultCells.Key(variant: variant, train: train, test: test)
        guard let value = value(key), let known = cells.references[key],
          let set = cells.testSets[key]
        else { return nil }
        keys.append(key)
        let classes = ResultWording.classes(known, of: spec.classes)
        return GeneralizationFigure.Cell(
          value: value, isWithin: spec.isWithin(train, test),
          tested: .init(
            utterances: set.utterances,
            basis: headlines[key]?.interval.map(ResultWording.bases) ?? [], set: set.digest),
          notes: (spec.leavesOneOut == true ? [rest] : []) + [classes].compactMap(\.self)
            + asSentences(cells.notes(of: key)))
      }
    }
    guard !keys.isEmpty else { return [] }
    var figure = GeneralizationFigure(
      name: name("generalization", variant: variant),
      title: title(spec.mapTitle, variant: variant),
      grid: .init(trainings: spec.rows.map(\.name), tests: spec.test, cells: figureCells),
      interval: interval(keys))
    figure.metric = spec.headline.title
    figure.models = spec.noun(of: variant)
    figure.notes = ResultWording.remarks(on: keys.compactMap { headlines[$0] })
    // Pooled corpora and the rest of them make one row: there is no other training to compare with.
    return spec.pools == nil
      ? [figure.figure(options), figure.gapFigure(options)] : [figure.figure(options)]
  }

  private func ablation() -> Figure {
    var series: [AblationFigure.Series] = []
    var shown: [ResultCells.Key] = []
    let baselines = (spec.baselines ?? []).filter { name in
      cells.baselineKeys.contains { $0.variant == name }
    }
    let rows = spec.variants + baselines
    for train in spec.train {
      let chosen = choices.first { $0.train == train }?.chosen
      for test in spec.test {
        let variants = cells.keys(train: train, test: test)
        guard !variants.isEmpty else { continue }
        let keys =
          variants + cells.baselineKeys.filter { $0.train == train && $0.test == test }
        shown += keys
        series.append(
          AblationFigure.Series(
            name: spec.cellName(train, test), tested: tested(keys),
            values: rows.map { variant in
              value(ResultCells.Key(variant: variant, train: train, test: test))
            }, chosen: chosen.flatMap(spec.variants.firstIndex)))
      }
    }
    var figure = AblationFigure(
      name: "ablation", title: spec.title, variants: rows, series: series,
      interval: interval(shown))
    figure.baselines = baselines.count
    figure.models = spec.noun
    figure.metric = spec.headline.title
    figure.notes = remarks(shown) + asSentences(cells.attributedNotes)
    return figure.figure(options)
  }

  /// The ablation's second form, where one setting at a time is varied: a figure for each row of the
  /// generalization map.
  private func factors() -> [Figure] {
    guard let factors = spec.factors else { return [] }
    return spec.rows.compactMap { row in
      var (series, keys): ([FactorsFigure.Series], [ResultCells.Key]) = ([], [])
      var intervals: [Interval] = []
      for (train, test) in zip(row.trainings, spec.test) {
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
        name: spec.rows.count > 1 ? "factors-\(row.name)" : "factors",
        title: spec.rows.count > 1 ? "\(spec.title) · \(row.name)" : spec.title,
        factors: factors.map {
          .init(name: $0.name, base: $0.base, levels: $0.levels.map(\.value))
        }, series: series, interval: ResultWording.kind(of: intervals, "interval of the difference")
      )
      figure.metric = spec.headline.title
      figure.notes = remarks(keys) + asSentences(cells.attributedNotes(of: keys))
      return figure.figure(options)
    }
  }

  static func effect(_ difference: PairedDifference) -> FactorsFigure.Effect {
    FactorsFigure.Effect(
      difference: difference.difference,
      interval: difference.interval.map { $0.low...$0.high }, parts: difference.parts)
  }

  private func confusion(_ key: ResultCells.Key) -> Figure {
    guard let cell = cells.cells[key] else { preconditionFailure("no cell \(key)") }
    let count = spec.classes.count
    let counts = (0..<count).map { truth in (0..<count).map { cell.confusion[truth, $0] } }
    let isWithin = key.train == key.test
    // The diagonal of a confusion matrix is what UAR averages, even if the headline is another measure.
    let uar =
      spec.headline == .uar ? headlines[key] : cell.headline(.uar, withInterval: true)
    let estimate = uar ?? cell.headline(.uar)
    var figure = ConfusionFigure(
      name: name("confusion-\(key.train)" + (isWithin ? "" : "-\(key.test)"), variant: key.variant),
      title: title(isWithin ? key.train : "\(key.train) → \(key.test)", variant: key.variant),
      matrix: .init(classes: spec.classes, counts: counts, utterances: cell.utteranceCount),
      uar: value(key, .uar, estimate),
      interval: estimate.interval.map { ResultWording.kind(of: [$0]) } ?? "")
    figure.notes = ResultWording.remarks(on: [estimate]) + asSentences(cells.notes(of: key))
    return figure.figure(options)
  }

  private func curves() -> [Figure] {
    spec.networks.flatMap { variant in
      spec.train.compactMap { train -> Figure? in
        let key = ResultCells.Key(variant: variant, train: train, test: train)
        guard let histories = cells.histories[key], !histories.isEmpty else { return nil }
        var figure = LearningCurvesFigure(
          name: name("learning-\(train)", variant: variant),
          title: title(train, variant: variant),
          runs: histories.map { history in
            LearningCurvesFigure.Run(
              name: "fold \(history.name.fold), seed \(history.name.seed)",
              trainLoss: history.epochs.map(\.trainLoss),
              validationLoss: history.epochs.compactMap(\.validationLoss),
              validationScore: history.epochs.compactMap(\.validationUAR),
              bestEpoch: history.record.training.average == nil
                ? history.record.training.bestEpoch : nil)
          })
        figure.notes =
          ResultWording.kept(histories.map(\.record.training))
          + asSentences(cells.notes(variant: variant, corpora: spec.members(of: train)))
        return figure.figure(options)
      }
    }
  }

  private func overview() -> Figure {
    var figure = CorporaFigure(
      name: "corpora", title: "Corpora", classes: spec.classes,
      corpora: corpora.map { corpus in
        CorporaFigure.Corpus(
          name: corpus.name, counts: corpus.counts, durationsS: corpus.durationsS,
          speakers: corpus.speakers.count, dropped: corpus.dropped.values.reduce(0, +))
      })
    // Remarks on folds concern training and scores, which this figure does not show.
    figure.notes = asSentences(
      corpora.flatMap { corpus in
        corpus.remarks.filter { corpus.foldRemarks?.contains($0) != true }
      })
    return figure.figure(options)
  }
}
