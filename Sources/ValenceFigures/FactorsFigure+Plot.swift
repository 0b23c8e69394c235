/// The rows and the marks of the plot.
extension FactorsFigure {
  /// The positions of the rows, in millimeters below the top of the plot.
  struct RowLayout {
    let names: [[(String, TextStyle)]]
    let levels: [[[String]]]
    let nameMm: Double
    let levelMm: Double
    let rowMm: Double
    /// The top of each factor's group, and the bottom of the last.
    let edgesMm: [Double]

    var heightMm: Double { edgesMm.last ?? 0 }

    private static let widestName = 0.22
    private static let widestLevel = 0.22

    init(_ figure: FactorsFigure, widthMm: Double) {
      let (bold, small) = (TextStyle(points: 6, isBold: true), TextStyle.small)
      names = figure.factors.map { factor in
        bold.wrapped(factor.name, widthMm: widthMm * Self.widestName, lines: 2).map { ($0, bold) }
          + TextStyle.note.wrapped(
            "base: \(factor.base)", widthMm: widthMm * Self.widestName, lines: 2
          ).map { ($0, .note) }
      }
      levels = figure.factors.map { factor in
        factor.levels.map {
          small.wrapped($0, widthMm: widthMm * Self.widestLevel, lines: 2)
        }
      }
      nameMm = names.joined().map { $0.1.widthMm($0.0) }.max() ?? 0
      levelMm = levels.joined().joined().map(small.widthMm).max() ?? 0
      let lines = Double(levels.joined().map(\.count).max() ?? 1)
      let rowMm = max(lines * small.lineMm + 0.7, Double(figure.series.count) * 1.8 + 1.2, 3.6)
      self.rowMm = rowMm
      edgesMm = zip(names, levels).reduce(into: [0]) { edges, group in
        let nameMm = group.0.reduce(0) { $0 + $1.1.lineMm } + 0.8
        edges.append((edges.last ?? 0) + max(Double(group.1.count) * rowMm, nameMm))
      }
    }

    /// The middle of a level's row.
    func middleMm(_ factor: Int, _ level: Int) -> Double {
      let groupMm = edgesMm[factor + 1] - edgesMm[factor]
      let step = groupMm / Double(max(levels[factor].count, 1))
      return edgesMm[factor] + (Double(level) + 0.5) * step
    }

    func draw(on canvas: inout Canvas, area: Canvas.Area) {
      for factor in names.indices {
        let middle = area.topMm + (edgesMm[factor] + edgesMm[factor + 1]) / 2
        canvas.text(names[factor], centeredAt: .init(xMm: Canvas.marginMm, yMm: middle))
        for (level, lines) in levels[factor].enumerated() {
          canvas.text(
            lines.map { ($0, .small) },
            centeredAt: .init(
              xMm: area.leftMm - 1.2, yMm: area.topMm + middleMm(factor, level),
              alignment: .right))
        }
      }
    }
  }

  /// The range of the differences and their bars with some air; the base is always in it.
  private var range: ClosedRange<Double> {
    let reach =
      shown.flatMap { effect -> [Double] in
        [effect.difference] + effect.parts.filter(\.isFinite)
          + (effect.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
      } + [0]
    let (low, high) = (100 * (reach.min() ?? 0), 100 * (reach.max() ?? 0))
    let air = max(0.06 * (high - low), 0.5)
    return low - air...high + air
  }

  func plot(on canvas: inout Canvas, area: Canvas.Area, rows: RowLayout) {
    canvas.place(area)
    let range = range
    canvas.add("set xrange [\(Figure.number(range.lowerBound)):\(Figure.number(range.upperBound))]")
    canvas.add("set yrange [\(Figure.number(rows.heightMm)):0]")
    // Caps would look like the ticks of single networks.
    canvas.add("set errorbars 0")
    canvas.add("set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1")
    let ticks = Ticks.round(in: range, atMost: 7).map { value in
      let sign = abs(value) < 1e-9 ? "" : value < 0 ? "−" : "+"
      return "'\(sign)\(Figure.number(abs(value) < 1e-9 ? 0 : abs(value)))' \(Figure.number(value))"
    }
    canvas.add(
      "set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (\(ticks.joined(separator: ", ")))")
    for factor in stride(from: 1, to: factors.count, by: 2) {
      canvas.add(
        "set object rectangle from graph 0, first \(Canvas.mm(rows.edgesMm[factor])) to graph 1, "
          + "first \(Canvas.mm(rows.edgesMm[factor + 1])) behind fillcolor rgb '#f2f2f2' "
          + "fillstyle solid noborder")
    }
    canvas.add("set arrow from 0, graph 0 to 0, graph 1 nohead \(Self.baseLine)")
    var layers = [Canvas.emptyLayer]
    for index in series.indices { layers += self.layers(of: index, on: &canvas, rows: rows) }
    canvas.plot(layers)
  }

  private func layers(of index: Int, on canvas: inout Canvas, rows: RowLayout) -> [String] {
    let series = series[index]
    var effects = Figure.Block(
      "effects\(index + 1)", columns: ["row_mm", "points", "low", "high", "pairs"])
    var parts = Figure.Block("pairs\(index + 1)", columns: ["row_mm", "points"])
    var missing = Figure.Block("missing\(index + 1)", columns: ["row_mm"])
    let shift = (Double(index) - Double(self.series.count - 1) / 2) * 1.8
    for (factor, levels) in series.effects.enumerated() {
      for (level, effect) in levels.enumerated() {
        let known = factors[factor]
        let remark = "\(series.name): \(known.name) \(known.base) → \(known.levels[level])"
        let row = rows.middleMm(factor, level) + shift
        guard let effect, effect.difference.isFinite else {
          missing.append([row], remark)
          continue
        }
        let ends = effect.interval ?? effect.difference...effect.difference
        effects.append(
          [
            row, 100 * effect.difference, 100 * ends.lowerBound, 100 * ends.upperBound,
            Double(effect.parts.count),
          ], remark)
        if effect.parts.count > 1 {
          for part in effect.parts { parts.append([row, 100 * part], remark) }
        }
      }
    }
    let color = Palette.mark(index).color.dropFirst()
    var layers: [String] = []
    if !effects.rows.isEmpty {
      let name = canvas.add(effects)
      let bars = effects.using("{points}:{row_mm}:{low}:{high}")
      layers.append(
        "\(name) using \(bars) with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#\(color)'")
      if !parts.rows.isEmpty {
        // A tick is a vector up and down from its row: no point type is a plain stroke in print.
        let ticks = parts.using("{points}:(${row_mm} - 0.55):(0):(1.1)")
        layers.append(
          "\(canvas.add(parts)) using \(ticks) with vectors nohead linewidth 0.7 "
            + "linecolor rgb '#30\(color)'")
      }
      layers.append(
        "\(name) using \(effects.using("{points}:{row_mm}")) with points \(Self.point(index))")
    }
    if !missing.rows.isEmpty {
      layers.append(canvas.dashes(missing, row: "row_mm", range: range, color: "#\(color)"))
    }
    return layers
  }
}
