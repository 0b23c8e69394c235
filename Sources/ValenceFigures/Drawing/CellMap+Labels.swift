/// The names of a map's rows and columns.
extension CellMap {
  func drawRowLabels(
    on canvas: inout Canvas, area: Canvas.Area, cellMm: Double, style: TextStyle
  ) {
    for (index, row) in rows.enumerated() {
      // Names of many small rows would run into each other.
      let room = 2 * style.lineMm * 0.9 <= cellMm ? 2 : 1
      var lines = style.wrapped(row.name, widthMm: Self.longestNameMm, lines: room)
        .map { ($0, style) }
      for note in row.notes {
        let heightMm = lines.reduce(TextStyle.note.lineMm) { $0 + $1.1.lineMm }
        if heightMm * 0.9 <= cellMm { lines.append((note, .note)) }
      }
      canvas.text(
        lines,
        centeredAt: .init(
          xMm: area.leftMm - Self.gapMm, yMm: area.topMm + (Double(index) + 0.5) * cellMm,
          alignment: .right))
    }
  }

  /// Writes names and notes level where all fit their columns; else the names are turned, and the
  /// notes follow them in brackets if they do not fit alone.
  func drawColumnLabels(on canvas: inout Canvas, area: Canvas.Area, cellMm: Double) {
    let names = columns.map(\.name)
    let notes = columns.map { $0.notes.joined(separator: ", ") }
    let noteLines = columns.map(\.notes.count).max() ?? 0
    let roomMm = cellMm - 0.6
    let namesFit = names.allSatisfy { TextStyle.label.widthMm($0) <= roomMm }
    let notesFit = columns.allSatisfy { column in
      column.notes.allSatisfy { TextStyle.note.widthMm($0) <= roomMm }
    }
    let hasNotes = noteLines > 0
    let centers = columns.indices.map { area.leftMm + (Double($0) + 0.5) * cellMm }
    canvas.yMm += 0.8
    if namesFit, notesFit { level(names, .label, centers, on: &canvas) }
    for line in 0..<noteLines where notesFit {
      let texts = columns.map { line < $0.notes.count ? $0.notes[line] : "" }
      level(texts, .note, centers, on: &canvas)
    }
    if namesFit, notesFit { return }
    if hasNotes, notesFit { canvas.yMm += 0.6 }
    turned(names, hasNotes && !notesFit ? notes : names.map { _ in "" }, centers, on: &canvas)
  }

  private func level(
    _ texts: [String], _ style: TextStyle, _ centers: [Double], on canvas: inout Canvas
  ) {
    for (text, center) in zip(texts, centers) where !text.isEmpty {
      canvas.text(
        text, style,
        at: .init(xMm: center, yMm: canvas.yMm + style.lineMm / 2, alignment: .center))
    }
    canvas.yMm += style.lineMm
  }

  /// Slanted, or vertical where a slanted name would leave the page at the left.
  ///
  /// Of a name that is too long its middle goes; its notes are numbers, of which none may go.
  private func turned(
    _ texts: [String], _ notes: [String], _ centers: [Double], on canvas: inout Canvas
  ) {
    let style = TextStyle.label
    let names = zip(texts, notes).map { text, note -> String in
      let whole = note.isEmpty ? "" : " (\(note))"
      let roomMm = max(Self.longestNameMm + 10 - style.widthMm(whole), Self.shortestNameMm)
      return style.wrapped(text, widthMm: roomMm, lines: 1)[0] + whole
    }
    let widths = names.map(style.widthMm)
    let slant = 0.5.squareRoot()
    let isSlanted = zip(widths, centers).allSatisfy { $1 - $0 * slant >= Canvas.marginMm }
    let riseMm = isSlanted ? style.lineMm * slant : 0
    for (name, center) in zip(names, centers) {
      canvas.text(
        name, style,
        at: .init(
          xMm: center, yMm: canvas.yMm + riseMm / 2, alignment: .right,
          angle: isSlanted ? 45 : 90))
    }
    canvas.yMm += (widths.max() ?? 0) * (isSlanted ? slant : 1) + max(riseMm, 0.6)
  }
}
