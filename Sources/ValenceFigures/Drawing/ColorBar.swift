import Foundation

/// The scale of a map's colors, drawn below the map.
struct ColorBar {
  /// The quantity that the colors show, with its unit.
  var title: String
  /// The text at the low end in place of its number.
  var lowText: String?

  private static let heightMm = 2.0
  private static let tickGapMm = 0.4

  /// Sets up the bar for the next plot, as wide as its axes, and moves the flow below it.
  func draw(on canvas: inout Canvas, area: Canvas.Area, range: ClosedRange<Double>) {
    let style = TextStyle.small
    let top = canvas.yMm + 1
    let bottom = top + Self.heightMm
    canvas.add(
      "set colorbox horizontal user origin screen x(\(Canvas.mm(area.leftMm))), "
        + "screen y(\(Canvas.mm(bottom))) size screen \(Canvas.mm(area.widthMm)) / W, "
        + "screen \(Canvas.mm(Self.heightMm)) / H noborder")
    let span = range.upperBound - range.lowerBound
    func place(_ value: Double) -> Double {
      area.leftMm + area.widthMm * (value - range.lowerBound) / span
    }
    let textMm = bottom + Self.tickGapMm + style.lineMm / 2
    var freeFromMm = 0.0
    if let lowText {
      canvas.text(lowText, style, at: .init(xMm: area.leftMm, yMm: textMm))
      freeFromMm = area.leftMm + style.widthMm(lowText) + 1.5
    }
    let ticks = Ticks.round(in: range, atMost: max(2, Int(area.widthMm / 9)))
    var shown: [Double] = lowText == nil ? [] : [range.lowerBound]
    for tick in ticks {
      let text = Figure.number(tick).replacingOccurrences(of: "-", with: "−")
      let half = style.widthMm(text) / 2
      guard place(tick) - half >= freeFromMm, place(tick) + half <= area.rightMm + 4 else {
        continue
      }
      canvas.text(text, style, at: .init(xMm: place(tick), yMm: textMm, alignment: .center))
      shown.append(tick)
      freeFromMm = place(tick) + half + 1
    }
    let marks = shown.map { "'' \(Figure.number($0))" }.joined(separator: ", ")
    canvas.add("set cbtics out scale 0.3 (\(marks))")
    let titleMm = bottom + Self.tickGapMm + style.lineMm * 1.5
    canvas.text(
      title, style,
      at: .init(xMm: area.leftMm + area.widthMm / 2, yMm: titleMm, alignment: .center))
    canvas.yMm = titleMm + style.lineMm / 2
  }
}
