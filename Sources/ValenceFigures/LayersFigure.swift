import ValenceCore

/// Scores by the layer of a frozen encoder: dots with error bars, a line for each corpus or setting.
package struct LayersFigure: Hashable, Sendable {
  /// The part of an encoder that features are read from.
  package enum Place: Hashable, Sendable {
    /// What leaves a layer; 0 is what the first one reads.
    case layer(Int)
    /// One of `LayersFigure.words`: drawn apart from the layers.
    case word(String)
  }

  /// The score of one variant.
  package struct Point: Hashable, Sendable {
    package var place: Place
    /// Nil where there is no result.
    package var value: PlottedValue?
    /// Whether validation chooses this variant.
    package var isChosen: Bool

    /// Notes a score; see the properties.
    package init(_ place: Place, _ value: PlottedValue?, isChosen: Bool = false) {
      self.place = place
      self.value = value
      self.isChosen = isChosen
    }
  }

  /// The scores of variants that differ in the layer alone.
  package struct Line: Hashable, Sendable {
    /// What tells it apart: the corpora, such as `ravdess → emovo`, or settings, such as `fusion=late`.
    package var name: String
    /// The test set, for example `N = 672, 24 speakers`; empty where the panel says it, or where it is not
    /// the same for all.
    package var tested: String
    /// In any order, each place once.
    package var points: [Point]

    /// Gathers a line; see the properties.
    package init(name: String, tested: String, points: [Point]) {
      self.name = name
      self.tested = tested
      self.points = points
    }
  }

  /// Lines that are compared with each other.
  package struct Panel: Hashable, Sendable {
    /// The corpora, if they are the same for all lines; else empty.
    package var title: String
    package var lines: [Line]

    /// Gathers lines; see the properties.
    package init(title: String, lines: [Line]) {
      self.title = title
      self.lines = lines
    }
  }

  /// The words for features of several layers or of the end, and what they mean, in the figure's order.
  package static let words: [(word: String, meaning: String)] = [
    ("last", "behind all layers and any final norm"), ("mean", "average of all layers, 0 included"),
    ("weighted", "sum of all layers, 0 included, by learned weights"),
    ("nested", "chosen by inner folds of the training speakers"),
  ]

  /// The stem of the files' names.
  package var name: String
  /// The question of the experiment.
  package var title: String
  /// The score's name, for example `UAR`.
  package var metric = "UAR"
  /// What the scored models are called.
  package var models = ModelNoun.network
  /// The number of the encoder's layers; of several encoders, of the deepest.
  package var layers: Int
  /// The panels from top to bottom.
  package var panels: [Panel]
  /// The kind of the bars, for example `95 % interval over test speakers`.
  package var interval: String
  /// The encoders, a sentence each.
  package var encoders: [String] = []
  /// Notes on the results, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  package init(name: String, title: String, layers: Int, panels: [Panel], interval: String) {
    self.name = name
    self.title = title
    self.layers = layers
    self.panels = panels
    self.interval = interval
  }

  /// Draws the layers from left to right, the score upwards; several figures where panels fill more than a
  /// page.
  package func figures(_ options: FigureOptions) -> [Figure] {
    let layout = LayersLayout(self, options.column)
    return layout.pages.enumerated().map { number, page in
      drawn(page, layout, options, name: number == 0 ? name : "\(name)-\(number + 1)")
    }
  }

  private func drawn(
    _ page: [LayersLayout.Panel], _ layout: LayersLayout, _ options: FigureOptions, name: String
  ) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["\(metric) by layer of the encoder"])
    canvas.legend(legend(page, layout))
    canvas.yMm += 1
    let columns = layout.columns
    for start in stride(from: 0, to: page.count, by: columns) {
      let row = Array(page[start..<min(start + columns, page.count)])
      LayersPlot(figure: self, layout: layout).draw(row, from: start, of: page.count, on: &canvas)
    }
    canvas.caption([encoders.joined(separator: " "), caption].filter { !$0.isEmpty } + notes)
    return canvas.figure(named: name)
  }

  /// The lines of all panels, if they are the same everywhere, and the marks that all panels have.
  private func legend(_ page: [LayersLayout.Panel], _ layout: LayersLayout) -> [Canvas.LegendEntry]
  {
    let lines = layout.hasOneLegend ? page.first.map { entries($0) } ?? [] : []
    let chance = hasOneChance ? "chance \(PlottedValue.chanceText(values))" : "chance"
    return lines
      + (points.contains { $0.isChosen && $0.value != nil } ? [LayersPlot.chosenEntry] : [])
      + [Canvas.LegendEntry(text: chance, line: LayersPlot.chanceLine)]
  }

  /// What each line of a panel is.
  func entries(_ panel: LayersLayout.Panel) -> [Canvas.LegendEntry] {
    panel.lines.map { line in
      let isOwn = panel.title.isEmpty && !hasOneChance
      let chance = isOwn ? "chance \(PlottedValue.chanceText(line.line.shown))" : ""
      let facts = [line.line.tested, chance].filter { !$0.isEmpty }.joined(separator: ", ")
      return Canvas.LegendEntry(
        text: facts.isEmpty ? line.line.name : "\(line.line.name) (\(facts))",
        point: LayersPlot.point(line.mark))
    }
  }

  /// The corpora of a panel, with their chance where panels differ in it.
  func heading(_ panel: LayersLayout.Panel) -> String {
    guard !panel.title.isEmpty, !hasOneChance else { return panel.title }
    let chance = PlottedValue.chanceText(panel.lines.flatMap { $0.line.shown })
    return "\(panel.title), chance \(chance)"
  }

  private var points: [Point] { panels.flatMap { $0.lines.flatMap(\.points) } }

  /// The scores that there are numbers for.
  var values: [PlottedValue] { panels.flatMap { $0.lines.flatMap(\.shown) } }

  /// Whether the chance level is the same everywhere, as the figure shows it.
  var hasOneChance: Bool { Set(values.map { NumberText.percent($0.chance) }).count < 2 }

  private var caption: String {
    let networks = values.map(\.networks)
    var text = "Dots: mean"
    if values.contains(where: { $0.interval != nil }) {
      text += "; bars: \(interval)"
    }
    if !networks.isEmpty {
      text +=
        "; n = \(NumberText.range(networks)) \(models.plural)\(Set(networks).count == 1 ? " each" : "")"
    }
    text += "."
    if values.contains(where: { $0.interval != nil }) {
      text += " Bars are of single scores: layers whose bars overlap may differ all the same."
    }
    if values.contains(where: { $0.interval == nil }) { text += " No bar: no interval." }
    if values.count < points.count { text += " Dash: no result." }
    let places = Set(points.map(\.place))
    var meanings = places.contains(.layer(0)) ? ["0: what the first layer reads"] : []
    meanings += Self.words.filter { places.contains(.word($0.word)) }.map {
      "\($0.word): \($0.meaning)"
    }
    return meanings.isEmpty ? text : "\(text) Layer \(meanings.joined(separator: "; "))."
  }
}

extension LayersFigure.Line {
  /// The scores that there are numbers for.
  var shown: [PlottedValue] { points.compactMap(\.value).filter(\.mean.isFinite) }
}
