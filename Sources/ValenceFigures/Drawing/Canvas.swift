import Foundation
import ValenceCore

/// A figure in the making: text placed in millimeters from the top left, plots, data blocks.
///
/// gnuplot lays out text by the fonts of its terminal, so the same script would look different as PDF,
/// SVG and PNG. Here every text and plot gets its place in millimeters, and gnuplot only draws. Text
/// flows down from the top; the height of the figure is where the flow ends.
struct Canvas {
  enum Alignment: String { case left, center, right }

  /// The place of a text: its anchor, its alignment, its angle in degrees.
  struct Placement {
    var xMm: Double
    var yMm: Double
    var alignment = Alignment.left
    var angle = 0
  }

  /// The rectangle between a plot's axes.
  struct Area {
    var leftMm: Double
    var topMm: Double
    var widthMm: Double
    var heightMm: Double
    var rightMm: Double { leftMm + widthMm }
    var bottomMm: Double { topMm + heightMm }
  }

  /// A line or point style of gnuplot and its meaning.
  struct LegendEntry {
    var text: String
    var line: String?
    var point: String?
  }

  let widthMm: Double
  /// The lower end of the part of the figure that is in use.
  var yMm = marginMm
  /// Labels come before any plot: gnuplot draws with a plot what was set by then.
  private var texts: [String] = []
  private var commands: [String] = []
  private var blocks: [Figure.Block] = []
  private var plots = 0

  /// The white rim.
  static let marginMm = 1.5
  private static let gapMm = 1.2

  init(_ column: FigureOptions.Column) { widthMm = column.widthMm }

  var innerWidthMm: Double { widthMm - 2 * Self.marginMm }

  mutating func add(_ command: String) { commands.append(command) }

  /// Adds a block of numbers and returns how the script names it.
  mutating func add(_ block: Figure.Block) -> String {
    precondition(!blocks.contains { $0.name == block.name }, "two blocks \(block.name)")
    blocks.append(block)
    return "data index '\(block.name):'"
  }

  /// Writes one line of text, its middle at the height of `place`.
  mutating func text(_ text: String, _ style: TextStyle, at place: Placement) {
    let content = style.isBold ? GnuplotText.quotedBold(text) : GnuplotText.quoted(text)
    let position = "screen x(\(Self.mm(place.xMm))), screen y(\(Self.mm(place.yMm)))"
    let angle = place.angle == 0 ? "" : " rotate by \(place.angle)"
    let font = "font ',\(Figure.number(style.points))' textcolor rgb '\(style.color)'"
    let mode = style.isBold ? "enhanced" : "noenhanced"
    texts.append(
      "set label \(content) at \(position) \(place.alignment)\(angle) \(font) \(mode) front")
  }

  /// Writes lines of text below each other, together centered on the height of `place`.
  mutating func text(_ lines: [(String, TextStyle)], centeredAt place: Placement) {
    var line = place
    line.yMm -= lines.reduce(0) { $0 + $1.1.lineMm } / 2
    for (content, style) in lines {
      line.yMm += style.lineMm / 2
      text(content, style, at: line)
      line.yMm += style.lineMm / 2
    }
  }

  /// Draws a point outside of any plot.
  mutating func mark(_ point: String, xMm: Double, yMm: Double) {
    texts.append(
      "set label '' at screen x(\(Self.mm(xMm))), screen y(\(Self.mm(yMm))) point \(point)")
  }

  /// Writes a paragraph over the whole width and moves the flow below it.
  mutating func paragraph(_ content: String, _ style: TextStyle) {
    guard !content.isEmpty else { return }
    for line in style.wrapped(content, widthMm: innerWidthMm) {
      text(line, style, at: Placement(xMm: Self.marginMm, yMm: yMm + style.lineMm / 2))
      yMm += style.lineMm
    }
  }

  /// Writes the title and the lines that belong to it.
  mutating func header(_ title: String, _ details: [String]) {
    paragraph(title, .title)
    for detail in details { paragraph(detail, .label) }
    yMm += Self.gapMm
  }

