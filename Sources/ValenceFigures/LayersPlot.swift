import ValenceCore

/// The axes and marks of a layer curve's panels.
struct LayersPlot {
  let figure: LayersFigure
  let layout: LayersLayout

  static let chosenEntry = Canvas.LegendEntry(
    text: "chosen by validation", point: "\(ring) linecolor rgb '#000000'")
  static let chanceLine = "linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'"
  private static let ring = "pointtype 6 pointsize 0.75 * \(Figure.dot) linewidth 1.2"
  private static let heightMm = 38.0

  static func point(_ mark: Int) -> String {
    let mark = Palette.mark(mark)
    return "pointtype \(mark.shape) pointsize 0.35 * \(Figure.dot) linecolor rgb '\(mark.color)'"
  }

  /// Draws panels beside each other below the flow, the first of them number `first` of `count`.
  func draw(
    _ row: [LayersLayout.Panel], from first: Int, of count: Int, on canvas: inout Canvas
  ) {
    let top = canvas.yMm
    var bottom = top
    // The panels of a row have their axes at one height, below the tallest of their heads.
    let heads = row.map(headMm).max() ?? 0
    for (place, panel) in row.enumerated() {
      let left =
        Canvas.marginMm + Double(place) * (layout.panelMm + LayersLayout.betweenMm)
        + LayersLayout.scaleMm
      head(of: panel, leftMm: left, topMm: top, on: &canvas)
      let area = Canvas.Area(
        leftMm: left, topMm: top + heads + 0.8, widthMm: layout.widthMm, heightMm: Self.heightMm)
      // Where no panel is below, the axis has a title.
      let isLast = first + place + layout.columns >= count
      names(area, isFirst: place == 0, isLast: isLast, on: &canvas)
      axes(area, of: panel, on: &canvas)
      plot(panel, number: first + place + 1, on: &canvas)
      bottom = max(bottom, area.bottomMm + belowMm(isLast: isLast))
    }
    canvas.yMm = bottom
  }

  /// The lines above a panel's axes, each with the mark before it.
  private func headLines(_ panel: LayersLayout.Panel) -> [(text: String, point: String?)] {
    let title = figure.heading(panel)
    let wrapped = TextStyle.label.wrapped(title, widthMm: layout.widthMm)
    let titles = title.isEmpty ? [] : wrapped.map { (text: $0, point: String?.none) }
    guard !layout.hasOneLegend else { return titles }
    return titles
      + figure.entries(panel).flatMap { entry in
        TextStyle.small.wrapped(entry.text, widthMm: layout.widthMm - 2.5).enumerated().map {
          (text: $0.element, point: $0.offset == 0 ? entry.point : "")
        }
      }
  }

  private func headMm(_ panel: LayersLayout.Panel) -> Double {
    headLines(panel).reduce(0) { $0 + ($1.point == nil ? TextStyle.label : .small).lineMm }
  }

  private func head(
    of panel: LayersLayout.Panel, leftMm: Double, topMm: Double, on canvas: inout Canvas
  ) {
    var y = topMm
    for (text, point) in headLines(panel) {
      let style = point == nil ? TextStyle.label : TextStyle.small
      let middle = y + style.lineMm / 2
      if let point, !point.isEmpty { canvas.mark(point, xMm: leftMm + 0.75, yMm: middle) }
      canvas.text(
        text, style, at: .init(xMm: leftMm + (point == nil ? 0 : 2.5), yMm: middle))
      y += style.lineMm
    }
  }

  // MARK: - Axes

  private func belowMm(isLast: Bool) -> Double {
    let wordMm = layout.wordsMm.map { TextStyle.small.widthMm($0.word) }.max() ?? 0
    let ticksMm = 3.4 + (isLast ? TextStyle.label.lineMm : 1.2)
    return layout.areWordsUpright ? max(wordMm + 1.8, ticksMm) : ticksMm
  }

