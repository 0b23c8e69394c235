/// The panels of a figure of contributions: the same rows, each panel with its own axis.
struct ContributionsPlot {
  let figure: ContributionsFigure
  private let labels: [[String]]
  private let labelMm: Double
  private let panelMm: Double
  private let rowMm: Double

  private static let betweenMm = 3.2
  private static let widestLabel = 0.22
  private static let seriesMm = 1.7
  static let chanceLine = "linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'"

  static func point(_ index: Int) -> String {
    let mark = Palette.mark(index)
    return "pointtype \(mark.shape) pointsize 0.35 * \(Figure.dot) linecolor rgb '\(mark.color)'"
  }

  init(figure: ContributionsFigure, widthMm: Double) {
    self.figure = figure
    labels = figure.rows.map {
      TextStyle.small.wrapped($0, widthMm: widthMm * Self.widestLabel, lines: 3)
    }
    labelMm = labels.joined().map(TextStyle.small.widthMm).max() ?? 0
    let count = Double(figure.panels.count + 1)
    let innerMm = widthMm - 2 * Canvas.marginMm - labelMm - 1.2 - 1
    panelMm = (innerMm - (count - 1) * Self.betweenMm) / count
    let lines = Double(labels.map(\.count).max() ?? 1)
    rowMm = max(
      lines * TextStyle.small.lineMm + 0.7, Double(figure.series.count) * Self.seriesMm + 1.2, 3.6)
  }

  func draw(on canvas: inout Canvas) {
    let titles = ["Alone"] + figure.panels.map(\.title)
    let axes =
      ["\(figure.metric) (%)"] + figure.panels.map { "\(figure.metric) \($0.verb) (points)" }
    let heads = titles.map { TextStyle.label.wrapped($0, widthMm: panelMm, lines: 3) }
    let feet = axes.map { TextStyle.small.wrapped($0, widthMm: panelMm + 2, lines: 2) }
    let headMm = Double(heads.map(\.count).max() ?? 1) * TextStyle.label.lineMm + 0.4
    let top = canvas.yMm + headMm
    let areas = titles.indices.map { index in
      Canvas.Area(
        leftMm: Canvas.marginMm + labelMm + 1.2 + Double(index) * (panelMm + Self.betweenMm),
        topMm: top, widthMm: panelMm, heightMm: rowMm * Double(figure.rows.count))
    }
    for (index, area) in areas.enumerated() {
      name(area, head: heads[index], foot: feet[index], on: &canvas)
    }
    for (index, label) in labels.enumerated() {
      canvas.text(
        label.map { ($0, .small) },
        centeredAt: .init(
          xMm: Canvas.marginMm + labelMm, yMm: top + (Double(index) + 0.5) * rowMm,
          alignment: .right))
    }
    let footMm = Double(feet.map(\.count).max() ?? 1) * TextStyle.small.lineMm
    canvas.yMm = top + rowMm * Double(figure.rows.count) + 3.4 + footMm
    plot(areas, on: &canvas)
  }

  /// Writes the lines above and below a panel.
  private func name(
    _ area: Canvas.Area, head: [String], foot: [String], on canvas: inout Canvas
  ) {
    for (line, text) in head.enumerated() {
      let above = (Double(head.count - line) - 0.5) * TextStyle.label.lineMm
      canvas.text(text, .label, at: .init(xMm: area.leftMm, yMm: area.topMm - 0.4 - above))
    }
    for (line, text) in foot.enumerated() {
      let below = 3.4 + (Double(line) + 0.5) * TextStyle.small.lineMm
      canvas.text(
        text, .small,
        at: .init(
          xMm: area.leftMm + panelMm / 2, yMm: area.bottomMm + below, alignment: .center))
    }
  }

  private func plot(_ areas: [Canvas.Area], on canvas: inout Canvas) {
    axes(areas[0], range: scoreRange, ticks: [], on: &canvas)
    for level in Set(figure.scores.map { Figure.number(100 * $0.chance) }).sorted() {
      canvas.add("set arrow from \(level), graph 0 to \(level), graph 1 nohead \(Self.chanceLine)")
    }
    let scores = figure.series.map { series in
      series.scores.map { value in
        value.map { Dot(value: $0.mean, ends: $0.interval.map { [$0.low, $0.high] }) }
      }
    }
    plot(scores, in: (0, "alone"), range: scoreRange, on: &canvas)
    for (index, panel) in figure.panels.enumerated() {
      let ticks = Ticks.round(in: effectRange, atMost: max(4, Int(panelMm / 5)))
      axes(areas[index + 1], range: effectRange, ticks: ticks, on: &canvas)
      canvas.add("set arrow from 0, graph 0 to 0, graph 1 nohead \(FactorsFigure.baseLine)")
      let dots = panel.effects.map { effects in
        effects.map { effect in
          effect.map { found in
            Dot(
              value: found.difference,
              ends: found.interval.map { [$0.lowerBound, $0.upperBound] })
          }
        }
      }
      plot(dots, in: (index + 1, panel.verb), range: effectRange, on: &canvas)
    }
  }