  /// Writes what a reader must know to read the figure, a paragraph each.
  ///
  /// Paragraphs that would make the figure longer than a page are left to the summary, which has them all.
  mutating func caption(_ paragraphs: [String]) {
    yMm += Self.gapMm
    var lines = 0
    for (index, content) in paragraphs.enumerated() {
      lines += TextStyle.note.wrapped(content, widthMm: innerWidthMm).count
      if index > 0, lines > Self.mostNoteLines {
        let left = Wording.counted(paragraphs.count - index, "further note")
        return paragraph("\(left): see summary.md.", .note)
      }
      paragraph(content, .note)
    }
  }

  private static let mostNoteLines = 40

  /// Explains marks, each a drawing and its meaning, and moves the flow below them.
  mutating func legend(_ entries: [LegendEntry]) {
    let style = TextStyle.small
    var xMm = Self.marginMm
    for entry in entries {
      let sampleMm = entry.line == nil ? 1.5 : 5.2
      let lines = style.wrapped(entry.text, widthMm: innerWidthMm - sampleMm - 1)
      let width = sampleMm + 1 + (lines.map(style.widthMm).max() ?? 0)
      if xMm > Self.marginMm, xMm + width > widthMm - Self.marginMm {
        xMm = Self.marginMm
        yMm += style.lineMm
      }
      let middle = "screen y(\(Self.mm(yMm + style.lineMm / 2)))"
      if let line = entry.line {
        texts.append(
          "set arrow from screen x(\(Self.mm(xMm))), \(middle) to "
            + "screen x(\(Self.mm(xMm + sampleMm))), \(middle) nohead \(line)")
      }
      if let point = entry.point {
        mark(point, xMm: xMm + sampleMm / 2, yMm: yMm + style.lineMm / 2)
      }
      for (index, line) in lines.enumerated() {
        if index > 0 { yMm += style.lineMm }
        text(line, style, at: Placement(xMm: xMm + sampleMm + 1, yMm: yMm + style.lineMm / 2))
      }
      xMm += width + 3
    }
    if !entries.isEmpty { yMm += style.lineMm }
  }

  /// Puts the axes of the next plot on a rectangle.
  ///
  /// Margins "at screen" are exact; without them gnuplot makes room for its own labels and moves the axes.
  mutating func place(_ area: Area) {
    add("set lmargin at screen x(\(Self.mm(area.leftMm)))")
    add("set rmargin at screen x(\(Self.mm(area.rightMm)))")
    add("set tmargin at screen y(\(Self.mm(area.topMm)))")
    add("set bmargin at screen y(\(Self.mm(area.bottomMm)))")
  }

  /// A layer without a visible point, for plots that may have no other.
  ///
  /// gnuplot refuses a plot in which it finds no point at all. This one is far outside of any axis.
  static let emptyLayer = "'+' every ::0::0 using (-1e9):(-1e9) with dots"

  /// Adds a block of rows without a value and returns the layer that draws a dash for each, at the lower end
  /// of the horizontal range.
  mutating func dashes(
    _ block: Figure.Block, row: String, range: ClosedRange<Double>, color: String
  ) -> String {
    let edge = Figure.number(range.lowerBound + 0.02 * (range.upperBound - range.lowerBound))
    let using = block.using("(\(edge)):{\(row)}:('–')")
    return "\(add(block)) using \(using) with labels font ',6' textcolor rgb '\(color)' noenhanced"
  }

  /// Plots layers on top of each other, the first at the bottom, and clears the labels, arrows and
  /// objects of this plot.
  mutating func plot(_ layers: [String]) {
    add("plot " + layers.joined(separator: ", \\\n  "))
    add("unset label; unset arrow; unset object")
    plots += 1
  }

  /// The finished figure.
  func figure(named name: String) -> Figure {
    let start =
      ["unset key", "unset colorbox", "set format '%g'"] + (plots > 1 ? ["set multiplot"] : [])
    let end = plots > 1 ? ["unset multiplot"] : []
    return Figure(
      name: name, widthMm: widthMm, heightMm: ((yMm + Self.marginMm) * 10).rounded(.up) / 10,
      commands: (start + texts + commands + end).joined(separator: "\n"), blocks: blocks)
  }

  /// Hundredths of a millimeter are finer than any printer.
  static func mm(_ value: Double) -> String { Figure.number((value * 100).rounded() / 100) }
}
