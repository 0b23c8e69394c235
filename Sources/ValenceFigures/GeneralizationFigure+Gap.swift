import ValenceCore

extension GeneralizationFigure {
  /// Draws each score minus the score within the same test corpus, in percentage points.
  ///
  /// Only cells that score the same utterances are compared, so a gap is one between trainings.
  package func gapFigure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["Gap in \(metric) to training within the test corpus"])
    let compared = present.compactMap { entry in
      reference(entry).map { (entry, entry.cell.value.mean - $0.value.mean) }
    }
    let signs = Footnotes(compared.map(\.0.cell.notes))
    let widest = max(compared.map { abs(100 * $0.1) }.max() ?? 0, 1)
    var block = Figure.Block("cells", columns: ["test", "train", "gap", "within", "text"])
    for (entry, gap) in compared {
      let mean = entry.cell.value.mean
      let text = entry.cell.isWithin ? "(\(NumberText.percent(mean)))" : NumberText.points(gap)
      block.append(
        [
          Double(entry.column), Double(entry.row), 100 * gap,
          entry.cell.isWithin ? 100 * mean : .nan,
        ], texts: [text + signs.signs(of: entry.cell.notes)], remark(entry.row, entry.column))
    }
    var map = cellMap(block, .diverging, -widest...widest)
    map.texts = [
      .init(expression: "stringcolumn({text})", style: .label, widest: "(99.9)" + signs.widest)
    ]
    map.colorBar = ColorBar(title: "Gap (percentage points)")
    _ = map.draw(on: &canvas)
    var caption =
      "Percentage points of \(metric): the cell minus the framed cell of its column, a difference "
      + "of means. Framed, in brackets: \(metric) within the corpus (%)."
    if compared.count < grid.size {
      caption += " Hatched: no result, or none within the corpus on the same utterances."
    }
    canvas.caption([caption] + signs.sentences)
    return canvas.figure(named: name + "-gap")
  }

  /// The cell within the corpus that a cell is compared with: one that scores the same utterances.
  private func reference(_ entry: PlacedCell) -> Cell? {
    present.first {
      $0.column == entry.column && $0.cell.isWithin
        && $0.cell.tested.set == entry.cell.tested.set
    }?.cell
  }
}