  // MARK: - Axes

  private func axes(
    _ area: Canvas.Area, range: ClosedRange<Double>, ticks: [Double], on canvas: inout Canvas
  ) {
    let count = figure.rows.count
    canvas.place(area)
    canvas.add("set xrange [\(Figure.number(range.lowerBound)):\(Figure.number(range.upperBound))]")
    canvas.add("set yrange [\(count).5:0.5]")
    canvas.add("set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1")
    let places =
      ticks.isEmpty
      ? Ticks.round(in: range, atMost: max(4, Int(panelMm / 5))).map {
        "'\(Figure.number($0))' \(Figure.number($0))"
      }
      : ticks.map { value in
        let sign = abs(value) < 1e-9 ? "" : value < 0 ? "−" : "+"
        let size = Figure.number(abs(value) < 1e-9 ? 0 : abs(value))
        return "'\(sign)\(size)' \(Figure.number(value))"
      }
    canvas.add(
      "set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (\(places.joined(separator: ", ")))")
    canvas.add(
      "do for [i = 2:\(count):2] { set object rectangle from graph 0, first i - 0.5 "
        + "to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }")
    if !figure.sets.isEmpty {
      let row = "\(figure.groups.count).5"
      canvas.add(
        "set arrow from graph 0, first \(row) to graph 1, first \(row) nohead "
          + "linewidth 0.75 linecolor rgb '#808080'")
    }
  }

  /// The range of the scores, their bars and chance with some air.
  private var scoreRange: ClosedRange<Double> {
    let reach = figure.scores.flatMap { value -> [Double] in
      [value.mean, value.chance].filter(\.isFinite)
        + (value.interval.map { [$0.low, $0.high] } ?? [])
    }
    let (low, high) = (100 * (reach.min() ?? 0), 100 * (reach.max() ?? 1))
    let air = max(0.05 * (high - low), 1)
    return low - air...high + air
  }

  /// The range of all differences, so that a millimeter is as much in each panel; none is always in it.
  private var effectRange: ClosedRange<Double> {
    let reach =
      figure.effects.flatMap { effect -> [Double] in
        [effect.difference] + (effect.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
      } + [0]
    let (low, high) = (100 * (reach.min() ?? 0), 100 * (reach.max() ?? 0))
    let air = max(0.06 * (high - low), 0.5)
    return low - air...high + air
  }

  // MARK: - Marks

  /// A value and the ends of its interval, in fractions of 1.
  private struct Dot {
    var value: Double
    var ends: [Double]?
  }

  /// Plots the dots of each series in a panel, by whose name its blocks are called.
  private func plot(
    _ dots: [[Dot?]], in panel: (index: Int, name: String), range: ClosedRange<Double>,
    on canvas: inout Canvas
  ) {
    let blank = panel.index < figure.blanks.count ? figure.blanks[panel.index] : []
    // The series of a group share 72 % of its row, so that rows stay apart.
    let share = 0.72 / Double(max(dots.count, 1))
    var layers = [Canvas.emptyLayer]
    for (index, series) in dots.enumerated() {
      var shown = Figure.Block(
        "\(panel.name)\(index + 1)", columns: ["row", "value", "low", "high"])
      var missing = Figure.Block("\(panel.name)-missing\(index + 1)", columns: ["row"])
      for (row, dot) in series.enumerated() {
        let height = Double(row + 1) + (Double(index) - Double(dots.count - 1) / 2) * share
        let remark = "\(figure.series[index].name): \(figure.rows[row])"
        if let dot, dot.value.isFinite {
          let ends = dot.ends ?? [.nan, .nan]
          shown.append([height] + ([dot.value] + ends).map { 100 * $0 }, remark)
        } else if !blank.contains(row) {
          missing.append([height], remark)
        }
      }
      let color = Palette.mark(index).color
      if !shown.rows.isEmpty {
        let data = canvas.add(shown)
        // Without an interval there is no row, or gnuplot would draw a bar to the edge.
        let bars = shown.using("{value}:(${low} < ${high} ? ${row} : NaN):{low}:{high}")
        layers.append(
          "\(data) using \(bars) with xerrorbars pointtype 0 linewidth 1 linecolor rgb '\(color)'")
        layers.append(
          "\(data) using \(shown.using("{value}:{row}")) with points \(Self.point(index))")
      }
      if !missing.rows.isEmpty {
        layers.append(canvas.dashes(missing, row: "row", range: range, color: color))
      }
    }
    canvas.plot(layers)
  }
}
