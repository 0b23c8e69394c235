import Foundation

/// A figure in the making: text placed in millimeters from the top left, plots, data blocks.
///
/// Text flows down from the top; the height of the figure is where the flow ends.
struct Canvas {
  enum Alignment: String { case left, center, right }

  /// Where a text stands: its anchor, its alignment, its angle in degrees.
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

  let widthMm: Double
  /// How far down the figure is in use.
  var yMm = marginMm
  private var commands = ["unset key"]
  private var blocks: [Figure.Block] = []

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
    add("set label \(content) at \(position) \(place.alignment)\(angle) \(font) \(mode) front")
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
  mutating func caption(_ paragraphs: [String]) {
    yMm += Self.gapMm
    for content in paragraphs { paragraph(content, .note) }
  }

  /// Puts the axes of the next plot on a rectangle.
  mutating func place(_ area: Area) {
    add("set lmargin at screen x(\(Self.mm(area.leftMm)))")
    add("set rmargin at screen x(\(Self.mm(area.rightMm)))")
    add("set tmargin at screen y(\(Self.mm(area.topMm)))")
    add("set bmargin at screen y(\(Self.mm(area.bottomMm)))")
  }

  /// Plots layers on top of each other, the first at the bottom.
  mutating func plot(_ layers: [String]) {
    add("plot " + layers.joined(separator: ", \\\n  "))
  }

  /// The finished figure.
  func figure(named name: String) -> Figure {
    Figure(
      name: name, widthMm: widthMm, heightMm: (yMm + Self.marginMm).rounded(.up),
      commands: commands.joined(separator: "\n"), blocks: blocks)
  }

  /// Hundredths of a millimeter are finer than any printer.
  static func mm(_ value: Double) -> String { Figure.number((value * 100).rounded() / 100) }
}
