/// The panels of a layer curve on their pages, and the places of the layers along their axes.
struct LayersLayout {
  /// A line with the number of its mark, which it has in every panel.
  struct Line {
    var line: LayersFigure.Line
    var mark: Int
  }

  /// As many lines as can be told apart.
  struct Panel {
    var title: String
    var lines: [Line]
  }

  /// The panels of each page.
  let pages: [[Panel]]
  /// The number of panels beside each other.
  let columns: Int
  /// Whether all panels show lines of the same names.
  let hasOneLegend: Bool
  /// From one side of a panel with its scale to the other.
  let panelMm: Double
  /// The widths of the words' places; upright words are narrower.
  let wordsMm: [(word: String, widthMm: Double)]
  let areWordsUpright: Bool
  /// From one layer to the next.
  let stepMm: Double
  /// The distance of the lines' dots at one layer.
  let dodgeMm: Double
  /// The number of the last layer.
  let layers: Int

  static let scaleMm = 9.5
  static let betweenMm = 3.0
  /// Between the layers and the words.
  private static let apartMm = 2.5
  /// The least distance at which dots and bars of two lines can be told apart.
  private static let leastDodgeMm = 0.6
  private static let mostLines = 4
  private static let rowsOfPage = 4

  init(_ figure: LayersFigure, _ column: FigureOptions.Column) {
    layers = figure.layers
    let innerMm = column.widthMm - 2 * Canvas.marginMm
    let half = Axis(figure, widthMm: (innerMm - Self.betweenMm) / 2 - Self.scaleMm)
    let whole = Axis(figure, widthMm: innerMm - Self.scaleMm - 1)
    let isLone = figure.panels.count == 1 && figure.panels[0].lines.count <= whole.mostLines
    columns = column == .double && !isLone ? 2 : 1
    let axis = columns == 2 ? half : whole
    (panelMm, stepMm) = (axis.widthMm + Self.scaleMm, axis.stepMm)
    (wordsMm, areWordsUpright) = (axis.wordsMm, axis.areWordsUpright)
    var marks: [String: Int] = [:]
    let panels = figure.panels.flatMap { panel in
      let lines = panel.lines.map { line in
        let mark = marks[line.name] ?? marks.count
        marks[line.name] = mark
        return Line(line: line, mark: mark)
      }
      return Self.parts(lines, atMost: axis.mostLines).map { Panel(title: panel.title, lines: $0) }
    }
    hasOneLegend = Set(panels.map { $0.lines.map(\.line.name) }).count < 2
    let most = panels.map(\.lines.count).max() ?? 1
    dodgeMm = min(Self.share * stepMm / Double(max(most, 1)), 1.3)
    let size = Self.rowsOfPage * columns
    pages = stride(from: 0, to: panels.count, by: size).map {
      Array(panels[$0..<min($0 + size, panels.count)])
    }
  }

  /// The share of a layer's place that the lines' dots take.
  private static let share = 0.76

  /// Lines in parts of about equal size.
  private static func parts(_ lines: [Line], atMost most: Int) -> [[Line]] {
    let count = max(1, (lines.count + most - 1) / most)
    return (0..<count).map { part in
      Array(lines[part * lines.count / count..<(part + 1) * lines.count / count])
    }
  }

  /// The middle of a place, from the left end of the axis.
  func xMm(_ place: LayersFigure.Place) -> Double {
    switch place {
    case .layer(let number): return (Double(number) + 0.5) * stepMm
    case .word(let word):
      var left = wordsLeftMm
      for (other, widthMm) in wordsMm {
        if other == word { return left + widthMm / 2 }
        left += widthMm
      }
      return left
    }
  }

  /// The length of the axis.
  var widthMm: Double { panelMm - Self.scaleMm }

  /// Where the words begin.
  var wordsLeftMm: Double { widthMm - wordsMm.reduce(0) { $0 + $1.widthMm } }

  /// The layers with a number at the axis: as many as have room.
  var numbered: [Int] {
    let stride = [1, 2, 3, 4, 6, 8, 12].first { Double($0) * stepMm >= 3.2 } ?? 24
    return Array(Swift.stride(from: 0, through: layers, by: stride))
  }

  /// The division of an axis of some width.
  private struct Axis {
    let widthMm: Double
    let wordsMm: [(word: String, widthMm: Double)]
    let areWordsUpright: Bool
    let stepMm: Double

    init(_ figure: LayersFigure, widthMm: Double) {
      let places = Set(figure.panels.flatMap { $0.lines.flatMap { $0.points.map(\.place) } })
      let words = LayersFigure.words.map(\.word).filter { places.contains(.word($0)) }
      func step(_ widths: [Double]) -> Double {
        let apart = widths.isEmpty ? 0 : LayersLayout.apartMm
        return (widthMm - apart - widths.reduce(0, +)) / Double(figure.layers + 1)
      }
      let level = words.map { TextStyle.small.widthMm($0) + 1.6 }
      let upright = words.map { _ in 3.6 }
      areWordsUpright = step(level) < 3
      let widths = areWordsUpright ? upright : level
      self.widthMm = widthMm
      wordsMm = zip(words, widths).map { (word: $0, widthMm: $1) }
      stepMm = step(widths)
    }

    /// How many lines of dots have room beside each other.
    var mostLines: Int {
      min(
        LayersLayout.mostLines,
        max(1, Int(LayersLayout.share * stepMm / LayersLayout.leastDodgeMm)))
    }
  }
}
