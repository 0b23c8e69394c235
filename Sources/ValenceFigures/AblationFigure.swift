import ValenceCore

/// The scores of the variants of an experiment: dots with error bars, a row for each variant.
package struct AblationFigure: Hashable, Sendable {
  /// The scores of all variants on one corpus, or pair of corpora.
  package struct Series: Hashable, Sendable {
    /// For example `ravdess` or `ravdess → emovo`.
    package var name: String
    /// The test set, for example `N = 672, 24 speakers`; empty where it is not the same for all.
    package var tested: String
    /// As many as there are variants; nil where there is no result.
    package var values: [PlottedValue?]
    /// The variant that validation chooses, by its position; nil where it chooses none.
    package var chosen: Int?

    /// Gathers a series; see the properties.
    package init(name: String, tested: String, values: [PlottedValue?], chosen: Int? = nil) {
      self.name = name
      self.tested = tested
      self.values = values
      self.chosen = chosen
    }
  }

  /// The stem of the files' names.
  package var name: String
  /// The comparison.
  package var title: String
  /// The score's name, for example `UAR`.
  package var metric = "UAR"
  /// What the scored models are called.
  package var models = ModelNoun.network
  /// The variants in the plan's order, which is the figure's from top to bottom.
  package var variants: [String]
  /// How many of the last variants are baselines, which a line sets apart.
  package var baselines = 0
  /// The scores, grouped.
  package var series: [Series]
  /// The kind of the bars, for example `95 % interval over test speakers`.
  package var interval: String
  /// Notes on the results, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  ///
  /// Every series must match the variants.
  package init(
    name: String, title: String, variants: [String], series: [Series], interval: String
  ) {
    precondition(
      series.allSatisfy { $0.values.count == variants.count },
      "series of \(series.map(\.values.count)) under \(variants.count) variants")
    self.name = name
    self.title = title
    self.variants = variants
    self.series = series
    self.interval = interval
  }

  /// Draws the variants from top to bottom, the score to the right.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["\(metric) by variant"])
    canvas.legend(legend)
    canvas.yMm += 1
    let labels = variants.map {
      TextStyle.small.wrapped($0, widthMm: options.column.widthMm * Self.widestLabel, lines: 3)
    }
    let labelMm = labels.joined().map(TextStyle.small.widthMm).max() ?? 0
    let lines = Double(labels.map(\.count).max() ?? 1)
    let rowMm = max(
      lines * TextStyle.small.lineMm + 0.7, Double(series.count) * seriesMm + 1.2, 3.6)
    let left = Canvas.marginMm + labelMm + 1.2
    let area = Canvas.Area(
      leftMm: left, topMm: canvas.yMm, widthMm: canvas.widthMm - Canvas.marginMm - 2 - left,
      heightMm: rowMm * Double(max(variants.count, 1)))
    for (index, label) in labels.enumerated() {
      canvas.text(
        label.map { ($0, .small) },
        centeredAt: .init(
          xMm: left - 1.2, yMm: area.topMm + (Double(index) + 0.5) * rowMm, alignment: .right))
    }
    canvas.yMm = area.bottomMm + 3.4
    canvas.text(
      "\(metric) (%)", .label,
      at: .init(
        xMm: area.leftMm + area.widthMm / 2, yMm: canvas.yMm + TextStyle.label.lineMm / 2,
        alignment: .center))
    canvas.yMm += TextStyle.label.lineMm
    plot(on: &canvas, area: area)
    canvas.caption([caption] + notes)
    return canvas.figure(named: name)
  }

  private static let widestLabel = 0.42

  /// The distance of a row's dots: less where the figure would not fit a page.
  private var seriesMm: Double {
    min(1.7, max(1.1, 190 / Double(max(1, variants.count * series.count))))
  }

  private var values: [PlottedValue] {
    series.flatMap(\.values).compactMap { $0 }.filter(\.mean.isFinite)
  }

  private var legend: [Canvas.LegendEntry] {
    let points = series.enumerated().map { index, series in
      let facts = [series.tested, hasOneChance ? "" : "chance \(Self.chanceText(series))"]
        .filter { !$0.isEmpty }.joined(separator: ", ")
      return Canvas.LegendEntry(
        text: facts.isEmpty ? series.name : "\(series.name) (\(facts))", point: Self.point(index))
    }
    let chance = hasOneChance ? "chance \(PlottedValue.chanceText(values))" : "chance"
    return points + (series.contains { $0.chosen != nil } ? [Self.chosenEntry] : [])
      + [Canvas.LegendEntry(text: chance, line: hasOneChance ? Self.chanceLine : Self.chanceMark)]
  }

  private static let chosenEntry = Canvas.LegendEntry(
    text: "chosen by validation", point: "\(ring) linecolor rgb '#000000'")

  private static func chanceText(_ series: Series) -> String {
    PlottedValue.chanceText(series.values.compactMap { $0 })
  }

  /// Whether the chance level is the same everywhere, as the figure shows it.
  private var hasOneChance: Bool {
    Set(values.map { NumberText.percent($0.chance) }).count < 2
  }

  private var caption: String {
    let networks = values.map(\.networks)
    var text = "Dots: mean"
    if values.contains(where: { $0.interval != nil }) { text += "; bars: \(interval)" }
    if !networks.isEmpty {
      text +=
        "; n = \(NumberText.range(networks)) \(models.plural)\(Set(networks).count == 1 ? " each" : "")"
    }
    text += "."
    if values.contains(where: { $0.interval == nil }) { text += " No bar: no interval." }
    if values.count < variants.count * series.count { text += " Dash: no result." }
    return text
  }

  private static let chanceLine = "linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'"

  /// The mark of a chance level that is not the same everywhere: a short line in each row of each series.
  private static let chanceMark = "linewidth 1.5 dashtype 1 linecolor rgb '#4d4d4d'"

  /// Around the dot of the variant that validation chooses.
  private static let ring = "pointtype 6 pointsize 0.75 * \(Figure.dot) linewidth 1.2"

  private static func point(_ index: Int) -> String {
    let mark = Palette.mark(index)
    return "pointtype \(mark.shape) pointsize 0.35 * \(Figure.dot) linecolor rgb '\(mark.color)'"
  }

  /// The range of the scores, their bars and chance with some air.
  private var range: ClosedRange<Double> {
    let reach = values.flatMap { value in
      [value.mean, value.chance] + (value.interval.map { [$0.low, $0.high] } ?? [])
    }
    let low = 100 * (reach.min() ?? 0)
    let high = 100 * (reach.max() ?? 1)
    let air = max(0.05 * (high - low), 1)
    return max(low - air, min(low, 0))...min(high + air, max(high, 100))
  }

  private func plot(on canvas: inout Canvas, area: Canvas.Area) {
    let last = max(variants.count, 1)
    canvas.place(area)
    canvas.add("set xrange [\(Figure.number(range.lowerBound)):\(Figure.number(range.upperBound))]")
    canvas.add("set yrange [\(last).5:0.5]")
    canvas.add("set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1")
    canvas.add("set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'")
    canvas.add(
      "do for [i = 2:\(last):2] { set object rectangle from graph 0, first i - 0.5 "
        + "to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }")
    if (1..<last).contains(baselines) {
      let row = "\(last - baselines).5"
      canvas.add(
        "set arrow from graph 0, first \(row) to graph 1, first \(row) nohead "
          + "linewidth 0.75 linecolor rgb '#808080'")
    }
    if hasOneChance, let chance = values.first.map({ Figure.number(100 * $0.chance) }) {
      canvas.add(
        "set arrow from \(chance), graph 0 to \(chance), graph 1 nohead \(Self.chanceLine)")
    }
    var layers = [Canvas.emptyLayer]
    for (index, series) in series.enumerated() {
      layers += self.layers(of: series, index, on: &canvas)
    }
    canvas.plot(layers)
  }

  private func layers(
    of series: Series, _ index: Int, on canvas: inout Canvas
  ) -> [String] {
    // The series of a variant share 72 % of its row, so that rows stay apart.
    let share = 0.72 / Double(max(self.series.count, 1))
    let shift = (Double(index) - Double(self.series.count - 1) / 2) * share
    var block = Figure.Block(
      "series\(index + 1)", columns: ["row", "percent", "low", "high", "networks", "chance"])
    var chosen = Figure.Block("chosen\(index + 1)", columns: ["row", "percent"])
    var missing = Figure.Block("missing\(index + 1)", columns: ["row"])
    for (row, value) in series.values.enumerated() {
      let remark = "\(series.name): \(variants[row])"
      let height = Double(row + 1) + shift
      if let value, value.mean.isFinite {
        let ends = value.interval.map { [$0.low, $0.high] } ?? [value.mean, value.mean]
        block.append(
          [height, 100 * value.mean] + ends.map { 100 * $0 }
            + [Double(value.networks), 100 * value.chance], remark)
        if row == series.chosen { chosen.append([height, 100 * value.mean], remark) }
      } else {
        missing.append([height], remark)
      }
    }
    let rgb = Palette.mark(index).color
    var layers: [String] = []
    if !block.rows.isEmpty { layers += scores(block, index, height: share, on: &canvas) }
    if !chosen.rows.isEmpty {
      let using = chosen.using("{percent}:{row}")
      layers.append(
        "\(canvas.add(chosen)) using \(using) with points \(Self.ring) linecolor rgb '\(rgb)'")
    }
    if !missing.rows.isEmpty {
      layers.append(canvas.dashes(missing, row: "row", range: range, color: rgb))
    }
    return layers
  }

  /// The layers of a series' scores: chance where it differs by row, bars, points.
  private func scores(
    _ block: Figure.Block, _ index: Int, height share: Double, on canvas: inout Canvas
  ) -> [String] {
    let name = canvas.add(block)
    var layers: [String] = []
    if !hasOneChance {
      let half = Figure.number(share / 2)
      let using = block.using("{chance}:(${row} - \(half)):(0):(2 * \(half))")
      layers.append("\(name) using \(using) with vectors nohead \(Self.chanceMark)")
    }
    // Without an interval the caps of a bar of no length would look like a very narrow one. Its row is taken
    // out: of an end that is no number gnuplot draws a bar to the edge.
    let row =
      series[index].values.contains { $0?.interval == nil }
      ? "(${low} < ${high} ? ${row} : NaN)" : "{row}"
    let bars = block.using("{percent}:\(row):{low}:{high}")
    layers.append(
      "\(name) using \(bars) with xerrorbars pointtype 0 linewidth 1 linecolor rgb "
        + "'\(Palette.mark(index).color)'")
    layers.append(
      "\(name) using \(block.using("{percent}:{row}")) with points \(Self.point(index))")
    return layers
  }
}
