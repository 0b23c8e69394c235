import Foundation

/// A map of square cells with labels at its left and below it, for confusion and generalization matrices.
///
/// Rows run from top to bottom. A cell is colored by its value, hatched where it has none.
struct CellMap {
  /// The name of a row or column, and further lines in small print.
  struct Label {
    var name: String
    var notes: [String] = []
  }

  /// One line of text in every colored cell.
  struct CellText {
    /// A gnuplot expression over the columns of the cells' block, which are named in braces.
    var expression: String
    var style: TextStyle
    /// The widest text that the expression makes.
    var widest: String
  }

  var rows: [Label]
  var columns: [Label]
  var rowTitle: String
  var columnTitle: String
  var palette: Palette
  /// The values at the palette's ends.
  var range: ClosedRange<Double>
  /// `column row value …`; a value of NaN leaves the cell white.
  var cells: Figure.Block
  /// The lines of text in a cell, most important first: where a cell is too small the last go.
  var texts: [CellText]
  /// The scale below the map, if it has one.
  var colorBar: ColorBar?
  /// `column row` of cells without anything to show.
  var missing = Figure.Block("missing", columns: ["column", "row"])
  /// `column row` of cells with a frame.
  var framed = Figure.Block("framed", columns: ["column", "row"])

  private static let titleMm = 3.6
  static let gapMm = 1.0
  static let longestNameMm = 24.0
  /// The least room of a name beside its notes.
  static let shortestNameMm = 14.0
  private static let largestCellMm = 15.0

  /// Draws the map below what the canvas has, and returns how many of `texts` had room.
  func draw(on canvas: inout Canvas) -> Int {
    let nameStyle = rows.count > 10 ? TextStyle.small : .label
    let namesMm = rows.map { widthMm($0, nameStyle) }.max() ?? 0
    let leftMm = Canvas.marginMm + Self.titleMm + min(namesMm, Self.longestNameMm) + Self.gapMm
    let roomMm = canvas.widthMm - Canvas.marginMm - leftMm
    let cellMm = min(Self.largestCellMm, roomMm / Double(columns.count))
    let titleIsLevel = TextStyle.label.widthMm(rowTitle) > cellMm * Double(rows.count)
    if titleIsLevel { canvas.yMm += TextStyle.label.lineMm }
    let area = Canvas.Area(
      leftMm: leftMm + (roomMm - cellMm * Double(columns.count)) / 2, topMm: canvas.yMm,
      widthMm: cellMm * Double(columns.count), heightMm: cellMm * Double(rows.count))
    let shown = shownTexts(cellMm: cellMm)
    drawRowLabels(on: &canvas, area: area, cellMm: cellMm, style: nameStyle)
    canvas.yMm = area.bottomMm
    drawColumnLabels(on: &canvas, area: area, cellMm: cellMm)
    let titlePlace =
      titleIsLevel
      ? Canvas.Placement(
        xMm: area.leftMm - Self.gapMm, yMm: area.topMm - TextStyle.label.lineMm / 2,
        alignment: .right)
      : Canvas.Placement(
        xMm: area.leftMm - Self.gapMm - min(namesMm, Self.longestNameMm) - Self.titleMm / 2,
        yMm: area.topMm + area.heightMm / 2, alignment: .center, angle: 90)
    canvas.text(rowTitle, .label, at: titlePlace)
    canvas.text(
      columnTitle, .label,
      at: .init(
        xMm: area.leftMm + area.widthMm / 2, yMm: canvas.yMm + Self.titleMm / 2,
        alignment: .center))
    canvas.yMm += Self.titleMm
    canvas.add("unset tics")
    if !cells.rows.isEmpty { colorBar?.draw(on: &canvas, area: area, range: range) }
    plot(on: &canvas, area: area, cellMm: cellMm, shown: shown)
    return shown
  }

  func widthMm(_ label: Label, _ style: TextStyle) -> Double {
    max(style.widthMm(label.name), label.notes.map(TextStyle.note.widthMm).max() ?? 0) + 0.1
  }

  private func shownTexts(cellMm: Double) -> Int {
    var heightMm = 0.0
    let roomMm = cellMm - 0.3
    // The first text is drawn in any case, as a cell without its number says nothing.
    for (index, text) in texts.enumerated() {
      heightMm += text.style.lineMm * 0.95
      if index > 0, heightMm > roomMm || text.style.widthMm(text.widest) > roomMm { return index }
    }
    return texts.count
  }

  private func plot(on canvas: inout Canvas, area: Canvas.Area, cellMm: Double, shown: Int) {
    canvas.place(area)
    canvas.add("set xrange [-0.5:\(Double(columns.count) - 0.5)]")
    // Upside down, so that the first row is at the top as in a table.
    canvas.add("set yrange [\(Double(rows.count) - 0.5):-0.5]")
    canvas.add("set border 15 lw 0.5 lc rgb '#808080'")
    canvas.add(palette.command)
    let low = Figure.number(range.lowerBound)
    let high = Figure.number(range.upperBound)
    canvas.add("set cbrange [\(low):\(high)]")
    // gnuplot colors cells by itself but does not tell a color, which the ink of the texts depends on.
    canvas.add(
      "position(v) = v <= \(low) ? 0 : v >= \(high) ? 1 : (v - \(low)) / (1.0 * \(high) - \(low))")
    canvas.add(palette.inkFunction)
    var layers = [Canvas.emptyLayer]
    if !cells.rows.isEmpty {
      let block = canvas.add(cells)
      layers.append(
        "\(block) using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' "
          + "linewidth 0.5 linecolor palette")
      layers += cellTexts(block, cellMm: cellMm, shown: shown)
    }
    if !missing.rows.isEmpty {
      let block = canvas.add(missing)
      layers.append(
        "\(block) using 1:2:(0.5):(0.5) with boxxyerror fillstyle pattern 4 border "
          + "rgb '#b0b0b0' linecolor rgb '#b0b0b0' linewidth 0.5")
      layers.append(
        "\(block) using 1:2:('–') with labels font ',7' textcolor rgb '#000000' noenhanced")
    }
    if !framed.rows.isEmpty {
      layers.append(
        "\(canvas.add(framed)) using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty "
          + "linecolor rgb '#000000' linewidth 2")
    }
    canvas.plot(layers)
  }

  private func cellTexts(_ block: String, cellMm: Double, shown: Int) -> [String] {
    let visible = texts[..<shown].map { text in
      var text = text
      if text.style.widthMm(text.widest) > cellMm - 1.6 { text.style = .small }
      return text
    }
    // The lines are centered in the cell; gnuplot takes shifts in cells, downwards.
    var yMm = -visible.reduce(0) { $0 + $1.style.lineMm } / 2
    return visible.map { text in
      let shift = Figure.number((yMm + text.style.lineMm / 2) / cellMm)
      yMm += text.style.lineMm
      return
        "\(block) using 1:($2 + \(shift)):(\(cells.using(text.expression))):(ink(position($3))) "
        + "with labels font ',\(Figure.number(text.style.points))' textcolor rgb variable noenhanced"
    }
  }
}