  /// Writes what stands beside the axes.
  private func names(
    _ area: Canvas.Area, isFirst: Bool, isLast: Bool, on canvas: inout Canvas
  ) {
    if isFirst {
      canvas.text(
        "\(figure.metric) (%)", .label,
        at: .init(
          xMm: area.leftMm - LayersLayout.scaleMm + 1.6, yMm: area.topMm + area.heightMm / 2,
          alignment: .center, angle: 90))
    }
    if isLast {
      let middle = (layout.xMm(.layer(layout.layers)) + layout.stepMm / 2) / 2
      canvas.text(
        "Layer", .label,
        at: .init(
          xMm: area.leftMm + middle, yMm: area.bottomMm + 3.4 + TextStyle.label.lineMm / 2,
          alignment: .center))
    }
    for (word, _) in layout.wordsMm {
      let x = area.leftMm + layout.xMm(.word(word))
      canvas.text(
        word, .small,
        at: layout.areWordsUpright
          ? .init(xMm: x, yMm: area.bottomMm + 1, alignment: .right, angle: 90)
          : .init(
            xMm: x, yMm: area.bottomMm + 0.9 + TextStyle.small.lineMm / 2, alignment: .center))
    }
  }

  private func axes(
    _ area: Canvas.Area, of panel: LayersLayout.Panel, on canvas: inout Canvas
  ) {
    canvas.place(area)
    let range = range
    canvas.add("set xrange [0:\(Canvas.mm(layout.widthMm))]")
    canvas.add("set yrange [\(Figure.number(range.lowerBound)):\(Figure.number(range.upperBound))]")
    canvas.add("set border 3 lw 0.75; unset tics; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1")
    canvas.add("set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'")
    let numbered = Set(layout.numbered)
    let ticks = (0...layout.layers).map { layer in
      let label = numbered.contains(layer) ? "\(layer)" : ""
      return "'\(label)' \(Canvas.mm(layout.xMm(.layer(layer))))"
    }
    canvas.add(
      "set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (\(ticks.joined(separator: ", ")))")
    if !layout.wordsMm.isEmpty {
      canvas.add(
        "set object rectangle from first \(Canvas.mm(layout.wordsLeftMm)), graph 0 to graph 1, "
          + "graph 1 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder")
    }
    // The legend says which line has which level, where they differ.
    let levels = Set(panel.lines.flatMap { $0.line.shown.map { Figure.number(100 * $0.chance) } })
    for level in levels.sorted() {
      canvas.add(
        "set arrow from graph 0, first \(level) to graph 1, first \(level) nohead "
          + Self.chanceLine)
    }
  }

  /// The range of all panels' scores, their bars and chance with some air.
  private var range: ClosedRange<Double> {
    let reach = figure.values.flatMap { value in
      [value.mean, value.chance].filter(\.isFinite)
        + (value.interval.map { [$0.low, $0.high] } ?? [])
    }
    let low = 100 * (reach.min() ?? 0)
    let high = 100 * (reach.max() ?? 1)
    let air = max(0.05 * (high - low), 1)
    return max(low - air, min(low, 0))...min(high + air, max(high, 100))
  }

  // MARK: - Marks

  private func plot(_ panel: LayersLayout.Panel, number: Int, on canvas: inout Canvas) {
    var layers = [Canvas.emptyLayer]
    for index in panel.lines.indices {
      let marks = LineMarks(
        panel.lines[index], name: "\(number)-\(index + 1)", of: panel.title, in: layout,
        shiftMm: (Double(index) - Double(panel.lines.count - 1) / 2) * layout.dodgeMm)
      layers += self.layers(of: marks, on: &canvas)
    }
    canvas.plot(layers)
  }

  /// Half the width of a bar's caps.
  private var capMm: Double { min(0.5, 0.4 * layout.dodgeMm) }

