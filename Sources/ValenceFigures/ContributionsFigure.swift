import ValenceCore

/// What each group of features adds: a row for each group.
///
/// A panel has its score alone, others have what is gained when it is added first and lost when it is left out
/// last.
package struct ContributionsFigure: Hashable, Sendable {
  /// A panel of differences.
  package struct Panel: Hashable, Sendable {
    /// `Added to mel`.
    package var title: String
    /// What the axis says behind the score's name: `gained`.
    package var verb: String
    /// By series, then by group; nil where there is none to show.
    package var effects: [[FactorsFigure.Effect?]]

    /// Gathers a panel; see the properties.
    package init(title: String, verb: String, effects: [[FactorsFigure.Effect?]]) {
      self.title = title
      self.verb = verb
      self.effects = effects
    }
  }

  /// The scores on one corpus, or pair of corpora.
  package struct Series: Hashable, Sendable {
    /// For example `ravdess` or `ravdess → emovo`.
    package var name: String
    /// The test set, for example `N = 672, 24 speakers`; empty where it is not the same for all.
    package var tested: String
    /// By row: the groups alone, then the sets of several groups; nil where there is no result.
    package var scores: [PlottedValue?]

    /// Gathers a series; see the properties.
    package init(name: String, tested: String, scores: [PlottedValue?]) {
      self.name = name
      self.tested = tested
      self.scores = scores
    }
  }

  /// The stem of the files' names.
  package var name: String
  /// The question of the experiment.
  package var title: String
  /// The score's name, for example `UAR`.
  package var metric = "UAR"
  /// The groups from top to bottom.
  package var groups: [String]
  /// The sets of several groups below them, of which there is a score alone: `all`.
  package var sets: [String]
  package var series: [Series]
  /// The panels beside that of the scores.
  package var panels: [Panel]
  /// By panel, that of the scores first: the rows that no variant is for, which stay blank.
  package var blanks: [Set<Int>] = []
  /// The kind of the scores' intervals, for example `95 % interval over test speakers`.
  package var interval: String
  /// That of the differences.
  package var differenceInterval: String
  /// Notes on the results, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  ///
  /// Every series must match the groups and sets, every panel the series and groups.
  package init(
    name: String, title: String, rows: (groups: [String], sets: [String]),
    results: (series: [Series], panels: [Panel]), intervals: (scores: String, differences: String)
  ) {
    let (groups, sets) = rows
    let (series, panels) = results
    precondition(
      series.allSatisfy { $0.scores.count == groups.count + sets.count },
      "scores of \(series.map(\.scores.count)) under \(groups.count) + \(sets.count) rows")
    precondition(
      panels.allSatisfy { $0.effects.map(\.count) == series.map { _ in groups.count } },
      "effects of \(panels.map { $0.effects.map(\.count) }) under \(groups.count) groups")
    self.name = name
    self.title = title
    (self.groups, self.sets) = (groups, sets)
    (self.series, self.panels) = (series, panels)
    (interval, differenceInterval) = intervals
  }

  /// Draws the groups from top to bottom, the panels beside each other.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["\(metric) by group of features"])
    canvas.legend(legend)
    canvas.yMm += 1
    ContributionsPlot(figure: self, widthMm: canvas.widthMm).draw(on: &canvas)
    canvas.caption([caption] + notes)
    return canvas.figure(named: name)
  }

  /// All rows.
  var rows: [String] { groups + sets }

  /// The scores that there are numbers for.
  var scores: [PlottedValue] {
    series.flatMap(\.scores).compactMap { $0 }.filter(\.mean.isFinite)
  }

  /// The differences that there are numbers for.
  var effects: [FactorsFigure.Effect] {
    panels.flatMap { $0.effects.joined() }.compactMap { $0 }.filter(\.difference.isFinite)
  }

  private var hasOneChance: Bool { Set(scores.map { NumberText.percent($0.chance) }).count < 2 }

  private var legend: [Canvas.LegendEntry] {
    let marks = series.enumerated().map { index, series in
      let values = series.scores.compactMap { $0 }
      let models = values.map(\.networks)
      let facts = [
        series.tested,
        models.isEmpty ? "" : "n = \(NumberText.range(models)) models a score",
        hasOneChance ? "" : "chance \(PlottedValue.chanceText(values))",
      ]
      return Canvas.LegendEntry(
        text: "\(series.name) (\(facts.filter { !$0.isEmpty }.joined(separator: ", ")))",
        point: ContributionsPlot.point(index))
    }
    let chance = hasOneChance ? "chance \(PlottedValue.chanceText(scores))" : "chance"
    return marks + [Canvas.LegendEntry(text: chance, line: ContributionsPlot.chanceLine)]
  }

  private var caption: String {
    var text = "Alone: mean"
    if scores.contains(where: { $0.interval != nil }) { text += "; bars: \(interval)" }
    text += "."
    if !panels.isEmpty {
      text +=
        " \(Wording.list(panels.map(\.title))): \(metric) with the group minus \(metric) without it"
      if effects.contains(where: { $0.interval != nil }) {
        text += "; bars: \(differenceInterval), not corrected for the number of comparisons"
      }
      text += "."
    }
    let hasBar = scores.map { $0.interval != nil } + effects.map { $0.interval != nil }
    if hasBar.contains(false) { text += " No bar: no interval." }
    let asked =
      rows.count * (panels.count + 1) - panels.count * sets.count
      - blanks.reduce(0) { $0 + $1.count }
    if hasBar.count < asked * series.count { text += " Dash: no result." }
    return text
  }
}
