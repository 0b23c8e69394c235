extension GeneralizationFigure {
  /// Draws each score minus the score within the same test corpus, in percentage points.
  ///
  /// All cells of a column score the same utterances, so a gap is one between trainings.
  public func gapFigure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["Gap in \(metric) to training within the test corpus"])
    let compared = present.compactMap { entry in
      reference(entry.column).map { (entry, 100 * (entry.cell.value.mean - $0.value.mean)) }
    }
    let notes = Footnotes(compared.map(\.0.cell.notes))
    let widest = max(compared.map { abs($0.1) }.max() ?? 0, 1)
    var block = Figure.Block("cells", columns: ["test", "train", "gap", "within", "sign"])
    for (entry, gap) in compared {
      let within = entry.cell.isWithin ? 100 * entry.cell.value.mean : .nan
      block.append(
        [
          Double(entry.column), Double(entry.row), gap, within,
          Double(notes.sign(of: entry.cell.notes)),
        ],
        remark(entry.row, entry.column))
    }
    canvas.add(notes.function)
    canvas.add(
      "signed(v) = abs(v) < 0.05 ? '0.0' : (v < 0 ? '−' : '+').sprintf('%.1f', abs(v))")
    var map = cellMap(block, .diverging, -widest...widest)
    map.texts = [
      .init(
        expression: "(valid(4) ? sprintf('(%.1f)', $4) : signed($3)).sign($5)", style: .label,
        widest: "(99.9)" + notes.widest)
    ]
    map.colorBar = ColorBar(title: "Gap (percentage points)")
    _ = map.draw(on: &canvas)
    var caption =
      "Percentage points of \(metric): the cell minus the framed cell of its column, a difference "
      + "of means. Framed, in brackets: \(metric) within the corpus (%)."
    if compared.count < trainings.count * tests.count {
      caption += " Hatched: no result, or none within the corpus to compare with."
    }
    canvas.caption([caption] + notes.sentences)
    return canvas.figure(named: name + "-gap")
  }

  private func reference(_ column: Int) -> Cell? {
    present.first { $0.column == column && $0.cell.isWithin }?.cell
  }
}
