import ValenceCore

/// The effect of changing one setting at a time: differences from the base with their intervals, a row for
/// each value, rows grouped by setting.
package struct FactorsFigure: Hashable, Sendable {
  /// A setting that is varied alone.
  package struct Factor: Hashable, Sendable {
    package var name: String
    /// The value that the base has.
    package var base: String
    /// The other values.
    package var levels: [String]

    /// Describes a factor; see the properties.
    package init(name: String, base: String, levels: [String]) {
      self.name = name
      self.base = base
      self.levels = levels
    }
  }

  /// By how much a variant's score is above the base's, in fractions of 1.
  package struct Effect: Hashable, Sendable {
    /// The difference of the means.
    package var difference: Double
    /// The ends of its interval, if one could be made.
    package var interval: ClosedRange<Double>?
    /// The differences that the mean is over, a pair of networks (or seeds) each.
    package var parts: [Double]

    /// Notes an effect; see the properties.
    package init(difference: Double, interval: ClosedRange<Double>?, parts: [Double]) {
      self.difference = difference
      self.interval = interval
      self.parts = parts
    }
  }

  /// The effects on one corpus, or pair of corpora.
  package struct Series: Hashable, Sendable {
    /// For example `ravdess` or `ravdess → emovo`.
    package var name: String
    /// The score of the base.
    package var base: PlottedValue
    /// The test set, for example `N = 672, 24 speakers`; empty where it is not known.
    package var tested: String
    /// For each factor, for each of its levels, the effect; nil where there is none to show.
    package var effects: [[Effect?]]

    /// Gathers a series; see the properties.
    package init(name: String, base: PlottedValue, tested: String, effects: [[Effect?]]) {
      self.name = name
      self.base = base
      self.tested = tested
      self.effects = effects
    }
  }

  /// The stem of the files' names; see `Figure.name`.
  package var name: String
  /// The question of the experiment.
  package var title: String
  /// The score's name, for example `UAR`.
  package var metric = "UAR"
  /// The factors from top to bottom.
  package var factors: [Factor]
  /// The effects, as many for each factor as it has levels.
  package var series: [Series]
  /// The kind of the intervals, for example `95 % interval of the difference over test speakers`.
  package var interval: String
  /// Notes on the results, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  ///
  /// Every series must match the factors and their levels.
  package init(
    name: String, title: String, factors: [Factor], series: [Series], interval: String
  ) {
    let levels = factors.map(\.levels.count)
    precondition(
      series.allSatisfy { $0.effects.map(\.count) == levels },
      "effects of \(series.map { $0.effects.map(\.count) }) under levels of \(levels)")
    self.name = name
    self.title = title
    self.factors = factors
    self.series = series
    self.interval = interval
  }

  /// Draws the factors from top to bottom, the difference to the right.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["Effect of single settings on \(metric)"])
    canvas.legend(legend)
    canvas.yMm += 1
    let rows = RowLayout(self, widthMm: options.column.widthMm)
    let left = Canvas.marginMm + rows.nameMm + rows.levelMm + 2.6
    let area = Canvas.Area(
      leftMm: left, topMm: canvas.yMm, widthMm: canvas.widthMm - Canvas.marginMm - 2 - left,
      heightMm: rows.heightMm)
    rows.draw(on: &canvas, area: area)
    canvas.yMm = area.bottomMm + 3.4
    canvas.text(
      axisTitle, .label,
      at: .init(
        xMm: min(
          area.leftMm + area.widthMm / 2,
          canvas.widthMm - Canvas.marginMm - TextStyle.label.widthMm(axisTitle) / 2),
        yMm: canvas.yMm + TextStyle.label.lineMm / 2, alignment: .center))
    canvas.yMm += TextStyle.label.lineMm
    plot(on: &canvas, area: area, rows: rows)
    canvas.caption([caption] + notes)
    return canvas.figure(named: name)
  }

  private var axisTitle: String { "\(metric) minus that of the base (percentage points)" }

  /// The effects that there are numbers for.
  var shown: [Effect] {
    series.flatMap { $0.effects.joined() }.compactMap { $0 }.filter(\.difference.isFinite)
  }

  private var legend: [Canvas.LegendEntry] {
    let marks = series.enumerated().map { index, series in
      let facts = [
        "base \(NumberText.percent(series.base.mean)) %",
        "chance \(NumberText.percent(series.base.chance)) %", series.tested,
      ]
      return Canvas.LegendEntry(
        text: "\(series.name) (\(facts.filter { !$0.isEmpty }.joined(separator: ", ")))",
        point: Self.point(index))
    }
    return marks + [Canvas.LegendEntry(text: "base", line: Self.baseLine)]
  }

  private var caption: String {
    let hasBars = shown.contains { $0.interval != nil }
    var text = "Marks: difference of the means"
    if hasBars { text += "; bars: \(interval)" }
    if shown.contains(where: { $0.parts.count > 1 }) { text += "; ticks: single seeds or networks" }
    text += "."
    if hasBars { text += " Intervals are not corrected for the number of comparisons." }
    if shown.contains(where: { $0.interval == nil }) {
      text += " No bar: no interval."
    }
    if shown.count < series.reduce(0, { $0 + $1.effects.joined().count }) {
      text += " Dash: no result."
    }
    return text
  }

  static let baseLine = "linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'"

  static func point(_ index: Int) -> String {
    let mark = Palette.mark(index)
    return "pointtype \(mark.shape) pointsize 0.4 * \(Figure.dot) linecolor rgb '\(mark.color)'"
  }
}