  private func layers(of marks: LineMarks, on canvas: inout Canvas) -> [String] {
    let color = Palette.mark(marks.mark).color
    var layers: [String] = []
    for (block, isJoined) in [(marks.curve, true), (marks.words, false)]
    where block.rows.contains(where: { $0[LineMarks.percent].isFinite }) {
      let name = canvas.add(block)
      let dots = block.using("{x_mm}:{percent}")
      if isJoined {
        layers.append("\(name) using \(dots) with lines linewidth 0.6 linecolor rgb '\(color)'")
      }
      // gnuplot clears a disk around the middle of its error bars, over the other lines' marks. Without an
      // interval a bar of no length would look like a very narrow one.
      let bars = block.using("{x_mm}:{low}:(0):(${low} < ${high} ? ${high} - ${low} : NaN)")
      layers.append(
        "\(name) using \(bars) with vectors heads size first \(Canvas.mm(capMm)),90 linewidth 1 "
          + "linecolor rgb '\(color)'")
      layers.append("\(name) using \(dots) with points \(Self.point(marks.mark))")
    }
    if !marks.chosen.rows.isEmpty {
      let using = marks.chosen.using("{x_mm}:{percent}")
      layers.append(
        "\(canvas.add(marks.chosen)) using \(using) with points \(Self.ring) linecolor rgb '\(color)'"
      )
    }
    if !marks.missing.rows.isEmpty {
      let range = range
      let edge = range.lowerBound + 0.03 * (range.upperBound - range.lowerBound)
      let using = marks.missing.using("{x_mm}:(\(Figure.number(edge))):('–')")
      layers.append(
        "\(canvas.add(marks.missing)) using \(using) with labels font ',6' textcolor rgb '\(color)' "
          + "noenhanced")
    }
    return layers
  }
}

/// The numbers of a line as blocks of the data file.
private struct LineMarks {
  let mark: Int
  /// The layers from low to high; without a result NaN, so that the line has a gap there.
  var curve: Figure.Block
  var words: Figure.Block
  var chosen: Figure.Block
  var missing: Figure.Block

  private static let columns = ["layer", "x_mm", "percent", "low", "high", "networks", "chance"]
  /// The position of the score among the columns.
  static let percent = 2

  init(
    _ line: LayersLayout.Line, name: String, of title: String, in layout: LayersLayout,
    shiftMm: Double
  ) {
    mark = line.mark
    curve = Figure.Block("layers\(name)", columns: Self.columns)
    words = Figure.Block("words\(name)", columns: Self.columns)
    chosen = Figure.Block("chosen\(name)", columns: ["x_mm", "percent"])
    missing = Figure.Block("missing\(name)", columns: ["x_mm"])
    let start = title.isEmpty ? line.line.name : "\(title), \(line.line.name)"
    for point in line.line.points.sorted(by: { layout.xMm($0.place) < layout.xMm($1.place) }) {
      let x = layout.xMm(point.place) + shiftMm
      let remark = "\(start): \(point.place.text)"
      let value = point.value.flatMap { $0.mean.isFinite ? $0 : nil }
      let row = Self.row(value, at: point.place, xMm: x)
      if case .layer = point.place {
        curve.append(row, remark)
      } else if value != nil {
        words.append(row, remark)
      }
      if let value {
        if point.isChosen { chosen.append([x, 100 * value.mean], remark) }
      } else {
        missing.append([x], remark)
      }
    }
  }

  private static func row(
    _ value: PlottedValue?, at place: LayersFigure.Place, xMm: Double
  ) -> [Double] {
    var layer = Double.nan
    if case .layer(let number) = place { layer = Double(number) }
    guard let value else { return [layer, xMm, .nan, .nan, .nan, 0, .nan] }
    let ends = value.interval.map { [$0.low, $0.high] } ?? [value.mean, value.mean]
    return [layer, xMm, 100 * value.mean] + ends.map { 100 * $0 }
      + [Double(value.networks), 100 * value.chance]
  }
}

extension LayersFigure.Place {
  fileprivate var text: String {
    switch self {
    case .layer(let number): "layer \(number)"
    case .word(let word): word
    }
  }
}
